using System;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Rules.Actions;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates.Rules;

/// <summary>The answers that rules make, byte for byte.</summary>
public class OwnAnswerTests
{
    private const string Opt = "00002904D0000000000000";
    private const string OptWithDo = "00002904D0000080000000";

    private static readonly IPAddress s_v4 = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress s_v6 = IPAddress.Parse("2001:db8::7");

    [Theory]
    [InlineData("0100", "8185")]
    [InlineData("0000", "8005")]
    [InlineData("0110", "8195")]
    [InlineData("0520", "8585")]
    public void An_outcome_has_the_ID_RD_CD_and_AA_of_the_query_RA_as_RD_and_no_AD(string asked, string answered)
    {
        byte[] answer = Ask(Rulebook.Answering(Rcode.Refused), WithFlags(GateBench.Query(), asked));
        Assert.Equal(answered, answer.Flags());
        Assert.Equal((1, 0, 0, 0), answer.Counts());
        Assert.Equal(GateBench.Query()[Header.Size..], answer[Header.Size..]);
        Assert.Equal(0x1234, Header.Id(answer));
    }

    [Theory]
    [InlineData(true, null, false, "8585")]
    [InlineData(false, false, false, "8105")]
    [InlineData(null, true, true, "81A5")]
    public void Its_bits_are_what_the_operator_says(bool? authoritative, bool? recursion, bool authentic, string answered)
    {
        var traits = new AnswerTraits { Authoritative = authoritative, RecursionAvailable = recursion, AuthenticData = authentic };
        Assert.Equal(answered, Ask(new RcodeAction((ushort)Rcode.Refused, traits), GateBench.Query()).Flags());
    }

    [Theory]
    [InlineData(0, false, true, 1232, "")]
    [InlineData(4096, false, true, 1232, Opt)]
    [InlineData(512, true, true, 1232, OptWithDo)]
    [InlineData(1232, true, false, 1232, "")]
    [InlineData(1232, false, true, 512, "0000290200000000000000")]
    public void It_has_an_OPT_where_the_query_has_one_with_our_size_and_its_DO(ushort payloadSize, bool dnssecOk, bool addEdns, int ownSize, string records)
    {
        ProxyOptions options = Rulebook.Queries(Rulebook.Answering(Rcode.NXDomain)) with { AddEdnsToSelfAnswers = addEdns, SelfAnswerPayloadSize = ownSize };
        byte[] query = GateBench.Query(payloadSize: payloadSize);
        if (dnssecOk)
        {
            query[^4] = 0x80;
        }

        byte[] answer = Ask(options, query);
        Assert.Equal(records, answer.Records());
        Assert.Equal((1, 0, 0, records.Length > 0 ? 1 : 0), answer.Counts());
    }

    [Fact]
    public void What_the_query_says_besides_is_not_in_it()
    {
        byte[] query = GateBench.Query(payloadSize: 1232);
        int length = query.Length;
        Array.Resize(ref query, length + 12);
        Assert.True(EdnsEdit.TryAddOption(query, ref length, (EdnsOption)10, new byte[8]));
        Assert.Equal(Opt, Ask(Rulebook.Answering(Rcode.NotImp), query).Records());
    }

    [Theory]
    [InlineData(1232, "8180", "00002904D0010000000000")]
    [InlineData(0, "8180", "")]
    public void An_extended_outcome_is_in_the_OPT_and_lost_without_one(ushort payloadSize, string flags, string records)
    {
        byte[] answer = Ask(new RcodeAction(16, new AnswerTraits(), isExtended: true), GateBench.Query(payloadSize: payloadSize));
        Assert.Equal((flags, records), (answer.Flags(), answer.Records()));
    }

    [Theory]
    [InlineData("0100", "8380")]
    [InlineData("0420", "8200")]
    public void To_ask_over_TCP_is_TC_without_AA_and_AD(string asked, string answered)
    {
        using GateBench bench = Rulebook.Queries(new TruncateAction()).Bench();
        bench.Receive(WithFlags(GateBench.Query(payloadSize: 1232), asked));
        byte[] answer = Assert.Single(bench.Datagrams);
        Assert.Equal((answered, Opt), (answer.Flags(), answer.Records()));
        Assert.Equal((1, 1, 1), (bench.Counters.RuleAnswers, bench.Counters.RuleTruncated, bench.Counters.Responses));
    }

