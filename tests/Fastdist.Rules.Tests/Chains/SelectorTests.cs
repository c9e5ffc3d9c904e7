using System;
using System.Linq;
using CsCheck;
using Fastdist.Dns;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Rules.Tests.Chains;

/// <summary>What each selector matches and what it does not, by the facts of dnsdist.</summary>
public class SelectorTests
{
    private static readonly Sample s_query = new() { RecursionDesired = true };
    private static readonly Sample s_edns = s_query with { Options = [10] };
    private static readonly Sample s_answer = s_query with { IsAnswer = true, Rcode = 3, Answers = [RecordType.A, RecordType.A, RecordType.TXT], Options = [15], UpperRcode = 1 };

    private static readonly (string Text, Selector Selector, Sample Fits, Sample DoesNot)[] s_cases =
    [
        ("(All) && (rd==1)", And(new AllSelector(), new RecursionDesiredSelector()), s_query, s_query with { RecursionDesired = false }),
        ("(qtype==A) || (qtype==AAAA)", Or(Type(RecordType.A), Type(RecordType.AAAA)), s_query, s_query with { Type = RecordType.TXT }),
        ("!(qtype==A)", new NotSelector(Type(RecordType.A)), s_query with { Type = RecordType.AAAA }, s_query),
        ("qtype==TYPE1234", Type((RecordType)1234), s_query with { Type = (RecordType)1234 }, s_query),
        ("qclass==3", new ClassSelector(3), s_answer with { Class = 3 }, s_answer),
        ("opcode==5", new OpcodeSelector(Opcode.Update), s_query with { Opcode = Opcode.Update }, s_query with { Opcode = Opcode.Notify }),
        ("qname==www.example.com.", new NameSelector(Name("www.example.com")), s_query with { Name = Name("WWW.example.COM") }, s_query with { Name = Name("a.www.example.com") }),
        ("qname in example.com., net.", Suffixes("example.com", "net"), s_query, s_query with { Name = Name("xexample.com") }),
        ("qname in .", Suffixes(""), s_query, null!),
        ("qname in DNSNameSet(2 FQDNs)", Names("www.example.com", "net"), s_answer, s_query with { Name = Name("a.net") }),
        ("labels count < 1 || labels count > 3", new LabelCountSelector(1, 3), s_query with { Name = DomainName.Root }, s_query),
        ("labels count < 1 || labels count > 3", new LabelCountSelector(1, 3), s_query with { Name = Name("a.b.c.d") }, s_query with { Name = Name("com") }),
        ("wire length < 2 || wire length > 17", new WireLengthSelector(2, 17), s_query with { Name = DomainName.Root }, s_query),
        ("wire length < 1 || wire length > 16", new WireLengthSelector(1, 16), s_query, s_query with { Name = DomainName.Root }),
        ("Regex: ^www\\..*com$", new NamePatternSelector(Pattern("^www\\..*com$")), s_query with { Name = Name("WWW.a.com") }, s_query with { Name = Name("www.a.com.net") }),
        ("RE2 match: [a-z.]*", new NamePatternSelector(Pattern("[a-z.]*", PatternSyntax.Re2)), s_query, s_query with { Name = Name("WWW.example.com") }),
        ("Regex: ^$", new NamePatternSelector(Pattern("^$")), s_query with { Name = DomainName.Root }, s_query),
        ("rd==1", new RecursionDesiredSelector(), s_answer, s_answer with { RecursionDesired = false }),
        ("DNSSEC", new DnssecSelector(), s_edns with { DnssecOk = true }, s_edns),
        ("DNSSEC", new DnssecSelector(), s_query with { CheckingDisabled = true }, s_answer with { DnssecOk = true }),
        ("ednsversion>0", new EdnsVersionSelector(0), s_edns with { Version = 1 }, s_edns),
        ("ednsversion>1", new EdnsVersionSelector(1), s_answer with { Version = 2 }, s_query),
        ("ednsoptcode==10", new EdnsOptionSelector(10), s_edns, s_edns with { Answers = [RecordType.A] }),
        ("ednsoptcode==15", new EdnsOptionSelector(15), s_answer, s_answer with { Options = [] }),
        ("rcode==Non-Existent domain", new RcodeSelector(3), s_answer, s_answer with { Rcode = 0 }),
        ("rcode==No Error", new RcodeSelector(0), s_query, s_answer),
        ("ercode==Bad TKEY Mode", new ExtendedRcodeSelector(19), s_answer, s_answer with { Options = null }),
        ("2 <= records in AN <= 3", new RecordsCountSelector(1, 2, 3), s_answer, s_query),
        ("0 <= records in AR <= 0", new RecordsCountSelector(3, 0, 0), s_query, s_edns),
        ("1 <= TXT records in AN <= 1", new RecordsTypeCountSelector(1, RecordType.TXT, 1, 1), s_answer, s_answer with { Answers = [RecordType.A] }),
        ("0 <= OPT records in AR <= 0", new RecordsTypeCountSelector(3, RecordType.OPT, 0, 0), s_query, s_edns),
        ("payload size is equal to 33", Size(Comparison.Equal, 33), s_query, s_edns),
        ("payload size is greater than 33", Size(Comparison.Greater, 33), s_edns, s_query),
        ("payload size is equal to or greater than 34", Size(Comparison.GreaterOrEqual, 34), s_query with { Behind = [1] }, s_query),
        ("payload size is smaller than 34", Size(Comparison.Smaller, 34), s_query, s_query with { Behind = [1] }),
        ("payload size is equal to or smaller than 33", Size(Comparison.SmallerOrEqual, 33), s_query, s_edns),
        ("trailing data", new TrailingDataSelector(), s_answer with { Behind = [0] }, s_answer),
        ("Src: !192.0.2.7/32, 192.0.2.0/24", Networks(true, "192.0.2.0/24", "!192.0.2.7/32"), s_query, s_query with { Client = Clients.Of("192.0.2.7") }),
        ("Dst: 198.51.100.0/24", Networks(false, "198.51.100.0/24"), s_query, s_query with { Asked = [198, 51, 101, 1] }),
        ("dst port==53", new DestinationPortSelector(53), s_query, s_query with { Local = Clients.Of("198.51.100.1", 853) }),
        ("TCP", new StreamSelector(true), s_query with { Transport = Transport.Https }, s_query),
        ("UDP", new StreamSelector(false), s_answer, s_query with { Transport = Transport.Tls }),
        ("incoming protocol is DoT", new TransportSelector(Transport.Tls, "DoT"), s_query with { Transport = Transport.Tls }, s_query with { Transport = Transport.Tcp }),
        ("SNI == dns.example", new ServerNameSelector("dns.example"), s_query with { ServerName = [.. "dns.example"u8] }, s_query with { ServerName = [.. "Dns.example"u8] }),
        ("tag 'a' is set", new TagSelector("a", null), s_query with { Tags = [("a", "")] }, s_query with { Tags = [("A", "")] }),
        ("tag 'a' is set to '1'", new TagSelector("a", "1"), s_answer with { Tags = [("b", "2"), ("a", "1")] }, s_query with { Tags = [("a", "2")] }),
        ("match with prob. 1.00", new ProbabilitySelector(1), s_query, null!),
    ];

