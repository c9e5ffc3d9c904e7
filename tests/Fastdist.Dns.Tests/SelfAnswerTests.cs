using System;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class SelfAnswerTests
{
    private const int PayloadSize = 1232;
    private const string Ours = "00 0029 04D0 00000000 0000";
    private static readonly AnswerTraits s_usual = new();

    private static readonly StartOfAuthority s_soa = new(Name("example.com"), Name("ns.example"), Name("root.ns.example"), 1, 2, 3, 4, 5);

    private delegate int Write(in Query query, Span<byte> destination);

    [Fact]
    public void A_response_code_stands_in_the_header_and_the_records_of_the_query_are_gone()
    {
        Equal(Header("8185", 0, 0, 0), Written("query", (in Query query, Span<byte> to) => SelfAnswer.WriteRcode(in query, 5, in s_usual, PayloadSize, true, to)));
        Equal(
            Header("8185", 0, 0, 0),
            Written(Corpus.Query(Corpus.ExampleCom, "0001", Corpus.AddressRecord), (in Query query, Span<byte> to) =>
                SelfAnswer.WriteRcode(in query, 5, in s_usual, PayloadSize, true, to)));
    }

    [Fact]
    public void An_OPT_has_the_querys_DO_our_size_and_no_options() => Equal(
        [.. Header("8183", 0, 0, 1), .. Hex.Bytes("00 0029 0200 00008000 0000")],
        Written("query with cookie, padding and DO", (in Query query, Span<byte> to) => SelfAnswer.WriteRcode(in query, 3, in s_usual, 512, true, to)));

    [Fact]
    public void The_upper_bits_of_a_response_code_are_in_the_OPT_and_lost_without_one()
    {
        Equal(
            [.. Header("8187", 0, 0, 1), .. Hex.Bytes("00 0029 04D0 01000000 0000")],
            Written("query with EDNS", (in Query query, Span<byte> to) => SelfAnswer.WriteRcode(in query, 23, in s_usual, PayloadSize, true, to)));
        Equal(
            Header("8187", 0, 0, 0),
            Written("query with EDNS", (in Query query, Span<byte> to) => SelfAnswer.WriteRcode(in query, 23, in s_usual, PayloadSize, false, to)));
        Equal(
            [.. Header("818F", 0, 0, 1), .. Hex.Bytes("00 0029 04D0 FF000000 0000")],
            Written("query with EDNS", (in Query query, Span<byte> to) => SelfAnswer.WriteRcode(in query, 4095, in s_usual, PayloadSize, true, to)));
    }

    [Theory]
    [InlineData("0100", "8180")]
    [InlineData("0000", "8000")]
    [InlineData("0110", "8190")]
    [InlineData("0520", "8580")]
    [InlineData("03EF", "8180")]
    [InlineData("2000", "A000")]
    public void RD_CD_AA_and_OPCODE_are_the_querys_RA_is_its_RD_and_AD_and_TC_are_clear(string asked, string expected) =>
        Assert.Equal(expected, FlagsOf(asked, in s_usual));

    [Fact]
    public void Each_flag_that_the_operator_may_set_is_as_he_says()
    {
        Assert.Equal("8580", FlagsOf("0100", new AnswerTraits { Authoritative = true }));
        Assert.Equal("8180", FlagsOf("0500", new AnswerTraits { Authoritative = false }));
        Assert.Equal("8100", FlagsOf("0100", new AnswerTraits { RecursionAvailable = false }));
        Assert.Equal("8080", FlagsOf("0000", new AnswerTraits { RecursionAvailable = true }));
        Assert.Equal("81A0", FlagsOf("0100", new AnswerTraits { AuthenticData = true }));
    }

    [Fact]
    public void A_truncated_answer_has_TC_and_RA_and_neither_AA_nor_AD()
    {
        byte[] query = Corpus.Query(Corpus.ExampleCom, "0001", Corpus.EmptyOpt);
        query[2] = 0x05;
        query[3] = 0x20;
        Equal(
            [.. Header("8380", 0, 0, 1), .. Hex.Bytes(Ours)],
            Written(query, (in Query view, Span<byte> to) => SelfAnswer.WriteTruncated(in view, PayloadSize, true, to)));
    }

    [Fact]
    public void Addresses_are_those_of_the_type_that_is_asked_for()
    {
        const string V4 = "C00C 0001 0001 0000003C 0004 C0000201" + "C00C 0001 0001 0000003C 0004 C0000202";
        const string V6 = "C00C 001C 0001 0000003C 0010 20010DB8000000000000000000000001";
        int Spoof(in Query query, Span<byte> to) =>
            SelfAnswer.WriteAddresses(in query, Hex.Bytes("C0000201 C0000202"), Hex.Bytes("20010DB8000000000000000000000001"), in s_usual, PayloadSize, true, to);

        Equal([.. Header("8180", 2, 0, 0), .. Hex.Bytes(V4)], Written("query", Spoof));
        byte[] asked = Corpus.Query(Corpus.ExampleCom, "001C");
        Equal([.. Header("8180", 1, 0, 0, "001C"), .. Hex.Bytes(V6)], Written(asked, Spoof));
        asked = Corpus.Query(Corpus.ExampleCom, "00FF", Corpus.EmptyOpt);
        Equal([.. Header("8180", 3, 0, 1, "00FF"), .. Hex.Bytes(V4, V6, Ours)], Written(asked, Spoof));
        Assert.Empty(Written(Corpus.Query(Corpus.ExampleCom, "0041"), Spoof));
    }

    [Fact]
    public void There_is_no_answer_when_no_address_is_of_the_type_that_is_asked_for() => Assert.Empty(Written(
        "query", (in Query query, Span<byte> to) => SelfAnswer.WriteAddresses(in query, [], new byte[16], in s_usual, PayloadSize, true, to)));

    [Fact]
    public void A_record_has_the_question_for_its_owner_and_the_questions_class()
    {
        byte[] query = Corpus.Query(Corpus.ExampleCom, "0010");
        query[^1] = 3;
        byte[] answer = Written(query, (in Query view, Span<byte> to) =>
            SelfAnswer.WriteRecord(in view, RecordType.CNAME, Hex.Name("a.example"), new AnswerTraits { Ttl = 300 }, PayloadSize, true, to));
        Assert.EndsWith("00100003" + "C00C000500030000012C000B" + "0161076578616D706C6500", Hex.Of(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void Raw_records_come_in_the_order_given() => Equal(
        [.. Header("8180", 3, 0, 0), .. Hex.Bytes("C00C 0010 0001 0000003C 0002 0162 C00C 0010 0001 0000003C 0000 C00C 0010 0001 0000003C 0003 026161")],
        Written("query", (in Query query, Span<byte> to) =>
            SelfAnswer.WriteRecords(in query, RecordType.TXT, [[1, 0x62], [], [2, 0x61, 0x61]], in s_usual, PayloadSize, true, to)));

    [Theory]
    [InlineData(true, MessageSection.Additional, "8183", 0, 1)]
    [InlineData(false, MessageSection.Additional, "8180", 0, 1)]
    [InlineData(true, MessageSection.Authority, "8183", 1, 0)]
    public void A_negative_answer_has_its_SOA_where_it_is_wanted_and_the_OPT_last(
        bool isNameError, MessageSection section, string flags, int authorities, int additionals)
    {
        const string Soa = Corpus.ExampleCom + "0006 0001 0000000A 0031 02 6E73 07 6578616D706C65 00 04 726F6F74 02 6E73 07 6578616D706C65 00"
            + "00000001 00000002 00000003 00000004 00000005";
        Equal(
            [.. Header(flags, 0, authorities, additionals + 1), .. Hex.Bytes(Soa, Ours)],
            Written("query with EDNS", (in Query query, Span<byte> to) =>
                SelfAnswer.WriteNegative(in query, isNameError, s_soa, 10, section, in s_usual, PayloadSize, true, to)));
    }

    [Fact]
    public void A_packet_gets_the_querys_ID_RD_and_CD_and_nothing_else()
    {
        byte[] packet = Hex.Bytes("0000 0497 0000 0000 0000 0001", Ours);
        Assert.Equal(
            Hex.Of(Hex.Bytes("1234 8587 0000 0000 0000 0001", Ours)),
            Hex.Of(Written("query", (in Query query, Span<byte> to) => SelfAnswer.WritePacket(in query, packet, to))));
        Assert.Empty(Written("query", (in Query query, Span<byte> to) => SelfAnswer.WritePacket(in query, packet.AsSpan(0, 11), to)));
    }

    [Fact]
    public void What_does_not_fit_is_no_answer()
    {
        foreach (string shape in (string[])["query with cookie, padding and DO", "query for the root", "query of the longest name"])
        {
            byte[] query = Corpus.Messages[shape];
            FitsExactly(query, (in Query view, Span<byte> to) => SelfAnswer.WriteRcode(in view, 3, in s_usual, PayloadSize, true, to));
            FitsExactly(query, (in Query view, Span<byte> to) => SelfAnswer.WriteTruncated(in view, PayloadSize, true, to));
            FitsExactly(query, (in Query view, Span<byte> to) => SelfAnswer.WriteRecord(in view, RecordType.A, [1, 2, 3, 4], in s_usual, PayloadSize, true, to));
            FitsExactly(query, (in Query view, Span<byte> to) => SelfAnswer.WritePacket(in view, Corpus.Messages["answer"], to));
            FitsExactly(query, (in Query view, Span<byte> to) =>
                SelfAnswer.WriteNegative(in view, true, s_soa, 1, MessageSection.Authority, in s_usual, PayloadSize, true, to));
        }
    }

    [Fact]
    public void An_answer_has_65535_bytes_at_most()
    {
        int size = ushort.MaxValue - Header("8180", 0, 0, 0).Length - 12;
        Write Of(int length) => (in Query query, Span<byte> to) => SelfAnswer.WriteRecord(in query, RecordType.TXT, new byte[length], in s_usual, PayloadSize, true, to);
        Assert.Equal(ushort.MaxValue, Written("query", Of(size)).Length);
        Assert.Empty(Written("query", Of(size + 1)));
        Assert.Empty(Written("query with EDNS", Of(size)));
        Assert.Empty(Written("query", (in Query query, Span<byte> to) => SelfAnswer.WritePacket(in query, new byte[ushort.MaxValue + 1], to)));
    }

    [Fact]
    public void One_record_that_does_not_fit_makes_the_whole_answer_fail()
    {
        Query.Parse(Corpus.Messages["query"], out Query query);
        var writer = new SelfAnswerWriter(in query, in s_usual, new byte[60]);
        Assert.True(writer.AddRecord(RecordType.A, 60, [1, 2, 3, 4]));
        Assert.False(writer.AddRecord(RecordType.TXT, 60, new byte[20]));
        Assert.False(writer.AddRecord(RecordType.A, 60, []));
        Assert.Equal(0, writer.Finish(PayloadSize, true));
    }

    [Fact]
    public void A_query_that_is_not_sound_has_no_answer()
    {
        byte[] to = new byte[512];
        Query none = default;
        Assert.Equal(0, SelfAnswer.WriteRcode(in none, 5, in s_usual, PayloadSize, true, to));
        Assert.Equal(0, SelfAnswer.WriteAddresses(in none, new byte[4], [], in s_usual, PayloadSize, true, to));
        Assert.Equal(0, SelfAnswer.WriteRecord(in none, RecordType.A, [], in s_usual, PayloadSize, true, to));
        Assert.Equal(0, SelfAnswer.WritePacket(in none, new byte[12], to));
        Assert.Equal(new byte[512], to);
    }

    [Fact]
    public void An_answer_may_be_written_over_its_query()
    {
        byte[] buffer = [.. Corpus.Messages["query with cookie, padding and DO"], .. new byte[100]];
        byte[] apart = Written("query with cookie, padding and DO", Write);
        Query.Parse(buffer.AsSpan(0, buffer.Length - 100), out Query query);
        Assert.Equal(apart, buffer[..Write(in query, buffer)]);

        static int Write(in Query query, Span<byte> to) => SelfAnswer.WriteRecord(in query, RecordType.A, [192, 0, 2, 1], in s_usual, PayloadSize, true, to);
    }

    private static void FitsExactly(byte[] message, Write write)
    {
        Query.Parse(message, out Query query);
        byte[] buffer = new byte[1024];
        int length = write(in query, buffer);
        Assert.NotEqual(0, length);
        Assert.Equal(length, write(in query, buffer.AsSpan(0, length)));
        for (int size = 0; size < length; size++)
        {
            byte[] small = new byte[size];
            Assert.Equal(0, write(in query, small));
        }
    }

    private static string FlagsOf(string asked, in AnswerTraits traits)
    {
        byte[] query = Corpus.Query(Corpus.ExampleCom, "0001");
        Hex.Bytes(asked).CopyTo(query, 2);
        Query.Parse(query, out Query view);
        byte[] answer = new byte[512];
        Assert.NotEqual(0, SelfAnswer.WriteRcode(in view, 0, in traits, PayloadSize, true, answer));
        return Hex.Of(answer.AsSpan(2, 2));
    }

    private static byte[] Written(string shape, Write write) => Written(Corpus.Messages[shape], write);

    private static byte[] Written(byte[] message, Write write)
    {
        Query.Parse(message, out Query query);
        Assert.True(query.IsSound);
        byte[] buffer = new byte[70_000];
        return buffer[..write(in query, buffer)];
    }

    private static byte[] Header(string flags, int answers, int authorities, int additionals, string type = "0001") =>
        Hex.Bytes("1234", flags, "0001", $"{answers:X4}{authorities:X4}{additionals:X4}", Corpus.ExampleCom, type, "0001");

    private static void Equal(byte[] expected, byte[] actual) => Assert.Equal(Hex.Of(expected), Hex.Of(actual));

    private static DomainName Name(string text) => DomainName.TryRead(Hex.Name(text), out DomainName? name) ? name : throw new FormatException(text);
}
