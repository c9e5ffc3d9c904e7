using System;
using Fastdist.Fuzz;
using Xunit;
using static Fastdist.Dns.Tests.Edits;

namespace Fastdist.Dns.Tests;

public class EdnsSettingTests
{
    [Fact]
    public void An_option_that_is_set_takes_the_place_of_all_that_have_its_code()
    {
        byte[] expected = Hex.Bytes(
            "1234 8180 0001 0001 0000 0001", Corpus.ExampleCom, "0001 0001", Corpus.AddressRecord,
            "00 0029 04D0 00008000 0013", Corpus.Padding, Corpus.Keepalive, "000A 0001 FF");
        Assert.Equal(Hex.Of(expected), Edited("answer with padding between options", (Span<byte> buffer, ref int length) =>
            EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)10, [0xFF], true, out bool added) && !added));
    }

    [Fact]
    public void An_option_that_is_set_brings_an_OPT_of_512_bytes_where_that_is_wanted()
    {
        byte[] expected = Corpus.Query(Corpus.ExampleCom, "0001", "00 0029 0200 00000000 0005 000A 0001 FF");
        Assert.Equal(Hex.Of(expected), Edited("query", (Span<byte> buffer, ref int length) =>
            EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)10, [0xFF], true, out bool added) && added));
        Refused(Corpus.Messages["query"], (Span<byte> buffer, ref int length) =>
            EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)10, [0xFF], false, out bool added) || added);
    }

    [Fact]
    public void An_option_may_take_the_room_of_those_it_replaces_and_no_more()
    {
        byte[] message = Corpus.Messages["answer with padding between options"];
        RefusedIn(message, 0, (Span<byte> buffer, ref int length) => EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)10, new byte[21], true, out _));
        byte[] edited = [.. message];
        int same = message.Length;
        Assert.True(EdnsEdit.TrySetOption(edited, ref same, (EdnsOption)10, new byte[20], true, out _));
        Assert.Equal(message.Length, same);
        RefusedIn(Corpus.Messages["query"], 15, (Span<byte> buffer, ref int length) =>
            EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)10, [0xFF], true, out bool added) || added);
    }

    [Theory]
    [InlineData(true, "0017 000A 0008 0102030405060708 000F 0007 0011 626C6F636B")]
    [InlineData(false, "0027 000F 0004 0003 6F6C 000A 0008 0102030405060708 000F 0004 0003 6F6C 000F 0007 0011 626C6F636B")]
    public void A_reason_takes_the_place_of_others_or_stands_beside_them(bool clears, string options)
    {
        byte[] expected = Hex.Bytes(
            "1234 8182 0001 0000 0000 0001", Corpus.ExampleCom, "0001 0001", "00 0029 04D0 00000000", options);
        Assert.Equal(Hex.Of(expected), Edited("answer with reasons", (Span<byte> buffer, ref int length) =>
            EdnsEdit.TrySetExtendedError(buffer, ref length, ExtendedError.Filtered, "block"u8, clears)));
    }

    [Fact]
    public void A_reason_needs_an_OPT() => Refused(Corpus.Messages["answer without EDNS"], (Span<byte> buffer, ref int length) =>
        EdnsEdit.TrySetExtendedError(buffer, ref length, ExtendedError.Filtered, [], true));

    [Fact]
    public void Nothing_that_is_set_makes_a_message_longer_than_65535_bytes()
    {
        byte[] message = Filled(ushort.MaxValue - 11, Corpus.EmptyOpt);
        RefusedIn(message, 100, (Span<byte> buffer, ref int length) => EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)10, new byte[8], true, out _));
        RefusedIn(message, 100, (Span<byte> buffer, ref int length) => EdnsEdit.TrySetExtendedError(buffer, ref length, ExtendedError.Blocked, new byte[6], true));
        RefusedIn(message, 100, (Span<byte> buffer, ref int length) => EdnsEdit.TrySetExtendedError(buffer, ref length, ExtendedError.Blocked, new byte[70_000], false));
        RefusedIn(message, 100, (Span<byte> buffer, ref int length) => ClientSubnet.TrySet(buffer, ref length, new byte[4], 32));
        RefusedIn(Filled(ushort.MaxValue - 15), 100, (Span<byte> buffer, ref int length) =>
            EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)10, new byte[1], true, out bool added) || added);
        byte[] buffer = [.. Filled(ushort.MaxValue - 16), .. new byte[100]];
        int length = buffer.Length - 100;
        Assert.True(EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)10, new byte[1], true, out _));
        Assert.Equal(ushort.MaxValue, length);
    }
}
