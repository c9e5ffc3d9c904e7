using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>Servers that answer what no server should: nothing of it is kept, and who asks next gets what is right.</summary>
public sealed class BadAnswerTests
{
    /// <summary>Of the one record of an answer without OPT: its TTL and its data's length, from the end.</summary>
    private const int TtlFromEnd = 10, LengthFromEnd = 6, NameFromEnd = 16;

    /// <summary>An OPT without options.</summary>
    private static readonly byte[] s_opt = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];

    private static readonly byte[] s_right = [192, 0, 2, 1];

    /// <summary>What is done to a right answer, by the first label of the name that is asked for.</summary>
    private static readonly Dictionary<string, Func<byte[], byte[]>> s_wrongs = new()
    {
        ["header"] = answer => answer[..12],
        ["half-header"] = answer => answer[..7],
        ["half-question"] = answer => answer[..15],
        ["half-record"] = answer => answer[..^8],
        ["half-data"] = answer => answer[..^1],
        ["no-record"] = answer => answer[..^NameFromEnd],
        ["pointer-to-itself"] = answer => With(answer, ^NameFromEnd, (ushort)(0xc000 | (answer.Length - NameFromEnd))),
        ["pointer-ahead"] = answer => With(answer, ^NameFromEnd, (ushort)(0xc000 | (answer.Length - 4))),
        ["pointer-out"] = answer => With(answer, ^NameFromEnd, 0xffff),
        ["reserved-label"] = answer => With(answer, ^NameFromEnd, 0x8000),
        ["long-data"] = answer => With(answer, ^LengthFromEnd, 0xffff),
        ["many-records"] = answer => With(answer, 6, 0xffff),
        ["many-authorities"] = answer => With(answer, 8, 0xffff),
        ["many-additional"] = answer => With(answer, 10, 0xffff),
        ["no-question"] = answer => With(answer, 4, 0),
        ["two-questions"] = answer => With(answer, 4, 2),
        ["other-type"] = answer => With(answer, QuestionEnd(answer) - 4, Message.Txt),
        ["other-class"] = answer => With(answer, QuestionEnd(answer) - 2, 3),
        ["other-name"] = answer => WithByte(answer, 14, (byte)'q'),
        ["other-id"] = answer => With(answer, 0, (ushort)(Message.Id(answer) ^ 1)),
        ["a-query"] = answer => Message.WithFlags(answer, 0x0100),
        ["a-notify"] = answer => Message.WithFlags(answer, 0xa180),
        ["two-opts"] = answer => [.. With(answer, 10, 2), .. s_opt, .. s_opt],
        ["half-opt"] = answer => [.. With(answer, 10, 1), .. s_opt[..^1]],
        ["long-option"] = answer => [.. With(answer, 10, 1), .. s_opt[..^2], 0, 4, 0, 15, 0, 9],
        ["garbage"] = answer => [.. answer.Select((one, i) => i < 12 ? one : (byte)(one ^ 0x5a))],
        ["ones"] = answer => [.. answer[..12], .. Enumerable.Repeat((byte)255, 500)],
        ["brief-and-wrong-address"] = answer => With(WithByte(answer, answer.Length - 1, 66), ^(TtlFromEnd - 2), 0),
        ["ttl-2-to-the-31"] = answer => With(With(WithByte(answer, answer.Length - 1, 66), ^TtlFromEnd, 0x8000), ^(TtlFromEnd - 2), 60),
        ["ttl-of-ones"] = answer => With(With(WithByte(answer, answer.Length - 1, 66), ^TtlFromEnd, 0xffff), ^(TtlFromEnd - 2), 0xffff),
    };

    [Theory, ClassData(typeof(Rings))]
    public async Task Wrong_answers_over_UDP_hurt_nobody_and_are_not_kept(string ring)
    {
        await using var lab = new Lab();
        var isRight = new ConcurrentDictionary<string, bool>();
        RogueDatagrams backend = lab.Datagrams((server, datagram) =>
        {
            string name = Message.Name(datagram.Query);
            byte[] right = Message.AnswerFor(datagram.Query, 300);
            server.Send(isRight.ContainsKey(name) ? right : s_wrongs[name.Split('.')[0]](right), datagram.Source);
        });
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, ["--io", ring, "--shards", "2"],
            $"newServer({{address='{backend.EndPoint}', name='one', healthCheckMode='up', udpTimeout=1, queryTimeout=1000}})", CachedProxy.Usual);

        await Task.WhenAll(s_wrongs.Keys.Select(wrong => AskAsync(proxy, $"{wrong}.load.test.", isRight)));

        CacheStats stats = await proxy.StatsAsync();
        // Two that come at the same moment may not both be kept, which is counted.
        Assert.InRange(stats.Hits, s_wrongs.Count - stats["deferredInserts"], s_wrongs.Count);
        Assert.InRange(stats.Entries, s_wrongs.Count - stats["deferredInserts"], s_wrongs.Count);
    }

    [Fact]
    public async Task Wrong_answers_over_TCP_hurt_nobody_and_are_not_kept()
    {
        await using var lab = new Lab();
        var isRight = new ConcurrentDictionary<string, bool>();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query =>
        {
            string name = Message.Name(query);
            byte[] right = Message.AnswerFor(query, 300);
            return [isRight.ContainsKey(name) ? right : s_wrongs[name.Split('.')[0]](right)];
        }));
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend, "queryTimeout=1000, retries=0"), CachedProxy.Usual);

        // One after the other: what is wrong may end the connection, and with it what others wait for.
        foreach (string wrong in s_wrongs.Keys)
        {
            await AskAsync(proxy, $"{wrong}.load.test.", isRight);
        }

        Assert.Equal(s_wrongs.Count, (await proxy.StatsAsync()).Entries);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(700, false)]
    [InlineData(4_000, false)]
    public async Task Answers_of_hundreds_of_records_are_kept_as_far_as_an_entry_may_be_so_long_and_given_whole(int records, bool isKept)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Message.AnswerFor(query, [.. Enumerable.Range(1_000, records)])]));
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);

        for (int i = 0; i < 3; i++)
        {
            foreach (string way in (string[])["tcp", "dot", "doh"])
            {
                ParsedMessage answer = await proxy.AskAsync(way, Message.Query("x.load.test"));
                Assert.Equal(records, answer.Answers.Count);
                Assert.Equal(Enumerable.Range(0, records).Select(n => (uint)n), answer.Answers.Select(record => record.Ttl - answer.Answers[0].Ttl));
            }

            Assert.True((await proxy.AskAsync("udp", Message.Query("x.load.test"))).IsTruncated);
        }

        Assert.Equal(isKept ? 1 : 12, backend.Asked);
        Assert.Equal(isKept ? 1 : 0, (await proxy.StatsAsync()).Entries);
    }

    [Fact]
    public async Task Records_beside_the_answer_answer_nothing()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(
            query => [Message.Name(query)[0] == 'v' ? Message.Answer(query) : WithVictim(Message.AnswerFor(query, 300))]));
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);

        for (int i = 0; i < 2; i++)
        {
            ParsedMessage poison = await proxy.AskAsync("x.load.test");
            Assert.Equal("v.test.", Assert.Single(poison.Additional).Name);
            ParsedMessage victim = await proxy.AskAsync("v.test");
            Assert.Equal(s_right, Assert.Single(victim.Answers).Data);
        }

        Assert.Equal((1, 1), (backend.CountOf("x.load.test."), backend.CountOf("v.test.")));
    }

    /// <summary>Asks while the server is wrong, whatever the reply; then it is right, and is asked once more.</summary>
    private static async Task AskAsync(CachedProxy proxy, string name, ConcurrentDictionary<string, bool> isRight)
    {
        using (var client = new DnsUdpClient(proxy.Listen))
        {
            byte[] query = Message.Query(name);
            await client.SendAsync(query);
            Assert.True(Message.Id(await client.ReceiveRawAsync()) == Message.Id(query), name);
        }

        isRight[name] = true;
        for (int i = 0; i < 2; i++)
        {
            ParsedMessage answer = await proxy.AskAsync(name);
            Assert.Equal((Rcode.NoError, name), (answer.Rcode, answer.QuestionName));
            Assert.True(answer.Answers is [{ Ttl: <= 300 } record] && record.Data.AsSpan().SequenceEqual(s_right), name);
        }
    }

    private static int QuestionEnd(byte[] answer) => ParsedMessage.Parse(answer).QuestionEnd;

    private static byte[] With(byte[] answer, Index at, ushort value)
    {
        byte[] copy = [.. answer];
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(at.GetOffset(copy.Length)), value);
        return copy;
    }

    private static byte[] WithByte(byte[] answer, int at, byte value)
    {
        byte[] copy = [.. answer];
        copy[at] = value;
        return copy;
    }

    /// <summary>The answer with an address of somebody else's name in its additional section.</summary>
    private static byte[] WithVictim(byte[] answer) =>
        [.. With(answer, 10, 1), 1, (byte)'v', 4, (byte)'t', (byte)'e', (byte)'s', (byte)'t', 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4, 192, 0, 2, 66];
}
