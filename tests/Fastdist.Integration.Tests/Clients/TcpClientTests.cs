using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Clients;

/// <summary>How a stream may carry queries, and how their answers come back.</summary>
[Trait("Stage", "1")]
public sealed class TcpClientTests
{
    private const int Largest = 65_535;

    [Theory, ClassData(typeof(Rings))]
    public async Task Queries_may_be_pipelined(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--io", ring);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        for (int id = 0; id < 200; id++)
        {
            await client.SendAsync(Message.Query($"p{id}.load.test", id: id));
        }

        var answers = await client.ReceiveManyAsync(200);
        Assert.All(answers, pair => Assert.Equal($"p{pair.Key}.load.test.", pair.Value.QuestionName));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Several_messages_may_share_a_segment_and_be_cut_anywhere(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--io", ring);
        byte[] two = Message.Framed(Message.Query("a.load.test", id: 1), Message.Query("b.load.test", id: 2));
        for (int cut = 0; cut <= two.Length; cut++)
        {
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
            await client.SendRawAsync(two[..cut]);
            await client.SendRawAsync(two[cut..]);

            var answers = await client.ReceiveManyAsync(2);
            Assert.Equal(["a.load.test.", "b.load.test."], [answers[1].QuestionName, answers[2].QuestionName]);
        }
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_message_may_come_one_byte_at_a_time(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--io", ring);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        foreach (byte one in Message.Framed(Message.Query("slow.load.test", id: 77)))
        {
            await client.SendRawAsync([one]);
        }

        Assert.Equal(77, (await client.ReceiveAsync()).Id);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task The_largest_message_passes_both_ways(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, Largest)]));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--io", ring);
        byte[] query = Message.QueryOfSize("big.load.test", Largest);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendAsync(query, query, query);

        for (int i = 0; i < 3; i++)
        {
            ParsedMessage answer = await client.ReceiveAsync();
            Assert.Equal(Message.AnswerOfSize(query, Largest), answer.Bytes);
        }

        Assert.All(backend.Received, seen => Assert.Equal(query[2..], seen[2..]));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Answers_come_as_they_are_ready_whatever_the_order_of_the_questions(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersBackwards(10));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--io", ring, "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendAsync([.. Enumerable.Range(0, 10).Select(id => Message.Query($"o{id}.load.test", id: id))]);

        var answers = await client.ReceiveManyAsync(10);
        Assert.Equal(Enumerable.Range(0, 10).Reverse(), answers.Keys);
        Assert.All(answers, pair => Assert.Equal($"o{pair.Key}.load.test.", pair.Value.QuestionName));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Equal_IDs_of_different_clients_are_kept_apart(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersBackwards(3));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--io", ring, "--shards", "1");
        using DnsTcpClient first = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        using DnsTcpClient second = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        using var third = new DnsUdpClient(fastdist.Listen);

        await first.SendAsync(Message.Query("first.load.test", id: 5));
        await second.SendAsync(Message.Query("second.load.test", id: 5));
        await third.SendAsync(Message.Query("third.load.test", id: 5));

        Assert.Equal("first.load.test.", (await first.ReceiveAsync()).QuestionName);
        Assert.Equal("second.load.test.", (await second.ReceiveAsync()).QuestionName);
        Assert.Equal("third.load.test.", (await third.ReceiveAsync()).QuestionName);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_has_finished_sending_still_gets_its_answers_and_then_the_end(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--io", ring);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await client.SendAsync(Message.Query("a.load.test", id: 1), Message.Query("b.load.test", id: 2));
        await backend.ReceivedAsync(2);

        client.FinishSending();
        gate.SetResult();

        Assert.Equal([1, 2], (await client.ReceiveManyAsync(2)).Keys.Order());
        await client.UntilClosedAsync();
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_leaves_before_its_answer_harms_nobody(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--io", ring, "--shards", "1");
        using DnsTcpClient leaving = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await leaving.SendAsync(Message.Query("gone.load.test"));
        using DnsTcpClient staying = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await staying.SendAsync(Message.Query("here.load.test"));
        await backend.ReceivedAsync(2);

        leaving.Reset();
        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") == 1, "one connection left");
        gate.SetResult();

        Assert.Equal("here.load.test.", (await staying.ReceiveAsync()).QuestionName);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task An_empty_frame_does_not_stop_the_service(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--io", ring);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendRawAsync([0, 0]);

        await fastdist.CountedAsync(counters => counters.Tcp("noncompliant-queries") == 1, "one noncompliant query");
        Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
    }
}
