using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Tests.Shards;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates.Rules;

/// <summary>Answers that wait because a rule wants them to.</summary>
public class DelayTests
{
    private static readonly DatagramRoute s_route = new();

    [Fact]
    public void They_leave_in_the_order_in_which_they_are_due()
    {
        var delayed = new DelayedAnswers();
        Assert.Equal((0, long.MaxValue), (delayed.Count, delayed.NextDue));
        foreach (byte due in (byte[])[30, 10, 20])
        {
            Assert.True(delayed.TryAdd(due, in s_route, [due], due));
        }

        Assert.Equal((3, 10), (delayed.Count, delayed.NextDue));
        Assert.Empty(Take(delayed, 9));
        Assert.Equal([10, 20], Take(delayed, 29));
        Assert.Equal([30], Take(delayed, long.MaxValue));
        Assert.Equal((0, long.MaxValue), (delayed.Count, delayed.NextDue));
        Assert.Empty(Take(delayed, long.MaxValue));
    }

    [Fact]
    public void As_many_wait_as_may_and_what_was_needed_at_once_is_all_that_is_allocated()
    {
        var delayed = new DelayedAnswers();
        byte[] answer = new byte[600];
        void Round()
        {
            for (int due = 0; due < DelayedAnswers.Capacity; due++)
            {
                delayed.TryAdd(0, in s_route, answer, due);
            }

            while (delayed.TryTake(long.MaxValue, out _))
            {
            }
        }

        Round();
        Allocations.AssertNone(Round);
        for (int due = 0; due < DelayedAnswers.Capacity; due++)
        {
            Assert.True(delayed.TryAdd(0, in s_route, answer, due));
        }

        Assert.False(delayed.TryAdd(0, in s_route, answer, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_backend_answer_waits_whichever_rule_says_so(bool isForAnswers)
    {
        var delay = new DelayAction(50, isForAnswers);
        using GateBench bench = (isForAnswers ? Rulebook.Answers(delay) : Rulebook.Queries(delay)).Bench();
        bench.Receive(GateBench.Query());
        Assert.Single(bench.Forwarded);
        bench.Answer(bench.Forwarded[0], GateBench.Answer(GateBench.Query(), 60));
        Assert.Equal((0, 0, 0), (bench.Datagrams.Count, bench.Table.Count, bench.Table.Decisions));
        Assert.Equal(bench.Shard.Clock.Now + 50_000, bench.Udp.NextDue);
        bench.PassTime(49);
        Assert.Empty(bench.Datagrams);
        bench.PassTime(1);
        Assert.Equal(GateBench.Answer(GateBench.Query(), 60), Assert.Single(bench.Datagrams));
        Assert.Equal(long.MaxValue, bench.Udp.NextDue);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answer_made_here_waits_and_so_does_a_failure(bool isFailure)
    {
        using GateBench bench = Rulebook.Queries(isFailure ? [] : [Rulebook.Answering(Rcode.ServFail)]).Own(new DelayAction(50, isForAnswers: true)).Bench();
        bench.Receive(GateBench.Query());
        bench.Forwarded.ForEach(index => bench.Fail(index, FailureKind.TimedOut));
        Assert.Empty(bench.Datagrams);
        bench.PassTime(50);
        Assert.Equal(Rcode.ServFail, Header.Rcode(Assert.Single(bench.Datagrams)));
    }

    [Fact]
    public void What_waits_is_cut_for_its_client()
    {
        using GateBench bench = Rulebook.Answers(new DelayAction(50, isForAnswers: true)).Bench();
        bench.Receive(GateBench.Query());
        bench.Answer(bench.Forwarded[0], GateBench.Answer(GateBench.Query(), [.. Enumerable.Repeat(60u, 100)]));
        bench.PassTime(50);
        Assert.True(Header.IsTruncated(Assert.Single(bench.Datagrams)));
    }

    [Fact]
    public void When_as_many_wait_as_may_others_are_sent_at_once()
    {
        using GateBench bench = Rulebook.Queries(new DelayAction(1000), Rulebook.Answering(Rcode.Refused)).Bench();
        for (int times = 0; times <= DelayedAnswers.Capacity; times++)
        {
            bench.Receive(GateBench.Query());
        }

        Assert.Single(bench.Datagrams);
        bench.PassTime(1000);
        Assert.Equal(DelayedAnswers.Capacity + 1, bench.Datagrams.Count);
    }

    [Fact]
    public void A_shard_wakes_for_them_and_sends_them_in_their_time()
    {
        using ShardBench bench = Begun();
        bench.Ask(7);
        bench.Turn();
        Assert.InRange(bench[0].Patience(), 1, 30);
        bench.Pass(29, step: 29);
        Assert.Empty(bench.Answers);
        bench.Pass(1);
        Assert.Equal([(7, Rcode.Refused)], bench.Answers);
    }

    [Fact]
    public void A_shard_that_ends_sends_what_waits()
    {
        using ShardBench bench = Begun();
        bench.Ask(7);
        bench.Turn();
        bench[0].End();
        Assert.Equal([(7, Rcode.Refused)], bench.Answers);
    }

    [Fact]
    public void A_frontend_stays_until_what_waits_has_left_by_it()
    {
        using ShardBench bench = Begun();
        bench.Ask(7);
        bench.Turn();
        bench.Change(0, shard => shard.RemoveFrontend(bench.Frontends[0]));
        bench.Pass(29, step: 1);
        Assert.Empty(bench.Ring().ClosedDatagramSockets);
        bench.Pass(1);
        Assert.Equal([(7, Rcode.Refused)], bench.Answers);
        bench.Pass(1000);
        Assert.Single(bench.Ring().ClosedDatagramSockets);
    }

    private static ShardBench Begun()
    {
        Settings.ProxyOptions options = ShardBench.Options.Queries(new DelayAction(30), Rulebook.Answering(Rcode.Refused));
        ShardBench bench = ShardBench.Begun(options);
        bench.Change(0, shard => shard.Use(Fastdist.Rules.Chains.CompiledRules.Compile(options.Rules, shards: 1, static _ => 0)));
        bench.Turn();
        return bench;
    }

    private static List<int> Take(DelayedAnswers delayed, long now)
    {
        List<int> taken = [];
        while (delayed.TryTake(now, out DelayedAnswers.Waiting waiting))
        {
            Assert.Equal(waiting.Frontend, Assert.Single(waiting.Buffer[..waiting.Length]));
            taken.Add(waiting.Frontend);
        }

        return taken;
    }
}
