using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates.Rules;

/// <summary>What rules change of a query before it goes on, and that its client sees nothing of that.</summary>
public class QueryEditRuleTests
{
    private static readonly EdnsOptionAction s_option = new(65001, [7, 7]);

    [Theory]
    [InlineData("0100", "0000")]
    [InlineData("0110", "0010")]
    [InlineData("0000", "0000")]
    public void Without_recursion_RD_is_cleared_and_the_client_gets_its_own(string asked, string forwarded) => AssertFlags(new SwitchAction(Switch.NoRecurse), asked, forwarded);

    [Theory]
    [InlineData("0100", "0110")]
    [InlineData("0110", "0110")]
    [InlineData("0000", "0010")]
    public void Without_validation_CD_is_set_and_the_client_gets_its_own(string asked, string forwarded) => AssertFlags(new SwitchAction(Switch.DisableValidation), asked, forwarded);

    [Fact]
    public void An_option_makes_an_OPT_which_the_answer_loses()
    {
        using GateBench bench = Rulebook.Queries(s_option).Bench();
        byte[] query = GateBench.Query();
        bench.Receive(query);
        byte[] forwarded = [.. bench.Table.Message(bench.Forwarded[0])];
        Assert.Equal("0000290200000000000006FDE900020707", forwarded.Records());
        Assert.Equal(EdnsTraits.None, bench.Table[bench.Forwarded[0]].Edns);
        bench.Answer(bench.Forwarded[0], GateBench.Answer(GateBench.Query(payloadSize: 4096), 60));
        Assert.Equal(GateBench.Answer(query, 60), Assert.Single(bench.Datagrams));
    }

    [Fact]
    public void A_code_that_needs_the_OPT_is_SERVFAIL_to_who_sent_none()
    {
        using GateBench bench = Rulebook.Queries(s_option).Bench();
        bench.Receive(GateBench.Query());
        byte[] answer = GateBench.Answer(GateBench.Query(payloadSize: 4096));
        answer[^6] = 1;
        bench.Answer(bench.Forwarded[0], answer);
        Assert.Equal((Rcode.ServFail, 0), (Header.Rcode(bench.Datagrams[0]), Header.AdditionalCount(bench.Datagrams[0])));
    }

    [Fact]
    public void An_option_that_the_client_did_not_send_is_taken_out_of_the_answer_and_its_own_is_not()
    {
        using GateBench bench = Rulebook.Queries(s_option, new EdnsOptionAction(10, [1]), new EdnsOptionAction(65001, [8])).Bench();
        byte[] query = With(GateBench.Query(payloadSize: 1232), (10, [9, 9]));
        bench.Receive(query);
        byte[] forwarded = [.. bench.Table.Message(bench.Forwarded[0])];
        Assert.Equal("00002904D000000000000A" + "000A000101FDE9000108", forwarded.Records());
        bench.Answer(bench.Forwarded[0], With(GateBench.Answer(GateBench.Query(payloadSize: 1232)), (10, [3]), (65001, [4]), (65002, [5])));
        Assert.Equal("00002904D000000000000A" + "000A000103FDEA000105", Assert.Single(bench.Datagrams).Records());
    }

    [Fact]
    public void Of_many_options_the_last_four_are_remembered()
    {
        using GateBench bench = Rulebook.Queries([.. Enumerable.Range(65001, 4).Select(static code => new EdnsOptionAction((ushort)code, [1])), new EdnsOptionAction(65001, [1])]).Bench();
        bench.Receive(GateBench.Query(payloadSize: 1232));
        bench.Answer(bench.Forwarded[0], With(GateBench.Answer(GateBench.Query(payloadSize: 1232)), [.. Enumerable.Range(65001, 4).Select(static code => (code, new byte[1]))]));
        Assert.Equal("00002904D0000000000000", Assert.Single(bench.Datagrams).Records());
    }

    [Fact]
    public void One_for_which_there_is_no_room_is_not_set_and_the_query_goes_as_it_is()
    {
        byte[] full = With(GateBench.Query(payloadSize: 1232), (65002, new byte[ushort.MaxValue - Rulebook.QuestionEnd - Rulebook.OptSize - 4]));
        Assert.Equal(ushort.MaxValue, full.Length);
        using GateBench bench = Rulebook.Queries(s_option).Bench();
        bench.Receive(full);
        Assert.Equal(full, bench.Table.Message(bench.Forwarded[0]).ToArray());
    }

