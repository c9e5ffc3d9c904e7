using System;
using System.Buffers.Binary;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Rules.Actions;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates;

public class AnswerSideTests
{
    /// <summary>Of a question for www.example.com, and of an A record behind it.</summary>
    private const int QuestionEnd = 33;
    private const int RecordSize = 16;

    private static readonly ErrorNote s_filtered = new((ushort)ExtendedError.Filtered, [], Clears: false);

    [Fact]
    public void An_answer_goes_to_whoever_asked_under_the_ID_it_asked_with()
    {
        using var bench = new GateBench();
        byte[] query = GateBench.Query();
        bench.Receive(query);
        byte[] answer = GateBench.Answer(query, 60);
        answer[0] = answer[1] = 0xEE;
        bench.Pass(bench.Forwarded[0], answer);
        Assert.Equal(0x1234, Header.Id(Assert.Single(bench.Datagrams)));
        Assert.Equal((1, 1), (bench.Counters.Responses, bench.Counters.NoErrorAnswers));
    }

    [Fact]
    public void What_was_received_stays_as_it_is_since_the_next_frame_lies_behind_it()
    {
        using var bench = Deciding((ref decision) => (decision.MaxTtl, decision.Error) = (5, s_filtered));
        byte[] query = GateBench.Query(payloadSize: 1232);
        bench.Receive(query);
        byte[] answer = GateBench.Answer(query, 60);
        byte[] received = [.. answer, 1, 2, 3, 4, 5, 6, 7, 8];
        byte[] before = [.. received];
        bench.Pass(bench.Forwarded[0], received.AsSpan(0, answer.Length));
        Assert.Equal(before, received);
        Assert.Equal(answer.Length + 6, Assert.Single(bench.Datagrams).Length);
    }

    [Fact]
    public void Its_TTLs_are_at_most_what_was_decided()
    {
        using var bench = Deciding((ref decision) => decision.MaxTtl = 30);
        byte[] query = GateBench.Query();
        bench.Receive(query);
        bench.Pass(bench.Forwarded[0], GateBench.Answer(query, 29, 31, 3600));
        byte[] sent = Assert.Single(bench.Datagrams);
        Assert.Equal([29u, 30u, 30u], Enumerable.Range(0, 3).Select(i => BinaryPrimitives.ReadUInt32BigEndian(sent.AsSpan(QuestionEnd + (i * RecordSize) + 6))));
    }

    [Fact]
    public void It_says_why_where_that_was_decided_and_the_client_speaks_EDNS()
    {
        using var bench = Deciding((ref decision) => decision.Error = s_filtered);
        foreach (byte[] query in (byte[][])[GateBench.Query(payloadSize: 1232), GateBench.Query()])
        {
            bench.Receive(query);
            bench.Pass(bench.Forwarded[^1], GateBench.Answer(query, 60));
        }

        Assert.Equal([0, 15, 0, 2, 0, (byte)ExtendedError.Filtered], bench.Datagrams[0][^6..]);
        Assert.Equal(QuestionEnd + RecordSize, bench.Datagrams[1].Length);
    }

    [Fact]
    public void It_is_cut_last_when_all_of_it_was_seen()
    {
        using var bench = Deciding((ref decision) => decision.Error = s_filtered);
        byte[] query = GateBench.Query(payloadSize: 512);
        bench.Receive(query);
        byte[] answer = GateBench.Answer(query, [.. Enumerable.Repeat(60u, (512 - query.Length) / RecordSize)]);
        Assert.InRange(answer.Length, 507, 512);
        bench.Pass(bench.Forwarded[0], answer);
        Assert.True(Header.IsTruncated(Assert.Single(bench.Datagrams)));
    }

    private delegate void Decide(ref Decision decision);

    private static GateBench Deciding(Decide decide) => new(new GateBench.Judge((in query, in origin, judgement) =>
    {
        decide(ref judgement.Decision);
        return Fate.Forward;
    }));
}
