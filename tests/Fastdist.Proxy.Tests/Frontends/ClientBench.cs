using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Tests.Gates;
using Fastdist.Proxy.Tests.Machines;
using Fastdist.Rules.Chains;
using Fastdist.Settings;
using Fastdist.Streams.Tests;
using Fastdist.Tls;
using Microsoft.Extensions.Logging.Abstractions;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>The stream clients of one shard between callers and nobody: what passes is noted down, and answered as a test says.</summary>
internal sealed class ClientBench : IDisposable, IForwarder
{
    private readonly List<Caller> _callers = [];
    private readonly Contexts? _tls;
    private readonly FakeRing _ring = new();
    private readonly AnswerSide _answers;

    /// <param name="options">The proxy's settings.</param>
    /// <param name="capacity">Queries in flight at most.</param>
    /// <param name="longBudget">Bytes of long queries at most.</param>
    /// <param name="judges">Who decides; without any those of the settings.</param>
    public ClientBench(ProxyOptions options, int capacity = 64, int longBudget = 100_000, params IJudge[] judges)
    {
        Table = new InFlightTable(capacity, longBudget);
        Shard = new ShardContext(0, options, Machine, NullLogger.Instance, Table) { Ring = _ring };
        Rules = CompiledRules.Compile(options.Rules, shards: 1, static name => Array.IndexOf(GateBench.Pools, name), options.ClientRate is { } limit ? new RateLimit(limit) : null);
        Gate = new Gate(Shard, this, judges.Length > 0 ? judges : Gate.JudgesOf(options, Rules, Shard));
        Gate.Own.Use(Rules);
        _answers = new AnswerSide(Shard);
        _answers.Use(Rules);
        _tls = options.Frontends.Any(static f => f.Tls is not null) ? new Contexts(TlsProvider.OpenSsl) : null;
        Frontends = TestFrontends.Of(options, f => f.Tls is null ? null : _tls!.Server);
        Limits = new ClientLimits(options.ClientLimits);
        Clients = new TcpClients(Shard, Gate, Frontends, Limits);
        Array.ForEach(Frontends.All, Clients.Add);
        Table.Register(Clients);
    }

    /// <summary>A frontend over TCP.</summary>
    public static FrontendOptions Plain { get; } = new() { Address = new IPEndPoint(IPAddress.Loopback, 53) };

    /// <summary>One over TLS.</summary>
    public static FrontendOptions Secure { get; } = Plain with { Tls = new TlsFrontendOptions() };

    /// <summary>One over HTTP/2 in the clear.</summary>
    public static FrontendOptions Http { get; } = Plain with { Doh = new DohFrontendOptions() };

    /// <summary>What its TLS frontends present, and what callers use.</summary>
    public Contexts Tls => _tls!;

    public HandMachine Machine { get; } = new();

    public ShardContext Shard { get; }

    /// <summary>The rules that decide.</summary>
    public CompiledRules Rules { get; }

    public InFlightTable Table { get; }

    public Gate Gate { get; }

    public TcpClients Clients { get; }

    /// <summary>Its frontends.</summary>
    public FrontendSet Frontends { get; }

    /// <summary>What each frontend counted.</summary>
    public FrontendCounters[] Counters => [.. Frontends.All.Select(static frontend => frontend.Tcp)];

    /// <summary>The process's count of clients.</summary>
    public ClientLimits Limits { get; }

    /// <summary>Each frontend's connections that count.</summary>
    public ConnectionCount[] Places => [.. Frontends.All.Select(static frontend => frontend.Shared.Limit)];

    /// <summary>Places of the queries that passed and were not answered, in order.</summary>
    public List<int> Forwarded { get; } = [];

    /// <summary>Whether no pool has room.</summary>
    public bool IsSaturated { get; set; }

    /// <summary>Pools that have none though others have.</summary>
    public HashSet<int> Saturated { get; } = [];

    bool IForwarder.IsSaturated(int pool) => IsSaturated || Saturated.Contains(pool);

    /// <summary>Whether there is no room for another stream.</summary>
    public bool IsRingFull
    {
        set => _ring.IsFull = value;
    }

    /// <summary>Settings with these frontends.</summary>
    public static ProxyOptions With(params FrontendOptions[] frontends) => new() { Frontends = frontends, Backends = [] };

