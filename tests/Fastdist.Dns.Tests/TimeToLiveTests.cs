using System;
using System.Linq;
using Xunit;

namespace Fastdist.Dns.Tests;

public class TimeToLiveTests
{
    private const string Question = "1234 8180 0001 0002 0000 0001 0161 00 0001 0001 ";
    private const string Opt = "00 0029 04D0 00008000 0000";

    [Theory]
    [InlineData("00000E10 00000005", 60, "0000003C 00000005")]
    [InlineData("0000003C 0000003D", 60, "0000003C 0000003C")]
    [InlineData("7FFFFFFF 00000000", 0, "00000000 00000000")]
    [InlineData("80000000 FFFFFFFF", 60, "80000000 FFFFFFFF")]
    public void Larger_ones_are_lowered_and_the_OPT_keeps_its_flags(string before, uint most, string after)
    {
        byte[] message = Message(before, Opt);
        TimeToLive.Cap(message, most);
        Assert.Equal(Message(after, Opt), message);
    }

    [Theory]
    [InlineData("00000E10 00000005", 60, "00000E10 0000003C")]
    [InlineData("80000000 00000000", 1, "00000001 00000001")]
    [InlineData("80000000 00000000", 0, "80000000 00000000")]
    [InlineData("00000E10 7FFFFFFF", uint.MaxValue, "7FFFFFFF 7FFFFFFF")]
    public void Smaller_ones_are_raised_and_what_counts_as_zero_is_small(string before, uint least, string after) =>
        Equal(before, after, message => TimeToLive.Raise(message, least));

    [Theory]
    [InlineData("00000E10 00000005", 10, 60, "0000003C 0000000A")]
    [InlineData("00000E10 00000005", 60, 10, "0000000A 0000000A")]
    public void Both_bounds_hold_and_the_upper_one_has_the_last_word(string before, uint least, uint most, string after) =>
        Equal(before, after, message => TimeToLive.Limit(message, least, most, []));

    [Fact]
    public void Only_those_of_the_types_named_are_limited()
    {
        Equal("00000E10 00000005", "0000003C 0000000A", message => TimeToLive.Limit(message, 10, 60, [RecordType.TXT, RecordType.A]));
        Equal("00000E10 00000005", "00000E10 00000005", message => TimeToLive.Limit(message, 10, 60, [RecordType.TXT, RecordType.OPT]));
    }

    [Theory]
    [InlineData("00000E10 00000005", 50, "00000708 00000002")]
    [InlineData("7FFFFFFF 80000000", 99, "7EB851EA 80000000")]
    [InlineData("00000E10 00000005", 0, "00000000 00000000")]
    [InlineData("00000E10 00000005", 100, "00000E10 00000005")]
    [InlineData("00000E10 00000005", 200, "00000E10 00000005")]
    public void A_part_of_each_is_left(string before, uint percent, string after) =>
        Equal(before, after, message => TimeToLive.Reduce(message, percent));

    [Fact]
    public void Nothing_is_raised_or_reduced_in_what_is_signed_or_cut()
    {
        byte[] whole = Message("00000E10 00000005", Opt);
        Stays(Message("00000E10 00000005", "00 00FA 00FF 00000000 0000"));
        for (int length = 0; length < whole.Length; length++)
        {
            Stays(whole[..length]);
        }

        static void Stays(byte[] message)
        {
            byte[] before = [.. message];
            Assert.False(TimeToLive.Raise(message, 60));
            Assert.False(TimeToLive.Limit(message, 60, 70, []));
            Assert.False(TimeToLive.Reduce(message, 50));
            Assert.Equal(before, message);
        }
    }

    [Fact]
    public void A_signed_message_stays_as_it_is()
    {
        byte[] message = Message("00000E10 00000E10", "00 00FA 00FF 00000000 0000");
        byte[] before = [.. message];
        TimeToLive.Cap(message, 60);
        Assert.Equal(before, message);
    }

    [Fact]
    public void Of_a_broken_message_only_what_is_sound_is_touched()
    {
        byte[] message = Message("00000E10 00000E10", Opt);
        for (int length = 0; length < message.Length; length++)
        {
            byte[] cut = message[..length];
            TimeToLive.Cap(cut, 60);
            Assert.Equal(length, cut.Zip(message).Count(pair => pair.First == pair.Second || pair.First is 0 or 60));
        }
    }

    private static void Equal(string before, string after, Func<byte[], bool> edit)
    {
        byte[] message = Message(before, Opt);
        Assert.True(edit(message));
        Assert.Equal(Message(after, Opt), message);
    }

    private static byte[] Message(string ttls, string last)
    {
        string[] each = ttls.Split(' ');
        string records = string.Concat(each.Select(ttl => $"C00C 0001 0001 {ttl} 0004 C0000201"));
        return Convert.FromHexString((Question + records + last).Replace(" ", ""));
    }
}
