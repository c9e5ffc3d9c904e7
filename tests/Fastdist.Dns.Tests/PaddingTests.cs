using System;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class PaddingTests
{
    /// <summary>Header, question and OPT of the query for example.com, in bytes.</summary>
    private const int Bare = 40;

    [Fact]
    public void A_query_is_padded_to_128_bytes_with_zeros_in_its_last_option()
    {
        byte[] message = WithOptions("000B", Corpus.Subnet);
        byte[] expected = WithOptions("0058", Corpus.Subnet, "000C 0049", new string('0', 2 * 0x49));
        Assert.Equal(Hex.Of(expected), Hex.Of(Padded(message, Padding.QueryBlock, 1000)));
        Assert.Equal(128, expected.Length);
    }

    [Fact]
    public void A_response_is_padded_to_468_bytes()
    {
        byte[] padded = Padded(Corpus.Messages["answer"], Padding.ResponseBlock, 1000);
        Assert.Equal(468, padded.Length);
        Assert.Equal("000C0198", Hex.Of(padded.AsSpan(Corpus.Messages["answer"].Length, 4)));
    }

    [Theory]
    [InlineData(43, 86)]
    [InlineData(44, 44)]
    [InlineData(45, 45)]
    [InlineData(42, 84)]
    [InlineData(41, 82)]
    [InlineData(40, 80)]
    [InlineData(39, 78)]
    [InlineData(1, 44)]
    public void A_gap_too_small_for_the_options_header_takes_another_block(int block, int expected)
    {
        byte[] message = Corpus.Messages["query with EDNS"];
        Assert.Equal(Bare, message.Length);
        Assert.Equal(expected, Padded(message, block, 1000).Length);
    }

    [Fact]
    public void Padding_that_was_there_gives_way_to_ours()
    {
        byte[] message = WithOptions("0019", "000C 0001 FF", Corpus.Cookie, Corpus.Padding);
        byte[] expected = WithOptions("0018", Corpus.Cookie, "000C 0008 0000000000000000");
        Assert.Equal(Hex.Of(expected), Hex.Of(Padded(message, 64, 1000)));
    }

    [Fact]
    public void More_padding_than_a_block_needs_shrinks()
    {
        byte[] padded = Padded(Corpus.Messages["query with EDNS"], Padding.ResponseBlock, 1000);
        Assert.Equal(128, Padded(padded, Padding.QueryBlock, padded.Length).Length);
    }

    [Fact]
    public void Zeros_are_written_over_what_the_buffer_held()
    {
        byte[] message = Corpus.Messages["query with EDNS"];
        var buffer = new byte[200];
        Array.Fill(buffer, (byte)0xFF);
        message.CopyTo(buffer, 0);
        int length = message.Length;
        Assert.True(Padding.TryPad(buffer, ref length, Padding.QueryBlock));
        Assert.False(buffer.AsSpan(Bare + 4, 128 - Bare - 4).ContainsAnyExcept((byte)0));
        Assert.False(buffer.AsSpan(128).ContainsAnyExcept((byte)0xFF));
    }

    [Theory]
    [InlineData(44)]
    [InlineData(45)]
    [InlineData(127)]
    public void Where_the_block_does_not_fit_the_message_fills_the_room(int room) =>
        Assert.Equal(room, Padded(Corpus.Messages["query with EDNS"], Padding.QueryBlock, room).Length);

    [Theory]
    [InlineData(40)]
    [InlineData(43)]
    public void Where_not_even_the_options_header_fits_the_message_stays_as_it_is(int room)
    {
        byte[] buffer = [.. Corpus.Messages["query with EDNS"], .. new byte[room - Bare]];
        byte[] before = [.. buffer];
        int length = Bare;
        Assert.False(Padding.TryPad(buffer, ref length, Padding.QueryBlock));
        Assert.Equal(Bare, length);
        Assert.Equal(before, buffer);
    }

    [Fact]
    public void No_padding_goes_beyond_65535_bytes()
    {
        byte[] padded = Padded(Corpus.Messages["query with EDNS"], 40_000, 70_000);
        Assert.Equal(40_000, padded.Length);
        Assert.Equal(ushort.MaxValue, Padded(padded, 66_000, 70_000).Length);
    }

    [Fact]
    public void Address_records_after_the_OPT_end_the_padded_message()
    {
        byte[] message = Corpus.Messages["answer with addresses after its OPT"];
        byte[] padded = Padded(message, Padding.ResponseBlock, 1000);
        Assert.Equal(468, padded.Length);
        Assert.Equal(Hex.Of(message.AsSpan(^44)), Hex.Of(padded.AsSpan(^44)));
    }

    private static byte[] WithOptions(string size, params string[] options) =>
        Hex.Bytes(["1234 0100 0001 0000 0000 0001", Corpus.ExampleCom, "0001 0001 00 0029 1000 00000000", size, .. options]);

    private static byte[] Padded(byte[] message, int block, int bufferSize)
    {
        var buffer = new byte[bufferSize];
        message.CopyTo(buffer, 0);
        int length = message.Length;
        Assert.True(Padding.TryPad(buffer, ref length, block));
        return buffer[..length];
    }
}