    [Fact]
    public void A_query_that_may_not_be_edited_goes_as_it_is()
    {
        byte[] query = [.. GateBench.Query(payloadSize: 1232), 0xFF];
        using GateBench bench = Rulebook.Queries(s_option).Bench();
        bench.Receive(query);
        Assert.Equal(query, bench.Table.Message(bench.Forwarded[0]).ToArray());
    }

    [Fact]
    public void Later_rules_see_the_query_that_goes_on()
    {
        Rule[] rules =
        [
            Rulebook.On(new RecursionDesiredSelector(), new SwitchAction(Switch.NoRecurse)), Rulebook.On(new RecursionDesiredSelector(), new DropAction()),
            Rulebook.On(new EdnsOptionSelector(65001), new DropAction()), Rulebook.On(s_option), Rulebook.On(new EdnsOptionSelector(65001), new PoolAction("other")),
        ];
        using GateBench bench = Rulebook.None.With(ChainKind.Query, rules).Bench();
        bench.Receive(GateBench.Query());
        Assert.Equal([1, 0, 0, 1, 1], rules.Select(static rule => rule.Hits.Total));
    }

    [Theory]
    [InlineData(RecordType.A, "_dns.resolver.arpa")]
    [InlineData(RecordType.AXFR, "www.example.com")]
    public void Answers_made_here_after_that_are_about_what_the_client_asked(RecordType type, string name)
    {
        using GateBench plain = Rulebook.None.Bench(), edited = Rulebook.Queries(s_option, new SwitchAction(Switch.NoRecurse), new SwitchAction(Switch.DisableValidation)).Bench();
        plain.Receive(GateBench.Query(type, name: name));
        edited.Receive(GateBench.Query(type, name: name));
        byte[] expected = Assert.Single(plain.Datagrams), answer = Assert.Single(edited.Datagrams);
        // RA goes by the RD that went on.
        (expected[3], answer[3]) = ((byte)(expected[3] & 0x7F), (byte)(answer[3] & 0x7F));
        Assert.Equal(expected, answer);
    }

    [Fact]
    public void A_rule_that_answers_after_that_does_so_for_what_the_client_asked()
    {
        using GateBench bench = Rulebook.Queries(s_option, new SwitchAction(Switch.NoRecurse), Rulebook.Answering(Rcode.NXDomain)).Bench();
        bench.Receive(GateBench.Query());
        byte[] answer = Assert.Single(bench.Datagrams);
        Assert.Equal(("8183", ""), (answer.Flags(), answer.Records()));
    }

    [Fact]
    public void A_failure_after_that_is_about_what_the_client_asked()
    {
        using GateBench bench = Rulebook.Queries(s_option, new SwitchAction(Switch.NoRecurse), new SwitchAction(Switch.DisableValidation)).Bench();
        bench.Receive(GateBench.Query());
        bench.Fail(bench.Forwarded[0], FailureKind.TimedOut);
        byte[] answer = Assert.Single(bench.Datagrams);
        Assert.Equal(("8102", ""), (answer.Flags(), answer.Records()));
        Assert.Equal((0, 0, 1), (bench.Table.Decisions, bench.Counters.InFlight, bench.Counters.ServFail));
    }

    private static void AssertFlags(RuleAction action, string asked, string forwarded)
    {
        using GateBench bench = Rulebook.Queries(action).Bench();
        byte[] query = GateBench.Query();
        Rulebook.Bytes(asked).CopyTo(query, 2);
        bench.Receive(query);
        byte[] message = [.. bench.Table.Message(bench.Forwarded[0])];
        Assert.Equal(forwarded, message.Flags());
        bench.Answer(bench.Forwarded[0], GateBench.Answer(message, 60));
        Assert.Equal(GateBench.Answer(query, 60), Assert.Single(bench.Datagrams));
        Assert.Equal(0, bench.Table.Decisions);
    }

    private static byte[] With(byte[] message, params IEnumerable<(int Code, byte[] Data)> options)
    {
        byte[] buffer = [.. message, .. new byte[ushort.MaxValue - message.Length]];
        int length = message.Length;
        foreach ((int code, byte[] data) in options)
        {
            Assert.True(EdnsEdit.TryAddOption(buffer, ref length, (EdnsOption)code, data));
        }

        return buffer[..length];
    }
}
