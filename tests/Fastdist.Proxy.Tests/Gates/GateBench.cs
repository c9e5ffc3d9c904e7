using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Cache;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Tests.Frontends;
using Fastdist.Proxy.Tests.Machines;
using Fastdist.Ring;
using Fastdist.Rules.Chains;
using Fastdist.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Gates;

/// <summary>A shard's gate and its UDP frontend between a client and nobody: what passes is noted down.</summary>
internal sealed class GateBench : IDisposable, IForwarder
{
    private static readonly SocketAddress s_local = SocketAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.53"), 53));

    private readonly FakeRing _ring = new();
    private readonly AnswerSide _answers;
    private readonly List<PacketCache> _caches = [];

    /// <param name="judges">Who decides; without any those of the settings.</param>
    public GateBench(params IJudge[] judges)
        : this(new ProxyOptions { Frontends = [], Backends = [] }, capacity: 4, judges)
    {
    }

    public GateBench(ProxyOptions options, int capacity, params IJudge[] judges)
        : this(options, capacity, longBudget: 100_000, judges)
    {
    }

    public GateBench(ProxyOptions options, int capacity, int longBudget, params IJudge[] judges)
    {
        Table = new InFlightTable(capacity, longBudget);
        Shard = new ShardContext(0, options, Machine, NullLogger.Instance, Table) { Ring = _ring };
        Rules = CompiledRules.Compile(options.Rules, shards: 1, static name => Array.IndexOf(Pools, name), options.ClientRate is { } limit ? new RateLimit(limit) : null);
        Gate = new Gate(Shard, this, judges.Length > 0 ? judges : Gate.JudgesOf(options, Rules, Shard));
        Gate.Own.Use(Rules);
        Gate.Hits.Use(Rules);
        FrontendSet frontends = options.Frontends.Count > 0 ? TestFrontends.Of(options, static _ => null) : TestFrontends.Plain();
        Counters = frontends[0].Udp;
        Udp = new UdpFrontends(Shard, Gate, frontends);
        Udp.Add(0, in s_local);
        Table.Register(Udp);
        Table.Register(Udp.Refresher);
        _answers = new AnswerSide(Shard);
        _answers.Use(Rules);
    }

    /// <summary>Names of pools that rules may send queries to, in the order of their numbers.</summary>
    public static string[] Pools { get; } = ["", "other", "third"];

    public HandMachine Machine { get; } = new();

    public ShardContext Shard { get; }

    /// <summary>The rules that decide.</summary>
    public CompiledRules Rules { get; }

    public InFlightTable Table { get; }

    public Gate Gate { get; }

    public UdpFrontends Udp { get; }

    public FrontendCounters Counters { get; }

    /// <summary>Places of the queries that passed, in order.</summary>
    public List<int> Forwarded { get; } = [];

    /// <summary>What the client got, in order.</summary>
    public List<byte[]> Datagrams => _ring.Datagrams;

    /// <summary>Where that was sent.</summary>
    public List<DatagramRoute> Routes => _ring.Routes;

    public bool IsSaturated { get; set; }

    bool IForwarder.IsSaturated(int pool) => IsSaturated;

    /// <summary>A query.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="opcode">Its opcode.</param>
    /// <param name="payloadSize">What its OPT says; 0 for none.</param>
    /// <param name="name">Its name.</param>
    public static byte[] Query(RecordType type = RecordType.A, Opcode opcode = Opcode.Query, ushort payloadSize = 0, string name = "www.example.com")
    {
        Span<byte> wire = stackalloc byte[256];
        Names.TryParse(name, wire, out int nameLength);
        byte[] message = new byte[QueryWriter.MaxSize];
        int length = payloadSize == 0
            ? QueryWriter.Write(message, 0x1234, wire[..nameLength], type)
            : QueryWriter.WriteWithEdns(message, 0x1234, wire[..nameLength], type, payloadSize);
        message[2] |= (byte)((int)opcode << 3);
        return message[..length];
    }

    /// <summary>The answer to a query: its question, and A records behind it.</summary>
    public static byte[] Answer(byte[] query, params uint[] ttls)
    {
        int question = Header.AdditionalCount(query) == 0 ? query.Length : query.Length - 11;
        byte[] records = [.. ttls.SelectMany(ttl => (byte[])[0xC0, 12, 0, 1, 0, 1, (byte)(ttl >> 24), (byte)(ttl >> 16), (byte)(ttl >> 8), (byte)ttl, 0, 4, 192, 0, 2, 1])];
        byte[] answer = [.. query[..question], .. records, .. query[question..]];
        answer[2] |= 0x80;
        answer[7] = (byte)ttls.Length;
        return answer;
    }

    /// <summary>Has a datagram come.</summary>
    public void Receive(byte[] message, bool wasCut = false, string peer = "127.0.0.1")
    {
        var route = new DatagramRoute { Peer = SocketAddress.From(new IPEndPoint(IPAddress.Parse(peer), 40000)) };
        Udp.Received(0, message, in route, wasCut);
    }

    /// <summary>Has a backend answer a query that passed.</summary>
    public void Pass(int index, ReadOnlySpan<byte> received)
    {
        _answers.TakeIn(index, received);
        _answers.Pass(index, received.Length);
    }

    /// <summary>The same, after which it has ended.</summary>
    public void Answer(int index, ReadOnlySpan<byte> received)
    {
        Pass(index, received);
        Table.Remove(index);
    }

    /// <summary>Has a query fail, after which it has ended.</summary>
    public void Fail(int index, FailureKind kind)
    {
        Table.AskerOf(in Table[index]).Failed(in Table[index], Table.Message(index), new QueryFailure(kind, default));
        Table.Remove(index);
    }

    /// <summary>Lets time go by, and what is due then be sent.</summary>
    public void PassTime(int milliseconds)
    {
        // A shard's clock takes longer steps for a stop of the machine.
        const int Step = 100_000;
        for (long rest = milliseconds * 1000L; rest > 0; rest -= Step)
        {
            Machine.Now += Math.Min(rest, Step);
            Shard.Clock.Advance();
            Udp.SendDue(Shard.Clock.Now);
        }
    }

    /// <summary>Has a pool have a cache.</summary>
    public PacketCache UseCache(CacheOptions options, int pool = 0)
    {
        _caches.Add(new PacketCache(options, shards: 1));
        Shard.Caches.Use(pool, _caches[^1]);
        return _caches[^1];
    }

    public void Forward(int index) => Forwarded.Add(index);

    public void Dispose()
    {
        Table.Dispose();
        _caches.ForEach(static cache => cache.Dispose());
    }

    /// <summary>One who decides as a test says.</summary>
    internal sealed class Judge(Judge.Deciding decide) : IJudge
    {
        public delegate Fate Deciding(in Query query, in Origin origin, Judgement judgement);

        /// <summary>How often it was asked.</summary>
        public int Asked { get; private set; }

        Fate IJudge.Judge(in Query query, in Origin origin, Judgement judgement)
        {
            Asked++;
            return decide(in query, in origin, judgement);
        }
    }
}
