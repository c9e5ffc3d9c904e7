using System;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class HopByHopTests
{
    [Fact]
    public void Padding_goes_and_the_cookie_stays()
    {
        byte[] message = Corpus.Messages["query with cookie, padding and DO"];
        byte[] expected = Corpus.Query(Corpus.ExampleCom, "0001", "00 0029 1000 00008000 000C", Corpus.Cookie);
        Assert.Equal(Hex.Of(expected), Hex.Of(Stripped(message)));
    }

    [Fact]
    public void An_OPT_that_loses_its_last_option_stays()
    {
        byte[] expected = Corpus.Query(Corpus.ExampleCom, "0001", "00 0029 1000 00000000 0000");
        Assert.Equal(Hex.Of(expected), Hex.Of(Stripped(Corpus.Messages["query with keepalive alone"])));
    }

    [Theory]
    [InlineData("0004 000C0000", 4)]
    [InlineData("0005 000C000100", 5)]
    [InlineData("0005 000C0001FF", 5)]
    [InlineData("0008 000B0000 000C0000", 8)]
    [InlineData("0008 000C0000 000C0000", 8)]
    public void Padding_of_any_length_and_content_goes_and_every_copy_of_it(string dataWithLength, int removed)
    {
        byte[] message = Corpus.Query(Corpus.ExampleCom, "0001", "00 0029 1000 00000000" + dataWithLength);
        byte[] expected = Corpus.Query(Corpus.ExampleCom, "0001", "00 0029 1000 00000000 0000");
        Assert.Equal(Hex.Of(expected), Hex.Of(Stripped(message)));
        Assert.Equal(removed, message.Length - expected.Length);
    }

    [Theory, Trait("Row", "D3")]
    [InlineData("answer")]
    [InlineData("answer with padding between options")]
    [InlineData("answer with addresses after its OPT")]
    [InlineData("answer with a name server after its OPT")]
    [InlineData("answer with a pointer into what follows its OPT")]
    public void An_answer_loses_the_same_options_and_states_our_size(string name)
    {
        byte[] message = Corpus.Messages[name];
        byte[] expected = Stripped(message);
        int opt = expected.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0, 0, 41, 4, 0xD0]);
        (expected[opt + 3], expected[opt + 4]) = (0x12, 0x34);
        byte[] restated = [.. message];
        Assert.Equal(Hex.Of(expected), Hex.Of(restated.AsSpan(0, HopByHop.Restate(restated, restated.Length, 0x1234))));
    }

    [Theory, Trait("Row", "D3")]
    [InlineData("answer without EDNS")]
    [InlineData("query with TSIG")]
    [InlineData("query with SIG(0)")]
    [InlineData("query with TSIG before its OPT")]
    [InlineData("query with SIG(0) before its OPT")]
    [InlineData("query with two OPTs")]
    [InlineData("answer with an OPT in its answer section")]
    public void An_answer_that_is_signed_or_has_no_OPT_to_state_it_in_stays_as_it_is(string name)
    {
        byte[] message = Corpus.Messages[name];
        byte[] restated = [.. message];
        Assert.Equal(message.Length, HopByHop.Restate(restated, restated.Length, 0x1234));
        Assert.Equal(Hex.Of(message), Hex.Of(restated));
    }

    [Fact]
    public void Options_between_others_go_from_an_answer()
    {
        byte[] expected = Hex.Bytes(
            "1234 8180 0001 0001 0000 0001", Corpus.ExampleCom, "0001 0001", Corpus.AddressRecord,
            "00 0029 04D0 00008000 0018", Corpus.Cookie, Corpus.Cookie);
        Assert.Equal(Hex.Of(expected), Hex.Of(Stripped(Corpus.Messages["answer with padding between options"])));
    }

    [Fact]
    public void Address_records_after_the_OPT_move_up()
    {
        byte[] expected = Hex.Bytes(
            "1234 8180 0001 0000 0000 0003", Corpus.ExampleCom, "0001 0001", "00 0029 04D0 00000000 000C", Corpus.Cookie,
            Corpus.AddressRecord, "C00C 001C 0001 0000003C 0010 20010DB8000000000000000000000001");
        Assert.Equal(Hex.Of(expected), Hex.Of(Stripped(Corpus.Messages["answer with addresses after its OPT"])));
    }

    [Theory]
    [InlineData("query")]
    [InlineData("query with EDNS")]
    [InlineData("query of EDNS version 1")]
    [InlineData("query with TSIG")]
    [InlineData("query with SIG(0)")]
    [InlineData("query with TSIG before its OPT")]
    [InlineData("query with SIG(0) before its OPT")]
    [InlineData("query with two OPTs")]
    [InlineData("query with a broken option")]
    [InlineData("query with bytes after its OPT")]
    [InlineData("query with an option past its OPT's end")]
    [InlineData("signed answer")]
    [InlineData("answer")]
    [InlineData("answer without EDNS")]
    [InlineData("answer with a name server after its OPT")]
    [InlineData("answer with a pointer into what follows its OPT")]
    [InlineData("answer with an OPT in its answer section")]
    public void A_message_that_may_not_be_edited_stays_as_it_is(string shape)
    {
        byte[] message = Corpus.Messages[shape];
        Assert.Equal(Hex.Of(message), Hex.Of(Stripped(message)));
    }

    [Fact]
    public void A_SIG_that_covers_a_type_is_a_record_like_others()
    {
        string sig = Corpus.Sig0.Replace("0013 0000 0D", "0013 0001 0D", StringComparison.Ordinal);
        byte[] message = Corpus.Query(Corpus.ExampleCom, "0001", sig, "00 0029 1000 00000000 0008", Corpus.Padding);
        Assert.Equal(message.Length - 8, HopByHop.Strip([.. message], message.Length));
    }

    [Theory]
    [InlineData("C00B", "into the header")]
    [InlineData("C01D", "to itself")]
    [InlineData("C01E", "into itself")]
    [InlineData("C02D", "to what comes later")]
    [InlineData("80", "of a reserved kind")]
    public void A_name_that_points_anywhere_but_back_leaves_the_message_as_it_is(string name, string where)
    {
        string address = Corpus.AddressRecord.Replace(Corpus.PointerToQuestion, name, StringComparison.Ordinal);
        byte[] message = Corpus.Query(Corpus.ExampleCom, "0001", address, "00 0029 1000 00000000 0008", Corpus.Padding);
        Assert.True(Hex.Of(message) == Hex.Of(Stripped(message)), where);
    }

    [Fact]
    public void A_message_cut_anywhere_stays_as_it_is()
    {
        byte[] message = Corpus.Messages["answer with padding between options"];
        for (int length = 0; length < message.Length; length++)
        {
            Assert.Equal(Hex.Of(message[..length]), Hex.Of(Stripped(message[..length])));
        }
    }

    [Fact]
    public void Bytes_of_the_buffer_beyond_the_message_are_not_touched()
    {
        byte[] message = Corpus.Messages["query with keepalive alone"];
        byte[] buffer = [.. message, 0xAA, 0xBB];
        Assert.Equal(message.Length - 4, HopByHop.Strip(buffer, message.Length));
        Assert.Equal("AABB", Hex.Of(buffer.AsSpan(message.Length)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    public void A_length_that_is_not_the_buffers_comes_back(int length) =>
        Assert.Equal(length, HopByHop.Strip(new byte[100], length));

    private static byte[] Stripped(byte[] message)
    {
        byte[] copy = [.. message];
        return copy[..HopByHop.Strip(copy, copy.Length)];
    }
}
