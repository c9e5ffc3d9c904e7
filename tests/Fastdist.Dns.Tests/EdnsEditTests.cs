using System;
using Fastdist.Fuzz;
using Xunit;
using static Fastdist.Dns.Tests.Edits;

namespace Fastdist.Dns.Tests;

public class EdnsEditTests
{
    private const string MovableAnswer =
        "1234 8180 0001 0000 0000 0003" + Corpus.ExampleCom + "0001 0001";

    private const string Addresses =
        Corpus.AddressRecord + "C00C 001C 0001 0000003C 0010 20010DB8000000000000000000000001";

    [Fact]
    public void An_option_goes_after_those_there_are()
    {
        byte[] expected = Corpus.Query(
            Corpus.ExampleCom, "0001", "00 0029 1000 00008000 001A", Corpus.Cookie, Corpus.Padding, Corpus.Keepalive);
        Assert.Equal(Hex.Of(expected), Added("query with cookie, padding and DO", "0064"));
    }

    [Fact]
    public void An_option_without_data_has_a_header_alone()
    {
        byte[] expected = Corpus.Query(Corpus.ExampleCom, "0001", "00 0029 04D0 00000000 0004", Corpus.EmptyKeepalive);
        Assert.Equal(Hex.Of(expected), Added("query with EDNS", ""));
    }

    [Fact]
    public void Address_records_after_the_OPT_move_down_when_it_grows()
    {
        byte[] expected = Hex.Bytes(
            MovableAnswer, "00 0029 04D0 00000000 001A", Corpus.Padding, Corpus.Cookie, Corpus.Keepalive, Addresses);
        Assert.Equal(Hex.Of(expected), Added("answer with addresses after its OPT", "0064"));
    }

    [Fact]
    public void A_keepalive_in_an_answer_states_its_timeout_in_units_of_100_ms()
    {
        byte[] buffer = [.. Corpus.Messages["answer"], .. new byte[6]];
        int length = buffer.Length - 6;
        Assert.True(TcpKeepalive.TryAdd(buffer, ref length, 300));
        byte[] expected = Hex.Bytes(
            "1234 8180 0001 0001 0000 0001", Corpus.ExampleCom, "0001 0001", Corpus.AddressRecord,
            "00 0029 04D0 00000000 0006", "000B 0002 012C");
        Assert.Equal(Hex.Of(expected), Hex.Of(buffer.AsSpan(0, length)));
    }

    [Fact]
    public void Every_option_of_the_code_goes_and_the_others_stay_in_order()
    {
        byte[] expected = Hex.Bytes(
            "1234 8180 0001 0001 0000 0001", Corpus.ExampleCom, "0001 0001", Corpus.AddressRecord,
            "00 0029 04D0 00008000 000E", Corpus.Padding, Corpus.Keepalive);
        Assert.Equal(Hex.Of(expected), Edited("answer with padding between options", CookieRemoved));
    }

    [Fact]
    public void Removing_an_option_that_is_not_there_succeeds_and_changes_nothing() =>
        Assert.Equal(Hex.Of(Corpus.Messages["answer"]), Edited("answer", CookieRemoved));

    [Fact]
    public void An_OPT_of_our_own_has_no_DO_no_options_and_counts_as_a_record()
    {
        byte[] expected = Corpus.Query(Corpus.ExampleCom, "0001", "00 0029 04D0 00000000 0000");
        Assert.Equal(Hex.Of(expected), Edited("query", Appended));
    }

    [Fact]
    public void An_OPT_can_be_added_behind_records_that_could_not_move_after_one()
    {
        string signedRecord = Corpus.Sig0.Replace("0013 0000 0D", "0013 0001 0D", StringComparison.Ordinal);
        byte[] message = Corpus.Query(Corpus.ExampleCom, "0001", Corpus.Soa, signedRecord);
        byte[] buffer = [.. message, .. new byte[11]];
        int length = message.Length;
        Assert.True(Appended(buffer, ref length));
        Assert.Equal(Hex.Of(Corpus.Query(Corpus.ExampleCom, "0001", Corpus.Soa, signedRecord, Corpus.EmptyOpt)), Hex.Of(buffer));
    }

    [Theory]
    [InlineData("query with EDNS")]
    [InlineData("query of EDNS version 1")]
    [InlineData("query with two OPTs")]
    [InlineData("answer with an OPT in its answer section")]
    [InlineData("answer with a loop of pointers")]
    public void No_OPT_is_added_to_a_message_that_has_one_or_is_malformed(string shape) => Refused(Corpus.Messages[shape], Appended);

    [Fact]
    public void No_OPT_is_added_to_a_signed_message_or_before_bytes_that_belong_to_no_record()
    {
        Refused(Corpus.Query(Corpus.ExampleCom, "0001", Corpus.Tsig), Appended);
        Refused(Corpus.Query(Corpus.ExampleCom, "0001", Corpus.Sig0), Appended);
        Refused([.. Corpus.Messages["query"], 0], Appended);
    }

    [Fact]
    public void The_whole_OPT_goes_with_its_options_and_its_count()
    {
        byte[] expected = Corpus.Query(Corpus.ExampleCom, "0001");
        Assert.Equal(Hex.Of(expected), Edited("query with cookie, padding and DO", EdnsEdit.TryRemoveOpt));
    }