    /// <summary>Clients of one frontend over TCP.</summary>
    public static ClientBench OverTcp() => new(With(Plain));

    /// <summary>A query under an ID.</summary>
    public static byte[] Query(ushort id, string name = "www.example.com")
    {
        byte[] query = GateBench.Query(name: name);
        Header.SetId(query, id);
        return query;
    }

    /// <summary>A message behind its length.</summary>
    public static byte[] Frame(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    /// <summary>Somebody connects.</summary>
    public Caller Connect(int frontend = 0, string from = "127.0.0.1", bool isProxied = false)
    {
        Accept(frontend, from, isProxied);
        var caller = new Caller(this, Clients.Connections[StreamTags.IndexOf(_ring.LastTag)], _ring.WireOf(_ring.LastTag));
        _callers.Add(caller);
        return caller;
    }

    /// <summary>The same over TLS, until both have shaken hands.</summary>
    public Caller ConnectSecurely(int frontend = 0, string from = "127.0.0.1")
    {
        Caller caller = Connect(frontend, from);
        caller.Secure(Tls.Client.CreateSession());
        Settle();
        return caller;
    }

    /// <summary>A connection is accepted, and counted as the shard counts.</summary>
    public void Accept(int frontend = 0, string from = "127.0.0.1", bool isProxied = false)
    {
        SocketAddress peer = SocketAddress.From(new IPEndPoint(IPAddress.Parse(from), 40000));
        if (!isProxied)
        {
            Clients.TryCount(in peer, Counters[frontend]);
        }

        Places[frontend].TryEnter();
        Shard.ConnectionAssigned();
        Clients.Adopt(descriptor: 7, frontend, in peer, isProxied);
    }

    /// <summary>What the ring has is taken, then a turn ends as a shard's does.</summary>
    public void Turn()
    {
        Shard.Clock.Advance();
        _callers.ForEach(static caller => caller.Progress());
        Clients.Sweep();
        Clients.Flush();
        Clients.ResumeWaiting();
        Clients.ResumeYielded();
        Clients.ResumeHandshakes();
    }

    /// <summary>Turns until nobody has anything to say.</summary>
    public void Settle()
    {
        do
        {
            Turn();
        }
        while (Clients.HasMore || _callers.Exists(static caller => caller.HasNews));
    }

    /// <summary>Lets time go by, in steps no longer than a turn may take, a turn after each.</summary>
    public void Pass(double seconds)
    {
        const int Step = 250_000;
        for (long rest = (long)(seconds * 1e6); rest > 0; rest -= Step)
        {
            Machine.Now += Math.Min(rest, Step);
            Settle();
        }
    }

    /// <summary>Has a query be answered, with its own question and one record.</summary>
    public void Answer(int index, uint ttl = 60) => Answer(index, GateBench.Answer([.. Table.Message(index)], ttl));

    /// <summary>The same, as a test words it.</summary>
    public void Answer(int index, byte[] answer)
    {
        Header.SetId(answer, Table[index].OriginalId);
        Table.AskerOf(in Table[index]).Answered(in Table[index], answer);
        End(index);
    }

    /// <summary>The same, with the rules for answers asked.</summary>
    public void Pass(int index, ReadOnlySpan<byte> received)
    {
        _answers.TakeIn(index, received);
        _answers.Pass(index, received.Length);
        End(index);
    }

    /// <summary>Has a query fail.</summary>
    public void Fail(int index, FailureKind kind)
    {
        Table.AskerOf(in Table[index]).Failed(in Table[index], Table.Message(index), new QueryFailure(kind, default));
        End(index);
    }

    /// <summary>Answers all that passed, in order.</summary>
    public void AnswerAll()
    {
        while (Forwarded.Count > 0)
        {
            Answer(Forwarded[0]);
        }
    }

    public void Forward(int index) => Forwarded.Add(index);

    public void Dispose()
    {
        Clients.Dispose();
        Table.Dispose();
        _callers.ForEach(static caller => caller.Dispose());
        _tls?.Dispose();
    }

    private void End(int index)
    {
        Forwarded.Remove(index);
        Table.Remove(index);
    }
}
