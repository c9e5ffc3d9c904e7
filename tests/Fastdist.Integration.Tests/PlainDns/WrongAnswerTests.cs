using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.PlainDns;

/// <summary>Backends whose answers come from elsewhere, too late, or never whole.</summary>
public sealed class WrongAnswerTests
{
    private const int Queries = 20;
    private const int Truncated = 0x8380;

    [Theory, ClassData(typeof(Rings))]
    public async Task Where_a_backend_answers_from_another_address_others_are_asked(string ring)
    {
        await using var lab = new Lab();
        using Socket elsewhere = Datagrams.Bind(new IPEndPoint(IPAddress.Loopback, Ports.NextNumber()));
        RogueDatagrams odd = lab.Datagrams((_, datagram) => RogueDatagrams.SendFrom(elsewhere, Message.Answer(datagram.Query), datagram.Source));
        RogueDatagrams good = lab.Datagrams(RogueDatagrams.Answers);
        FastdistProcess fastdist = await BeforeBothAsync(lab, odd, good, ring);

        Assert.Equal($"{Queries} NoError", Tally.Of(await AskAsync(fastdist)));
        Assert.True(odd.Received.Count > 0);
        Assert.Equal(0, (await fastdist.CountersAsync()).Backend("odd")["responses"]);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Where_one_answers_after_the_deadline_others_are_asked_and_what_comes_late_is_counted(string ring)
    {
        await using var lab = new Lab();
        var late = new ConcurrentQueue<ReceivedDatagram>();
        RogueDatagrams odd = lab.Datagrams((_, datagram) => late.Enqueue(datagram));
        RogueDatagrams good = lab.Datagrams(RogueDatagrams.Answers);
        FastdistProcess fastdist = await BeforeBothAsync(lab, odd, good, ring);

        Assert.Equal($"{Queries} NoError", Tally.Of(await AskAsync(fastdist)));
        Assert.NotEmpty(late);
        foreach (ReceivedDatagram datagram in late)
        {
            odd.Send(Message.Answer(datagram.Query), datagram.Source);
        }

        await fastdist.CountedAsync(counters => counters.Backend("odd")["unknown-id-responses"] == late.Count, $"{late.Count} late answers");
        Assert.Equal(0, (await fastdist.CountersAsync()).Backend("odd")["responses"]);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Where_there_are_none_the_client_gets_SERVFAIL_with_the_reason_at_the_deadline(string ring)
    {
        await using var lab = new Lab();
        RogueDatagrams silent = lab.Datagrams(RogueDatagrams.Never);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(silent, "one", "udpTimeout=1"), "--io", ring);

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("u.load.test", id: 5, edns: 1_232));

        Assert.Equal((5, Rcode.ServFail), (answer.Id, answer.Rcode));
        Assert.NotNull(answer.Edns?.ExtendedError);
        Assert.Equal(1, (await fastdist.CountersAsync()).Backend("one")["timeouts"]);
        Assert.InRange(silent.Received.Count, 2, 5);
        Assert.Single(silent.Received.Select(datagram => (datagram.Source, Message.Id(datagram.Query))).Distinct());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Where_each_answer_is_cut_streams_get_it_over_TCP_and_datagrams_as_it_is(string ring)
    {
        await using var lab = new Lab();
        RogueBackend whole = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, 65_535)]));
        RogueDatagrams cut = lab.Keep(new RogueDatagrams(
            whole.EndPoint, (server, datagram) => server.Send(Message.WithFlags(Message.AnswerFor(datagram.Query), Truncated), datagram.Source)));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(cut, "one"), "--io", ring, "--shards", "1");

        ParsedMessage datagram = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("u.load.test"));
        ParsedMessage stream = await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("t.load.test"));

        Assert.True(datagram.IsTruncated);
        Assert.Equal((false, 65_535), (stream.IsTruncated, stream.Bytes.Length));
        Assert.Equal((2, 1), (cut.Received.Count, whole.Received.Count));
        Assert.Equal(1, (await fastdist.CountersAsync()).Backend("one")["udp-truncated-responses"]);
    }

    private static Task<FastdistProcess> BeforeBothAsync(Lab lab, RogueDatagrams odd, RogueDatagrams good, string ring) => lab.FastdistAsync(
        "--server", lab.Unchecked(odd, "odd"), "--server", lab.Unchecked(good, "good"), "--policy", "roundrobin", "--io", ring, "--shards", "1");

    private static async Task<List<ParsedMessage>> AskAsync(FastdistProcess fastdist)
    {
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        return await client.AskTogetherAsync(Enumerable.Range(0, Queries).Select(i => $"q{i}.load.test"));
    }
}