    [Fact]
    public void Address_records_after_the_OPT_move_up_when_it_goes()
    {
        byte[] expected = Hex.Bytes("1234 8180 0001 0000 0000 0002", Corpus.ExampleCom, "0001 0001", Addresses);
        Assert.Equal(Hex.Of(expected), Edited("answer with addresses after its OPT", EdnsEdit.TryRemoveOpt));
    }

    [Fact]
    public void An_extended_RCODE_becomes_SERVFAIL_with_its_OPT_gone()
    {
        byte[] expected = Hex.Bytes("1234 8182 0001 0000 0000 0000", Corpus.ExampleCom, "0001 0001");
        Assert.Equal(Hex.Of(expected), Edited("answer of an extended RCODE", EdnsEdit.TryRemoveOpt));
    }

    [Fact]
    public void A_plain_RCODE_stays_with_its_OPT_gone()
    {
        byte[] expected = Hex.Bytes("1234 8183 0001 0000 0001 0000", Corpus.ExampleCom, "0001 0001", Corpus.Soa);
        Assert.Equal(Hex.Of(expected), Edited("name error", EdnsEdit.TryRemoveOpt));
    }

    [Theory]
    [InlineData("query")]
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
    [InlineData("answer without EDNS")]
    [InlineData("answer with a name server after its OPT")]
    [InlineData("answer with a pointer into what follows its OPT")]
    [InlineData("answer with an OPT in its answer section")]
    public void An_OPT_that_may_not_be_edited_is_refused_and_stays_as_it_is(string shape)
    {
        byte[] message = Corpus.Messages[shape];
        Refused(message, CookieAdded);
        Refused(message, CookieRemoved);
        Refused(message, EdnsEdit.TryRemoveOpt);
        Refused(message, (Span<byte> buffer, ref int length) => EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)10, [], false, out _));
        Refused(message, (Span<byte> buffer, ref int length) => EdnsEdit.TrySetExtendedError(buffer, ref length, ExtendedError.Blocked, [], true));
        Refused(message, (Span<byte> buffer, ref int length) => Padding.TryPad(buffer, ref length, Padding.QueryBlock));
    }

    [Fact]
    public void A_message_does_not_grow_beyond_its_buffer()
    {
        RefusedIn(Corpus.Messages["answer"], 11, CookieAdded);
        RefusedIn(Corpus.Messages["query"], 10, Appended);
    }

    [Fact]
    public void No_option_makes_a_message_longer_than_65535_bytes()
    {
        byte[] message = Filled(ushort.MaxValue - 11, Corpus.EmptyOpt);
        RefusedIn(message, 100, CookieAdded);
        byte[] buffer = [.. message, .. new byte[100]];
        int length = message.Length;
        Assert.True(EdnsEdit.TryAddOption(buffer, ref length, (EdnsOption)10, new byte[7]));
        Assert.Equal(ushort.MaxValue, length);
    }

    [Fact]
    public void No_OPT_makes_a_message_longer_than_65535_bytes()
    {
        RefusedIn(Filled(ushort.MaxValue - 10), 100, Appended);
        byte[] buffer = [.. Filled(ushort.MaxValue - 11), .. new byte[100]];
        int length = buffer.Length - 100;
        Assert.True(Appended(buffer, ref length));
        Assert.Equal(ushort.MaxValue, length);
    }

    [Fact]
    public void What_is_longer_than_65535_bytes_is_no_message()
    {
        byte[] message = Filled(ushort.MaxValue + 1, Corpus.EmptyOpt);
        Refused(message, CookieRemoved);
        Refused(message, EdnsEdit.TryRemoveOpt);
        Refused(Filled(ushort.MaxValue), CookieRemoved);
        byte[] longest = [.. Filled(ushort.MaxValue, Corpus.EmptyOpt)];
        int length = longest.Length;
        Assert.True(EdnsEdit.TryRemoveOpt(longest, ref length));
        Assert.Equal(ushort.MaxValue - 11, length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    [InlineData(1000)]
    public void A_length_that_is_no_messages_is_refused(int length)
    {
        var buffer = new byte[100];
        int same = length;
        Assert.False(CookieAdded(buffer, ref same));
        Assert.False(CookieRemoved(buffer, ref same));
        Assert.False(Appended(buffer, ref same));
        Assert.False(EdnsEdit.TryRemoveOpt(buffer, ref same));
        Assert.False(EdnsEdit.TryRemoveOpt([], ref same));
        Assert.Equal(length, same);
    }

    private static bool CookieAdded(Span<byte> buffer, ref int length) =>
        EdnsEdit.TryAddOption(buffer, ref length, (EdnsOption)10, [1, 2, 3, 4, 5, 6, 7, 8]);

    private static bool CookieRemoved(Span<byte> buffer, ref int length) =>
        EdnsEdit.TryRemoveOption(buffer, ref length, (EdnsOption)10);

    private static bool Appended(Span<byte> buffer, ref int length) => EdnsEdit.TryAppendOpt(buffer, ref length, 1232);

    private static string Added(string shape, string data) => Edited(shape, (Span<byte> buffer, ref int length) =>
        EdnsEdit.TryAddOption(buffer, ref length, EdnsOption.TcpKeepalive, Hex.Bytes(data)));
}
