using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.PlainDns;

/// <summary>Whoever can send packets in a backend's name, or knows the ports that fastdist asks from, forges answers (RFC 5452).</summary>
public sealed class ForgeryTests
{
    private const int Rounds = 25;
    private const int Together = 20;

    /// <summary>Of each of five kinds for each query.</summary>
    private const int OfEachKind = 10;

    private static readonly byte[] s_address = [192, 0, 2, 1];

    [Theory, ClassData(typeof(Rings))]
    public async Task Fifty_forged_answers_a_query_are_counted_where_they_arrive_and_none_is_delivered(string ring)
    {
        await using var lab = new Lab();
        using Socket otherPort = Datagrams.Bind(Ports.Next());
        using Socket otherAddress = Datagrams.Bind(new IPEndPoint(IPAddress.Loopback, Ports.NextNumber()));
        var ports = new ConcurrentDictionary<IPEndPoint, bool>();
        RogueDatagrams backend = lab.Datagrams((server, datagram) =>
        {
            ports.TryAdd(datagram.Source, true);
            Forge(server, datagram, otherPort, otherAddress, ports.Keys.FirstOrDefault(port => !port.Equals(datagram.Source)));
        });
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one"), "--io", ring, "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        for (int round = 0; round < Rounds; round++)
        {
            List<ParsedMessage> answers = await client.AskTogetherAsync(Enumerable.Range(0, Together).Select(i => $"q{round}-{i}.load.test"));
            Assert.All(answers, answer => Assert.Equal(s_address, Assert.Single(answer.Answers).Data));
        }

        // What went to another of its sockets, which may have been replaced, counts where that was open.
        int queries = backend.Received.Count;
        await fastdist.CountedAsync(counters => Refused(counters.Backend("one")) >= queries * ((2 * OfEachKind) + 1), $"the forged answers to {queries} queries");
        CounterLine line = (await fastdist.CountersAsync()).Backend("one");
        Assert.InRange(line["mismatched-responses"], Rounds * Together * OfEachKind, queries * 2 * OfEachKind);
        Assert.InRange(line["unknown-id-responses"], Rounds * Together * OfEachKind, queries * 3 * OfEachKind);
        Assert.Equal(queries, line["noncompliant-responses"]);
        Assert.True(ports.Count >= 4);
    }

    private static long Refused(CounterLine line) => line["mismatched-responses"] + line["unknown-id-responses"] + line["noncompliant-responses"];

    /// <summary>What is forged comes first, and holds another address than the answer that follows.</summary>
    private static void Forge(RogueDatagrams server, ReceivedDatagram datagram, Socket otherPort, Socket otherAddress, IPEndPoint? otherSocket)
    {
        byte[] answer = Message.Answer(datagram.Query);
        byte[] forged = [.. answer[..^1], 66];
        for (int i = 1; i <= OfEachKind; i++)
        {
            RogueDatagrams.SendFrom(otherPort, forged, datagram.Source);
            RogueDatagrams.SendFrom(otherAddress, forged, datagram.Source);
            server.Send(OtherQuestion(forged), datagram.Source);
            server.Send(Message.WithId(forged, Message.Id(forged) + i), datagram.Source);
            if (otherSocket is not null)
            {
                server.Send(forged, otherSocket);
            }
        }

        server.Send(datagram.Query, datagram.Source);
        server.Send(answer, datagram.Source);
    }

    /// <summary>The first letter of the name is another.</summary>
    private static byte[] OtherQuestion(byte[] message)
    {
        const int FirstLetter = 13;
        byte[] copy = [.. message];
        copy[FirstLetter] = (byte)'z';
        return copy;
    }
}
