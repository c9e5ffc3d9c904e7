using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Shards;
using Fastdist.Proxy.Tests.Backends;
using Fastdist.Proxy.Tests.Frontends;
using Fastdist.Proxy.Tests.Machines;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Streams.Tests;
using Microsoft.Extensions.Logging;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Shards;

/// <summary>Whole shards on a machine without sockets and threads: each has a turn when a test gives it one.</summary>
internal sealed class ShardBench : IDisposable
{
    private readonly ShardMachine _machine = new();
    private readonly Shard[] _shards;
    private int _descriptors;

    public ShardBench(ProxyOptions options)
    {
        Limits = new ClientLimits(options.ClientLimits);
        Frontends = [.. options.Frontends.Select((f, number) => new SharedFrontend(number, f, options.Shards))];
        var complaints = new Complaints(Log);
        _shards = new Shard[options.Shards];
        for (int id = 0; id < _shards.Length; id++)
        {
            _shards[id] = new Shard(id, options, _machine, _shards, Limits, complaints, Log);
        }

        int[] pools = options.PoolsOfFrontends();
        foreach (SharedFrontend frontend in Frontends)
        {
            Array.ForEach(_shards, shard => shard.Post(new Message(MessageKind.Change, Change: s => s.AddFrontend(
                frontend, new ShardSockets { Datagrams = { 1 }, Listeners = { 2, 3 } }, context: null, pools[frontend.Slot]))));
        }
    }

    /// <summary>One shard, with one frontend over UDP and TCP.</summary>
    public static ProxyOptions Options { get; } = ClientBench.With(ClientBench.Plain);

    public HandMachine Machine => _machine;

    /// <summary>What was said.</summary>
    public Listener Log { get; } = new();

    /// <summary>The process's count of clients.</summary>
    public ClientLimits Limits { get; }

    /// <summary>What the shards share of each frontend.</summary>
    public SharedFrontend[] Frontends { get; }

    /// <summary>Each frontend's connections that count.</summary>
    public ConnectionCount[] Places => [.. Frontends.Select(static frontend => frontend.Limit)];

    public Shard this[int shard] => _shards[shard];

    /// <summary>Shards that have begun.</summary>
    public static ShardBench Begun(ProxyOptions options)
    {
        var bench = new ShardBench(options);
        Array.ForEach(bench._shards, static shard => shard.Begin());
        bench.Turn();
        return bench;
    }

    /// <summary>A shard with a backend that is always up and has its connection.</summary>
    public static ShardBench WithBackend(ProxyOptions options)
    {
        ShardBench bench = Begun(options);
        bench.Backend = new SharedBackend(0, BackendBench.Options(1) with { HealthCheckMode = HealthCheckMode.Up, QueryTimeout = 2000 }, options.Shards);
        bench.Change(0, shard => shard.AddBackend(bench.Backend, null, 0));
        bench.Turn();
        bench.Ring().Happen(static handler => handler.Connected(StreamTags.ForBackend(0), StreamHandle.None, 0));
        bench.Turn();
        return bench;
    }

    /// <summary>Its backend.</summary>
    public SharedBackend Backend { get; private set; } = null!;

    /// <summary>A shard's ring, once it has begun.</summary>
    public ShardRing Ring(int shard = 0) => _machine.Rings[shard];

    /// <summary>A backend's connection, as the ring sees it.</summary>
    public Wire BackendWire => Ring().WireOf(StreamTags.ForBackend(0));

    /// <summary>A client's connection, as the ring sees it.</summary>
    public Wire ClientWire(int index = 0, int shard = 0) => Ring(shard).WireOf(StreamTags.ForClient(index));

    /// <summary>A turn of every shard.</summary>
    public void Turn() => Array.ForEach(_shards, static shard => shard.Turn());

    /// <summary>Lets time go by in steps, a turn after each.</summary>
    public void Pass(int milliseconds, int step = 20)
    {
        for (int passed = 0; passed < milliseconds; passed += step)
        {
            _machine.Now += Math.Min(step, milliseconds - passed) * 1000;
            Turn();
        }
    }

    /// <summary>Has a shard change something.</summary>
    public bool Change(int shard, Action<Shard> change) => _shards[shard].Post(new Message(MessageKind.Change, Change: change));

    /// <summary>A connection is accepted by a shard.</summary>
    /// <returns>Its descriptor.</returns>
    public int Accept(int shard = 0, string from = "127.0.0.1")
    {
        int descriptor = ++_descriptors;
        _machine.Peers[descriptor] = SocketAddress.From(new IPEndPoint(IPAddress.Parse(from), 40000));
        Ring(shard).Happen(handler => handler.Accepted(0, descriptor));
        return descriptor;
    }

    /// <summary>A client asks over UDP.</summary>
    public void Ask(ushort id)
    {
        var route = new DatagramRoute { Peer = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, 40000)) };
        Ring().Happen(handler => handler.DatagramReceived(0, ClientBench.Query(id), in route, truncated: false));
    }

    /// <summary>The backend answers all it was asked so far.</summary>
    public void AnswerAll()
    {
        byte[] frames = [.. BackendWire.Way];
        BackendWire.Way.Clear();
        for (int at = 0; StreamFraming.TryRead(frames.AsSpan(at), out ReadOnlySpan<byte> message); at += StreamFraming.PrefixSize + message.Length)
        {
            frames[at + StreamFraming.PrefixSize + 2] |= 0x80;
        }

        Ring().Happen(static handler => handler.Sent(StreamTags.ForBackend(0), StreamHandle.None, 0));
        Ring().Happen(handler => handler.Received(StreamTags.ForBackend(0), StreamHandle.None, frames));
    }

    /// <summary>The answers that clients got over UDP.</summary>
    public (int Id, Rcode Rcode)[] Answers => [.. Ring().Datagrams.Select(static answer => ((int)Header.Id(answer), Header.Rcode(answer)))];

    public void Dispose()
    {
        Array.ForEach(_shards, static shard => shard.Context.Descriptors.Dispose());
        Array.ForEach(_shards, static shard => shard.Dispose());
    }

    /// <summary>Notes the numbers of what is said.</summary>
    internal sealed class Listener : ILogger
    {
        public List<int> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Add(eventId.Id);
    }

    private sealed class ShardMachine : HandMachine
    {
        public List<ShardRing> Rings { get; } = [];

        public override Ring.Ring CreateRing(RingMode mode, RingOptions options, IRingHandler handler, out string? reason)
        {
            reason = null;
            Rings.Add(new ShardRing(handler));
            return Rings[^1];
        }
    }
}
