using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>Backends whose answers take longer than a health check may.</summary>
[Trait("Row", "A4")]
public sealed class SlowAnswerTests
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(700);

    private static readonly string[] s_patience = ["checkTimeout=300", "silenceTimeout=300", "queryTimeout=20000"];

    public static MatrixTheoryData<string, string> Ways => new(["io_uring", "epoll"], ["dot", "tcp", "udp"]);

    [Theory, MemberData(nameof(Ways))]
    public async Task Every_query_is_answered_although_no_answer_is_quick(string ring, string transport)
    {
        const int Queries = 20;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(transport, session => AnswersLate(session, _ => true), checks: true);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", s_patience), "--io", ring, "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendAsync([.. Enumerable.Range(0, Queries).Select(id => Message.Query($"q{id}.load.test", id: id))]);

        Assert.All((await client.ReceiveManyAsync(Queries)).Values, answer => Assert.Equal(Rcode.NoError, answer.Rcode));
        Assert.Equal(0, (await fastdist.CountersAsync()).Backend("one")["gave-up"]);
        Assert.Empty(fastdist.Told(LogEvent.ConnectionFailed));
    }

    [Fact]
    public async Task A_backend_is_marked_up_when_only_the_first_answers_of_a_connection_are_late()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(session => AnswersLate(session, number => number <= 2), checks: true);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Server(backend.EndPoint, "one", s_patience), "--shards", "1");

        await fastdist.MarkedUpAsync("one");

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
    }

    private static async Task AnswersLate(RogueSession session, Func<int, bool> isLate)
    {
        int number = 0;
        await foreach (byte[] query in session.QueriesAsync())
        {
            _ = AnswerAsync(query, isLate(++number));
        }

        async Task AnswerAsync(byte[] query, bool late)
        {
            if (late)
            {
                await Task.Delay(s_pause, session.Stopping);
            }

            await session.AnswerAsync(Message.Answer(query));
        }
    }
}
