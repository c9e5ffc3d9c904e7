using System;
using System.Linq;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class MessageFactsTests
{
    [Fact]
    public void The_headers_counts_are_told_whatever_there_is()
    {
        byte[] header = Hex.Bytes("1234 8180 0102 0304 0506 0708");
        Assert.Equal([0x0102, 0x0304, 0x0506, 0x0708, 0], Enumerable.Range(0, 5).Select(section => MessageFacts.CountOf(header, (MessageSection)section)));
        Assert.Equal(0, MessageFacts.CountOf(header.AsSpan(0, 11), MessageSection.Question));
    }

    [Theory]
    [InlineData("answer with an alias", MessageSection.Question, RecordType.A, 1)]
    [InlineData("answer with an alias", MessageSection.Question, RecordType.CNAME, 0)]
    [InlineData("answer with an alias", MessageSection.Answer, RecordType.A, 1)]
    [InlineData("answer with an alias", MessageSection.Answer, RecordType.CNAME, 1)]
    [InlineData("answer with an alias", MessageSection.Authority, RecordType.CNAME, 0)]
    [InlineData("answer with an alias", MessageSection.Additional, RecordType.OPT, 1)]
    [InlineData("name error", MessageSection.Authority, RecordType.SOA, 1)]
    [InlineData("name error", MessageSection.Answer, RecordType.SOA, 0)]
    [InlineData("query with two OPTs", MessageSection.Additional, RecordType.OPT, 2)]
    [InlineData("refusal without a question", MessageSection.Question, RecordType.A, 0)]
    public void Records_are_counted_by_section_and_type(string shape, MessageSection section, RecordType type, int expected)
    {
        Assert.True(MessageFacts.TryCountRecords(Corpus.Messages[shape], section, type, out int count));
        Assert.Equal(expected, count);
    }

    [Fact]
    public void What_is_broken_behind_a_section_does_not_matter_and_within_it_does()
    {
        byte[] message = Corpus.Messages["answer with an alias"];
        ReadOnlySpan<byte> cut = message.AsSpan(0, message.Length - 12);
        Assert.True(MessageFacts.TryCountRecords(cut, MessageSection.Question, RecordType.A, out int count));
        Assert.Equal(1, count);
        Assert.False(MessageFacts.TryCountRecords(cut, MessageSection.Answer, RecordType.CNAME, out count));
        Assert.Equal(0, count);
        Assert.True(MessageFacts.TryCountRecords(message.AsSpan(0, message.Length - 1), MessageSection.Answer, RecordType.CNAME, out count));
        Assert.Equal(1, count);
        Assert.False(MessageFacts.TryCountRecords(message.AsSpan(0, message.Length - 1), MessageSection.Additional, RecordType.OPT, out _));
    }

    [Theory]
    [InlineData("query with bytes after its OPT", true)]
    [InlineData("query with an option past its OPT's end", true)]
    [InlineData("query with cookie, padding and DO", false)]
    [InlineData("answer with a loop of pointers", false)]
    [InlineData("query whose name points to itself", false)]
    public void Bytes_after_the_last_record_are_seen(string shape, bool expected) =>
        Assert.Equal(expected, MessageFacts.HasTrailingBytes(Corpus.Messages[shape]));

    [Theory]
    [InlineData("query with cookie, padding and DO", 10, true)]
    [InlineData("query with cookie, padding and DO", 12, true)]
    [InlineData("query with cookie, padding and DO", 8, false)]
    [InlineData("query of EDNS version 1", 12, true)]
    [InlineData("query with bytes after its OPT", 12, true)]
    [InlineData("query with a broken option", 12, false)]
    [InlineData("query with an address before its OPT", 12, false)]
    [InlineData("query with TSIG", 12, false)]
    [InlineData("query", 12, false)]
    [InlineData("answer with padding between options", 11, true)]
    [InlineData("answer with addresses after its OPT", 10, true)]
    [InlineData("signed answer", 12, true)]
    public void Options_are_seen_in_a_query_with_the_OPT_alone_and_in_any_answer(string shape, int code, bool expected) =>
        Assert.Equal(expected, MessageFacts.HasOption(Corpus.Messages[shape], (EdnsOption)code));

    [Theory]
    [InlineData("query of EDNS version 1", 1)]
    [InlineData("query with EDNS", 0)]
    [InlineData("answer", 0)]
    [InlineData("query", -1)]
    [InlineData("query with an address before its OPT", -1)]
    [InlineData("answer without EDNS", -1)]
    public void The_OPTs_version_is_read(string shape, int expected)
    {
        bool found = MessageFacts.TryReadEdnsVersion(Corpus.Messages[shape], out byte version);
        Assert.Equal(expected, found ? version : -1);
    }

    [Theory]
    [InlineData("answer of an extended RCODE", 17)]
    [InlineData("name error", 3)]
    [InlineData("query with an address before its OPT", 0)]
    [InlineData("answer without EDNS", -1)]
    [InlineData("answer with an OPT in its answer section", -1)]
    public void A_response_code_of_twelve_bits_needs_an_OPT(string shape, int expected)
    {
        bool found = MessageFacts.TryReadExtendedRcode(Corpus.Messages[shape], out int rcode);
        Assert.Equal(expected, found ? rcode : -1);
    }

    [Theory]
    [InlineData(".", "", "")]
    [InlineData("www.Example.COM", "www.Example.COM", "www.example.com")]
    [InlineData("A\\.b\\\\.c\\000\\255.@", "A\\.b\\\\.c\\000\\255.@", "a\\.b\\\\.c\\000\\255.@")]
    [InlineData("\\032\\033\\126\\127", "\\032!~\\127", "\\032!~\\127")]
    public void A_names_text_for_patterns_has_no_final_dot(string name, string asIs, string lower)
    {
        byte[] wire = Hex.Name(name);
        Assert.Equal(asIs, Text(wire, false));
        Assert.Equal(lower, Text(wire, true));
    }

    [Fact]
    public void A_names_text_fits_the_longest_one_and_is_refused_where_it_does_not_fit()
    {
        byte[] longest = Hex.Name(string.Join('.', Enumerable.Repeat(string.Concat(Enumerable.Repeat("\\000", 62)), 4)) + ".\\000");
        Assert.Equal(255, longest.Length);
        string text = Text(longest, false);
        Span<char> room = stackalloc char[Names.MaxTextLength];
        for (int size = 0; size <= text.Length; size++)
        {
            Assert.Equal(size == text.Length ? size : -1, Names.Format(longest, room[..size], false));
        }

        Assert.Equal(-1, Names.Format([], room, false));
        Assert.Equal(-1, Names.Format([1], room, false));
        Assert.Equal(-1, Names.Format([0xC0, 12], room, false));
    }

    [Fact]
    public void Labels_are_counted_without_the_roots()
    {
        Assert.Equal(0, Names.CountLabels([0]));
        Assert.Equal(3, Names.CountLabels(Hex.Name("www.example.com")));
        Assert.Equal(Names.MaxLabels, Names.CountLabels(Hex.Name(string.Join('.', Enumerable.Repeat("a", Names.MaxLabels)))));
    }

    private static string Text(byte[] wire, bool isLower)
    {
        Span<char> characters = stackalloc char[Names.MaxTextLength];
        Span<byte> bytes = stackalloc byte[Names.MaxTextLength];
        int length = Names.Format(wire, characters, isLower);
        Assert.Equal(length, Names.Format(wire, bytes, isLower));
        string text = characters[..length].ToString();
        Assert.Equal(text, string.Concat(bytes[..length].ToArray().Select(value => (char)value)));
        return text;
    }
}
