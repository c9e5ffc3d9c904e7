using System;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class ErrorAnswerTests
{
    [Fact]
    public void A_query_without_EDNS_gets_header_and_question()
    {
        byte[] expected = Hex.Bytes("1234 8102 0001 0000 0000 0000", Corpus.ExampleCom, "0001 0001");
        Assert.Equal(Hex.Of(expected), Hex.Of(Written(Corpus.Messages["query"], Rcode.ServFail, ExtendedError.NetworkError)));
    }

    [Fact]
    public void A_query_with_EDNS_gets_an_OPT_without_its_options_and_with_its_DO()
    {
        byte[] expected = Hex.Bytes("1234 8105 0001 0000 0000 0001", Corpus.ExampleCom, "0001 0001", "00 0029 04D0 00008000 0000");
        Assert.Equal(Hex.Of(expected), Hex.Of(Written(Corpus.Messages["query with cookie, padding and DO"], Rcode.Refused)));
    }

    [Fact]
    public void The_reason_is_an_option_as_RFC_8914_draws_it()
    {
        byte[] expected = Hex.Bytes(
            "1234 8102 0001 0000 0000 0001", Corpus.ExampleCom, "0001 0001",
            "00 0029 04D0 00000000 0010 000F 000C 0016", Convert.ToHexString("no backend"u8));
        Assert.Equal(
            Hex.Of(expected),
            Hex.Of(Written(Corpus.Messages["query with EDNS"], Rcode.ServFail, ExtendedError.NoReachableAuthority, "no backend"u8)));
    }

    [Fact, Trait("Row", "D3")]
    public void The_OPT_states_the_size_it_is_told()
    {
        var destination = new byte[ErrorAnswer.MaxSize];
        int length = ErrorAnswer.Write(Corpus.Messages["query with EDNS"], Rcode.NotImp, destination, payloadSize: 4096);
        Assert.EndsWith("0000291000000000000000", Hex.Of(destination.AsSpan(0, length)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reason_needs_no_text()
    {
        byte[] answer = Written(Corpus.Messages["query with EDNS"], Rcode.ServFail, ExtendedError.NotReady);
        Assert.EndsWith("0006000F0002000E", Hex.Of(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000", "8001")]
    [InlineData("0100", "8101")]
    [InlineData("0010", "8011")]
    [InlineData("07EF", "8101")]
    [InlineData("2800", "A801")]
    [InlineData("FFFF", "F911")]
    public void OPCODE_RD_and_CD_are_the_querys_and_other_flags_are_clear(string flags, string expected) =>
        Assert.Equal(
            $"1234{expected}0000000000000000",
            Hex.Of(Written(Hex.Bytes("1234", flags, "0000 0000 0000 0000"), Rcode.FormErr)));

    [Theory]
    [InlineData("0000 0000 0000 0000")]
    [InlineData("0001 0000 0000 0000 C00C 0001 0001")]
    [InlineData("0001 0000 0000 0000 0161 00 0001 00")]
    [InlineData("0002 0000 0000 0000 0161 00 0001 0001 0161 00 0001 0001")]
    public void A_question_that_is_not_one_sound_question_is_not_repeated(string counts) =>
        Assert.Equal("123481010000000000000000", Hex.Of(Written(Hex.Bytes("1234 0100", counts), Rcode.FormErr)));

    [Fact]
    public void Two_OPTs_get_an_answer_without_one()
    {
        byte[] expected = Hex.Bytes("1234 8101 0001 0000 0000 0000", Corpus.ExampleCom, "0001 0001");
        Assert.Equal(Hex.Of(expected), Hex.Of(Written(Corpus.Messages["query with two OPTs"], Rcode.FormErr)));
    }

    [Fact]
    public void An_extended_RCODE_is_split_between_header_and_OPT()
    {
        byte[] expected = Hex.Bytes("1234 8107 0001 0000 0000 0001", Corpus.ExampleCom, "0001 0001", "00 0029 04D0 01000000 0000");
        Assert.Equal(Hex.Of(expected), Hex.Of(Written(Corpus.Messages["query with EDNS"], Rcode.BadCookie)));
    }

    [Fact]
    public void An_extended_RCODE_without_EDNS_is_SERVFAIL() =>
        Assert.Equal(Rcode.ServFail, Header.Rcode(Written(Corpus.Messages["query"], Rcode.BadCookie)));

    [Fact]
    public void Text_is_cut_at_512_bytes_between_two_characters()
    {
        byte[] text = new byte[900];
        for (int index = 0; index < text.Length; index += 3)
        {
            "€"u8.CopyTo(text.AsSpan(index));
        }

        byte[] answer = Written(Corpus.Messages["query with EDNS"], Rcode.ServFail, ExtendedError.Other, text);
        Assert.InRange(answer.Length, 510, 512);
        Assert.Equal("E282AC", Hex.Of(answer.AsSpan(^3)));
    }

    [Fact]
    public void Text_is_cut_where_the_destination_ends()
    {
        byte[] destination = new byte[12 + 17 + 11 + 6 + 2];
        int length = ErrorAnswer.Write(Corpus.Messages["query with EDNS"], Rcode.ServFail, destination, ExtendedError.Other, "abcdef"u8);
        Assert.Equal(destination.Length, length);
        Assert.Equal("ab"u8, destination.AsSpan(^2));
        Assert.Equal(0, ErrorAnswer.Write(Corpus.Messages["query with EDNS"], Rcode.ServFail, destination.AsSpan(0, 45), ExtendedError.Other));
    }

    [Fact]
    public void Less_than_a_header_gets_nothing() => Assert.Empty(Written(new byte[11], Rcode.FormErr));

    [Fact]
    public void The_answer_may_be_written_over_the_query()
    {
        byte[] query = Corpus.Messages["query with cookie, padding and DO"];
        byte[] buffer = [.. query, .. new byte[512]];
        int length = ErrorAnswer.Write(buffer.AsSpan(0, query.Length), Rcode.ServFail, buffer, ExtendedError.NotReady, "later"u8);
        Assert.Equal(Hex.Of(Written(query, Rcode.ServFail, ExtendedError.NotReady, "later"u8)), Hex.Of(buffer.AsSpan(0, length)));
    }

    private static byte[] Written(
        byte[] query, Rcode rcode, ExtendedError? extended = null, ReadOnlySpan<byte> text = default)
    {
        var destination = new byte[2 * ErrorAnswer.MaxSize];
        return destination[..ErrorAnswer.Write(query, rcode, destination, extended, text)];
    }
}
