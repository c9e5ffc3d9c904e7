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

    private static byte[] Message(string ttls, string last)
    {
        string[] each = ttls.Split(' ');
        string records = string.Concat(each.Select(ttl => $"C00C 0001 0001 {ttl} 0004 C0000201"));
        return Convert.FromHexString((Question + records + last).Replace(" ", ""));
    }
}
