using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.PlainDns;

/// <summary>What whoever would forge an answer has to guess, as a backend sees it (RFC 5452 section 9.2).</summary>
[Collection(LoadCollection.Name)]
public sealed class IdTests
{
    private const int Queries = 100_000;
    private const int QueriesPerSocket = 2_000;

    /// <summary>Sockets of the one shard.</summary>
    private const int Sockets = 4;

    [Fact]
    public async Task IDs_and_ports_of_100_000_queries_cannot_be_guessed_and_no_port_has_one_ID_twice_at_once()
    {
        await using var lab = new Lab();
        var record = new Record();
        RogueDatagrams backend = lab.Datagrams(record.Answer);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one"), "--shards", "1");

        DnsperfResult load = await Dnsperf.RunAsync(lab.Scratch, "udp", fastdist.Listen, Queries, "-c", "8", "-q", "1000");

        Assert.True(load is { NoError: Queries, Lost: 0 }, load.Text);
        Assert.Equal((Queries, 0), (record.Ids.Count, record.Twice));
        IsRandom(record.Ids.Select(id => id >> 8), 256);
        IsRandom(record.Ids.Select(id => id & 0xff), 256);
        IsRandom(record.Ids.Zip(record.Ids.Skip(1), (one, next) => (next - one) & 0xff), 256);

        int[] ports = [.. record.Ports.Distinct()];
        Assert.InRange(ports.Length, Queries / QueriesPerSocket * 3 / 4, 10 * Queries / QueriesPerSocket);
        IsRandom(ports.Select(port => (port - 32_768) * 8 / (61_000 - 32_768)), 8);

        // Each is drawn anew: the same as before comes every fourth time.
        double same = record.Ports.Zip(record.Ports.Skip(1)).Count(pair => pair.First == pair.Second) / (double)Queries;
        Assert.InRange(same, 0.8 / Sockets, 1.2 / Sockets);
    }

    /// <summary>Pearson's test: how unevenly random values fall is six standard deviations off at the most.</summary>
    private static void IsRandom(IEnumerable<int> values, int kinds)
    {
        int[] counts = new int[kinds];
        foreach (int value in values)
        {
            counts[value]++;
        }

        double expected = counts.Sum() / (double)kinds;
        double chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        double deviation = Math.Sqrt(2.0 * (kinds - 1));
        Assert.InRange(chiSquare, kinds - 1 - (6 * deviation), kinds - 1 + (6 * deviation));
    }

    /// <summary>Takes down what is asked, and owes an answer to some hundred queries at any time, so that many are out at once.</summary>
    private sealed class Record
    {
        private const int Owed = 100;

        private readonly Queue<ReceivedDatagram> _owed = [];
        private readonly Dictionary<(IPEndPoint Source, int Id), string> _names = [];
        private readonly HashSet<(IPEndPoint Source, int Id)> _out = [];

        /// <summary>IDs of the queries in order of arrival; those sent again once.</summary>
        public List<int> Ids { get; } = [];

        /// <summary>The ports they came from.</summary>
        public List<int> Ports { get; } = [];

        /// <summary>How often one came from a port under an ID that was owed another's answer.</summary>
        public int Twice { get; private set; }

        public void Answer(RogueDatagrams server, ReceivedDatagram datagram)
        {
            var key = (datagram.Source, Message.Id(datagram.Query));
            string name = Message.Name(datagram.Query);
            bool isAgain = _names.GetValueOrDefault(key) == name;
            if (!isAgain)
            {
                Twice += _out.Contains(key) ? 1 : 0;
                _names[key] = name;
                Ids.Add(key.Item2);
                Ports.Add(datagram.Source.Port);
            }

            // What is asked again waits for an answer that nobody's query will push out.
            _out.Add(key);
            _owed.Enqueue(datagram);
            while (_owed.Count > (isAgain ? 0 : Owed))
            {
                ReceivedDatagram next = _owed.Dequeue();
                _out.Remove((next.Source, Message.Id(next.Query)));
                server.Send(Message.Answer(next.Query), next.Source);
            }
        }
    }
}
