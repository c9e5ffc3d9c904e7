using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Rules;
using Fastdist.Shared;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Gates.Rules;

public class RuleAllocationTests
{
    [Fact]
    public void A_query_and_its_answer_pass_all_kinds_of_rules_without_allocation()
    {
        RuleAction[] queries =
        [
            new TagAction("q", "1"), new SwitchAction(Switch.NoRecurse), new EdnsOptionAction(65001, [1]), new PoolAction("other", stops: false), new LimitAction(uint.MaxValue),
            new ContinueAction(new SpoofAddressesAction([IPAddress.Loopback, IPAddress.IPv6Loopback], new AnswerTraits())), new ExtendedErrorAction(15, "why", clears: true), new DelayAction(0),
        ];
        RuleAction[] answers =
        [
            new TtlRangeAction(1, 30, [RecordType.A], ""), new ReducedTtlAction(50), new EdnsOptionAction(65001, [1], isForAnswers: true), new ClearTypesAction([RecordType.A]),
            new TagAction("a", "1", isForAnswers: true), new UntagAction("q", isForAnswers: true), new DropAction(isForAnswers: true),
        ];
        Rule[] asked = [.. queries.Select(static action => Rulebook.On(new TypeSelector(action is ContinueAction ? RecordType.AAAA : RecordType.A), action))];
        using GateBench bench = Rulebook.Answers(answers).Own(new DropAction(isForAnswers: true)).With(ChainKind.Query, asked).Bench();
        byte[][] messages = [GateBench.Query(), GateBench.Query(payloadSize: 1232), GateBench.Query(RecordType.AAAA)];
        byte[][] replies = [.. messages.Select(static query => GateBench.Answer(query, 60, 60))];
        var route = new DatagramRoute { Peer = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, 40000)) };
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < messages.Length; i++)
            {
                bench.Udp.Received(0, messages[i], in route, wasCut: false);
                foreach (int index in bench.Forwarded)
                {
                    bench.Answer(index, replies[i]);
                }

                bench.Forwarded.Clear();
            }
        });
        Assert.Empty(bench.Datagrams);
        Assert.Equal((0, 0, 0), (bench.TagsLeft(), bench.Table.Decisions, bench.Table.Count));
        Assert.True(bench.Counters.RuleDrops > 0 && bench.Counters.RuleDrops == bench.Counters.Queries);
    }
}
