using System;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class QueryTests
{
    [Fact]
    public void A_query_is_read_in_place()
    {
        byte[] message = Hex.Bytes("CAFE 0100 0001 0000 0000 0000", Corpus.ExampleCom, "001C 0003");
        Assert.Equal(QueryVerdict.Forward, Query.Parse(message, out Query query));
        Assert.Equal(0xCAFE, query.Id);
        Assert.Equal(RecordType.AAAA, query.Type);
        Assert.Equal(3, query.Class);
        Assert.Equal("076578616D706C6503636F6D00", Hex.Of(query.Name));
        Assert.Equal("076578616D706C6503636F6D00001C0003", Hex.Of(query.Question));
        Assert.Equal(29, query.QuestionEnd);
        Assert.True(query.Message == message);
        Assert.False(query.HasEdns);
        Assert.False(query.DnssecOk);
        Assert.False(query.HasHopByHopOptions);
        Assert.Equal(512, query.UdpPayloadSize);
    }

    [Theory]
    [InlineData("query for the root", "00")]
    [InlineData("query in mixed case", "074578614D704C6503434F6D00")]
    public void The_name_keeps_its_bytes(string shape, string name)
    {
        Assert.Equal(QueryVerdict.Forward, Query.Parse(Corpus.Messages[shape], out Query query));
        Assert.Equal(name, Hex.Of(query.Name));
    }

    [Fact]
    public void Less_than_a_header_is_too_short()
    {
        byte[] message = Corpus.Messages["query"];
        for (int length = 0; length < 12; length++)
        {
            Assert.Equal(QueryVerdict.TooShort, Verdict(message[..length]));
        }
    }

    [Fact]
    public void A_response_is_not_a_query_whatever_else_it_is()
    {
        Assert.Equal(QueryVerdict.NotAQuery, Verdict(Corpus.Messages["answer"]));
        Assert.Equal(QueryVerdict.NotAQuery, Verdict(Hex.Bytes("1234 F800 0000 0000 0000 0000")));
    }

    [Theory]
    [InlineData("0800")]
    [InlineData("1000")]
    [InlineData("2000")]
    [InlineData("2800")]
    [InlineData("4000")]
    public void An_opcode_other_than_QUERY_is_not_implemented(string flags)
    {
        Assert.Equal(QueryVerdict.NotImplemented, Verdict(Hex.Bytes("1234", flags, "0000 0000 0000 0000")));
        Assert.Equal(QueryVerdict.NotImplemented, Verdict(Hex.Bytes("1234", flags, "0001 0000 0000 0000", Corpus.ExampleCom, "0006 0001")));
    }

    [Theory]
    [InlineData("0000", "")]
    [InlineData("0002", Corpus.ExampleCom + "0001 0001" + Corpus.ExampleCom + "001C 0001")]
    [InlineData("0100", Corpus.ExampleCom + "0001 0001")]
    public void Not_exactly_one_question_is_a_format_error(string count, string questions) =>
        Assert.Equal(QueryVerdict.FormatError, Verdict(Hex.Bytes("1234 0100", count, "0000 0000 0000", questions)));

    [Theory]
    [InlineData("C00C 0001 0001")]
    [InlineData("01 61 C00C 0001 0001")]
    [InlineData("40 0001 0001")]
    [InlineData("80 0001 0001")]
    [InlineData("01 61 7F 0001 0001")]
    public void A_pointer_or_a_reserved_label_in_the_question_is_a_format_error(string question) =>
        Assert.Equal(QueryVerdict.FormatError, Verdict(Hex.Bytes("1234 0100 0001 0000 0000 0000", question, new string('0', 200))));

    [Fact]
    public void A_name_may_have_255_bytes_and_no_more()
    {
        Assert.Equal(QueryVerdict.Forward, Query.Parse(Corpus.Messages["query of the longest name"], out Query query));
        Assert.Equal(255, query.Name.Length);

        string tooLong = Corpus.LongestName.Replace("3D5A", "3E5A5A", StringComparison.Ordinal);
        Assert.Equal(QueryVerdict.FormatError, Verdict(Corpus.Query(tooLong, "0001")));
    }

    [Fact]
    public void A_question_that_runs_off_the_end_is_a_format_error()
    {
        byte[] message = Corpus.Messages["query"];
        for (int length = 12; length < message.Length; length++)
        {
            Assert.Equal(QueryVerdict.FormatError, Verdict(message[..length]));
        }
    }

    [Theory]
    [InlineData("AXFR", RecordType.AXFR)]
    [InlineData("IXFR", RecordType.IXFR)]
    public void A_zone_transfer_reads_as_any_query(string shape, RecordType type)
    {
        Assert.Equal(QueryVerdict.Forward, Query.Parse(Corpus.Messages[shape], out Query query));
        Assert.Equal(type, query.Type);
        Assert.Equal(0x1234, query.Id);
    }

    [Theory]
    [InlineData(250)]
    [InlineData(253)]
    [InlineData(255)]
    [InlineData(0)]
    public void Types_beside_the_zone_transfers_are_forwarded(int type) =>
        Assert.Equal(QueryVerdict.Forward, Verdict(Corpus.Query(Corpus.ExampleCom, type.ToString("X4", null))));

    private static QueryVerdict Verdict(byte[] message) => Query.Parse(message, out _);
}