    public static TheoryData<int, string> Cases => [.. s_cases.Select(static (entry, place) => (place, entry.Text))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_matches_what_fits_and_nothing_else(int place, string text)
    {
        (string _, Selector selector, Sample fits, Sample? doesNot) = s_cases[place];
        Assert.Equal(text, $"{selector}");
        Assert.True(TestChain.Matches(selector, fits));
        Assert.False(TestChain.Matches(new NotSelector(selector), fits));
        Assert.False(doesNot is not null && TestChain.Matches(selector, doesNot));
    }

    [Fact]
    public void And_and_Or_ask_until_it_is_known_and_without_parts_say_yes_and_no()
    {
        Assert.True(TestChain.Matches(And(), s_query));
        Assert.False(TestChain.Matches(Or(), s_query));
        Assert.True(TestChain.Matches(And(Or(And(), Or()), new NotSelector(Or()), new NotSelector(new NotSelector(And()))), s_query));
        Assert.False(TestChain.Matches(Or(And(Or(), And()), new NotSelector(And(Type(RecordType.A), new NotSelector(Or())))), s_query));
    }

    [Fact]
    public void What_a_selector_was_made_of_may_change_and_it_does_not()
    {
        var suffixes = new SuffixSet();
        suffixes.Add(Name("example.com"));
        var group = new NetmaskGroup();
        group.TryAdd("192.0.2.0/24");
        Selector[] selectors = [new SuffixSelector(suffixes), new NetmaskSelector(group)];
        suffixes.Remove(Name("example.com"));
        group.Clear();
        Assert.Equal([0, 1], TestChain.Of(selectors).FindAll(s_query));
    }

    [Fact]
    public void Texts_that_would_be_long_may_be_left_out()
    {
        var suffixes = new SuffixSet();
        suffixes.Add(Name("example.com"));
        var group = new NetmaskGroup();
        group.TryAdd("192.0.2.0/24");
        Assert.Equal("qname==in-set", $"{new SuffixSelector(suffixes, isQuiet: true)}");
        Assert.Equal("Src: in-group", $"{new NetmaskSelector(group, isQuiet: true)}");
        Assert.Equal("Dst: in-group", $"{new NetmaskSelector(group, isSource: false, isQuiet: true)}");
    }

    [Fact]
    public void Messages_cut_anywhere_behind_the_question_are_looked_at_by_all_selectors()
    {
        var chain = TestChain.Of(s_cases.Select(static entry => entry.Selector));
        foreach (Sample sample in s_cases.SelectMany(static entry => (Sample?[])[entry.Fits, entry.DoesNot]).OfType<Sample>())
        {
            for (int length = sample.QuestionEnd; length <= sample.Size; length++)
            {
                All(chain, sample, sample.Message[..length]);
            }
        }
    }

    [Fact]
    public void Whatever_stands_behind_the_question_is_looked_at_by_all_selectors()
    {
        var chain = TestChain.Of(s_cases.Select(static entry => entry.Selector));
        Gen.Select(Gen.Byte.Array[8], Gen.Byte.Array[0, 100], Gen.Bool).Sample((counts, behind, isAnswer) =>
        {
            Sample sample = s_query with { IsAnswer = isAnswer };
            byte[] message = [.. sample.Message, .. behind];
            counts.AsSpan(2).CopyTo(message.AsSpan(6));
            All(chain, sample, message);
        });
    }

    private static void All(TestChain chain, Sample sample, byte[] message)
    {
        chain.Runner.Begin();
        for (int rule = chain.Find(sample, message, 0); rule >= 0; rule = chain.Find(sample, message, rule + 1))
        {
            Assert.InRange(rule, 0, chain.Rules.Count - 1);
        }
    }

    private static DomainName Name(string text) => Sample.NameOf(text);

    private static AndSelector And(params Selector[] parts) => new(parts);

    private static OrSelector Or(params Selector[] parts) => new(parts);

    private static TypeSelector Type(RecordType type) => new(type);

    private static PayloadSizeSelector Size(Comparison comparison, int size) => new(comparison, size);

    private static SuffixSelector Suffixes(params string[] names)
    {
        var set = new SuffixSet();
        Array.ForEach(names, name => set.Add(Name(name)));
        return new SuffixSelector(set);
    }

    private static NameSetSelector Names(params string[] names)
    {
        var set = new NameSet();
        Array.ForEach(names, name => set.Add(Name(name)));
        return new NameSetSelector(set);
    }

    private static NetmaskSelector Networks(bool isSource, params string[] networks)
    {
        var group = new NetmaskGroup();
        Array.ForEach(networks, network => Assert.True(group.TryAdd(network)));
        return new NetmaskSelector(group, isSource);
    }

    private static Pattern Pattern(string text, PatternSyntax syntax = PatternSyntax.PosixExtended) =>
        Rules.Patterns.Pattern.TryParse(text, syntax, out Pattern? pattern, out string error) ? pattern : throw new FormatException(error);
}