    [Theory]
    [InlineData(RecordType.A, "C00C 0001 0001 0000003C 0004 C0000207")]
    [InlineData(RecordType.AAAA, "C00C 001C 0001 0000003C 0010 20010DB8000000000000000000000007")]
    [InlineData(RecordType.TXT, null)]
    public void Addresses_answer_who_asks_for_their_family_and_no_other_type(RecordType type, string? records) =>
        AssertAnswers(new SpoofAddressesAction([s_v4, s_v6], new AnswerTraits()), type, records);

    [Theory]
    [InlineData(RecordType.AAAA)]
    [InlineData(RecordType.HTTPS)]
    public void With_addresses_of_one_family_the_other_is_asked_elsewhere(RecordType type) =>
        AssertAnswers(new SpoofAddressesAction([s_v4], new AnswerTraits()), type, null);

    [Fact]
    public void Any_type_is_answered_with_both_families()
    {
        byte[] answer = Ask(new SpoofAddressesAction([s_v6, s_v4], new AnswerTraits { Ttl = 5 }), GateBench.Query(RecordType.ANY));
        Assert.Equal((1, 2, 0, 0), answer.Counts());
        string records = answer.Records();
        Assert.Contains("C00C0001000100000005", records);
        Assert.Contains("C00C001C000100000005", records);
    }

    [Fact]
    public void Several_addresses_are_all_there_in_an_order_by_lot()
    {
        IPAddress[] addresses = [.. Enumerable.Range(1, 5).Select(last => IPAddress.Parse($"192.0.2.{last}"))];
        using GateBench bench = Rulebook.Queries(new SpoofAddressesAction(addresses, new AnswerTraits())).Bench();
        for (int times = 0; times < 20; times++)
        {
            bench.Receive(GateBench.Query());
        }

        byte[][] orders = [.. bench.Datagrams.Select(static answer => (byte[])[.. Enumerable.Range(0, 5).Select(place => answer[Rulebook.QuestionEnd + (place * 16) + 15])])];
        Assert.All(orders, static order => Assert.Equal("0102030405", Convert.ToHexString([.. order.Order()])));
        Assert.NotEqual(1, orders.Select(Convert.ToHexString).Distinct().Count());
    }

    [Theory]
    [InlineData(RecordType.TXT, null, "C00C 0010 0001 0000003C 0002 0161")]
    [InlineData(RecordType.ANY, null, "C00C 00FF 0001 0000003C 0002 0161")]
    [InlineData(RecordType.ANY, RecordType.TXT, "C00C 0010 0001 0000003C 0002 0161")]
    public void Data_are_records_of_the_type_that_is_asked_for(RecordType type, RecordType? typeForAny, string records) =>
        AssertAnswers(new SpoofRawAction([[1, (byte)'a']], typeForAny, new AnswerTraits()), type, records);

    [Theory]
    [InlineData(RecordType.A)]
    [InlineData(RecordType.SOA)]
    public void A_CNAME_answers_whatever_is_asked_for(RecordType type) =>
        AssertAnswers(new SpoofCnameAction(Name("to.example"), new AnswerTraits()), type, "C00C 0005 0001 0000003C 000C 02746F 076578616D706C65 00");

    [Fact]
    public void A_class_of_the_question_is_that_of_the_record()
    {
        byte[] query = GateBench.Query();
        query[Rulebook.QuestionEnd - 1] = 3;
        Assert.Equal("C00C0001000300", Ask(new SpoofAddressesAction([s_v4], new AnswerTraits()), query).Records()[..14]);
    }

    [Fact]
    public void A_message_is_the_answer_but_for_ID_RD_and_CD()
    {
        byte[] packet = Rulebook.Bytes("FFFF 8593 0001 0000 0000 0000 01 61 00 0001 0001");
        byte[] answer = Ask(new SpoofPacketAction(packet), WithFlags(GateBench.Query(payloadSize: 1232), "0000"));
        Assert.Equal(Rulebook.Bytes("1234 8483 0001 0000 0000 0000 01 61 00 0001 0001"), answer);
    }

