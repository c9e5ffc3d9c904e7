using System.Text;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Backends that are told clients' networks, and leave their pool with queries in flight, or come into one where nobody was told.</summary>
public class LeftPoolTests
{
    [Fact]
    public void What_was_said_of_one_network_is_not_kept_where_nobody_is_told_any_more()
    {
        using BackendBench bench = Bench().Sharing(0);
        bench.Ask(Ask(1), peer: "198.51.100.1");
        bench.Part(0, 0);
        bench.AnswerAll(0);
        Assert.Equal((1, 0L), (bench.Datagrams.Count, bench.Kept));
    }

    [Fact]
    public void What_was_said_of_one_network_is_not_given_to_who_waited_when_nobody_was_told_yet()
    {
        using BackendBench bench = Bench().Sharing(1);
        bench.JoinSecond(1);
        bench.Ask(Ask(1), peer: "198.51.100.1", decide: static (ref decision) => decision.Pool = 1);
        bench.Ask(Ask(2), peer: "203.0.113.1", decide: static (ref decision) => decision.Pool = 1);
        Assert.Equal((0, 1, 1L), (bench.SentTo(0).Length, bench.SentTo(1).Length, bench.Shared));
        bench.JoinSecond(0);
        bench.Pass(1500);
        Assert.True(bench.IsAsked(0));
        bench.AnswerDatagram(0);
        Assert.Single(bench.Datagrams);
        bench.Flush();
        bench.AnswerAll(0);
        bench.AnswerAll(1);
        Assert.Equal((2, 0), (bench.Datagrams.Count, bench.Groups));
    }

    private static BackendBench Bench() =>
        BackendBench.OverUdp(BackendBench.UdpOptions(1) with { UseClientSubnet = true }, BackendBench.UdpOptions(2) with { UseClientSubnet = false });

    private static byte[] Ask(ushort id) => [(byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, .. Encoding.ASCII.GetBytes("a"), 0, 0, 1, 0, 1];
}