    [Theory]
    [InlineData(true, true, "8183", 1, 0)]
    [InlineData(false, true, "8180", 1, 0)]
    [InlineData(true, false, "8183", 0, 1)]
    public void That_there_is_nothing_is_said_with_an_SOA(bool isNxDomain, bool isInAuthority, string flags, int authorities, int additionals)
    {
        var soa = new StartOfAuthority(Name("example"), Name("a"), Name("b"), 1, 2, 3, 4, 5);
        byte[] answer = Ask(new NegativeAction(isNxDomain, soa, 30, isInAuthority, new AnswerTraits()), GateBench.Query());
        Assert.Equal(flags, answer.Flags());
        Assert.Equal((1, 0, authorities, additionals), answer.Counts());
        Assert.Equal("076578616D706C6500 0006 0001 0000001E 001A 016100 016200 00000001 00000002 00000003 00000004 00000005".Replace(" ", ""), answer.Records());
    }

    [Fact]
    public void One_that_does_not_fit_is_not_made_and_the_next_rule_is_asked()
    {
        using GateBench bench = Rulebook.Queries(new SpoofRawAction([new byte[40_000], new byte[40_000]], null, new AnswerTraits()), Rulebook.Answering(Rcode.Refused)).Bench();
        bench.Receive(GateBench.Query(RecordType.TXT));
        Assert.Equal(Rcode.Refused, Header.Rcode(Assert.Single(bench.Datagrams)));
    }

    [Fact]
    public void One_that_the_client_does_not_take_over_UDP_is_cut()
    {
        using GateBench bench = Rulebook.Queries(new SpoofRawAction([new byte[600]], null, new AnswerTraits())).Bench();
        bench.Receive(GateBench.Query(RecordType.TXT));
        bench.Receive(GateBench.Query(RecordType.TXT, payloadSize: 1232));
        Assert.Equal([true, false], bench.Datagrams.ConvertAll(static answer => Header.IsTruncated(answer)));
        Assert.Equal((2, 1), (bench.Counters.Responses, bench.Counters.Truncated));
    }

    [Fact]
    public void They_count_by_what_they_say()
    {
        foreach ((Rcode rcode, (long, long, long) counted) in (ReadOnlySpan<(Rcode, (long, long, long))>)[
            (Rcode.NXDomain, (1, 0, 0)), (Rcode.Refused, (0, 1, 0)), (Rcode.ServFail, (0, 0, 1)), (Rcode.NoError, (0, 0, 0))])
        {
            using GateBench bench = Rulebook.Queries(Rulebook.Answering(rcode)).Bench();
            bench.Receive(GateBench.Query());
            Assert.Equal(counted, (bench.Counters.RuleNXDomain, bench.Counters.RuleRefused, bench.Counters.RuleServFail));
            Assert.Equal((1, 1, 0, 1), (bench.Counters.RuleAnswers, bench.Counters.SelfAnswered, bench.Counters.RuleDrops, bench.Counters.Responses));
        }
    }

    [Fact]
    public void What_is_about_HTTP_is_nothing_to_others() => AssertAnswers(new HttpStatusAction(403, [], ""), RecordType.A, null);

    private static byte[] Ask(RuleAction action, byte[] query) => Ask(Rulebook.Queries(action), query);

    private static byte[] Ask(ProxyOptions options, byte[] query)
    {
        using GateBench bench = options.Bench();
        bench.Receive(query);
        Assert.Empty(bench.Forwarded);
        return Assert.Single(bench.Datagrams);
    }

    /// <summary>An action answers with one record, or leaves the query to the next.</summary>
    private static void AssertAnswers(RuleAction action, RecordType type, string? record)
    {
        using GateBench bench = Rulebook.Queries(action).Bench();
        bench.Receive(GateBench.Query(type));
        Assert.Equal(record is null ? 1 : 0, bench.Forwarded.Count);
        Assert.Equal(record is null ? [] : [record.Replace(" ", "")], bench.Datagrams.ConvertAll(static answer => answer.Records()));
        Assert.All(bench.Datagrams, static answer => Assert.Equal(("8180", (1, 1, 0, 0)), (answer.Flags(), answer.Counts())));
    }

    private static byte[] WithFlags(byte[] query, string flags)
    {
        Convert.FromHexString(flags).CopyTo(query, 2);
        return query;
    }

    private static DomainName Name(string text) =>
        DomainName.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out DomainName? name) ? name : throw new FormatException(text);
}
