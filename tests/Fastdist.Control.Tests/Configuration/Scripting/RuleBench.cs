using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using Fastdist.Control.Configuration;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Control.Configuration.Language;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Chains;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Fastdist.Settings.Tables;
using Microsoft.Extensions.Logging;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Control.Tests.Configuration.Scripting;

/// <summary>A configuration whose rules are asked about queries and answers, as on a shard.</summary>
internal sealed class RuleBench : IDisposable, ILogger
{
    private readonly ShardContext _shard;
    private readonly QueryRules? _queries;
    private readonly AnswerRules? _answers;
    private readonly byte[] _answer = new byte[ushort.MaxValue];

    /// <param name="configuration">The configuration.</param>
    /// <param name="shard">Number of the shard.</param>
    public RuleBench(string configuration, int shard = 0)
        : this(Read(configuration), shard)
    {
    }

    private RuleBench(Script script, int shard)
    {
        Script = script;
        Options = script.Draft.Complete().Proxy;
        _shard = new ShardContext(shard, Options, Machine.Real, this, new InFlightTable(4, 100_000));
        string[] pools = ["", "slow"];
        Rules = CompiledRules.Compile(Options.Rules, shards: 2, name => Array.IndexOf(pools, name), poolNames: number => pools[number]);
        Judgement = new Judgement(1232, _shard.Rules.Tags);
        _queries = Rules[ChainKind.Query] is { } queries ? new QueryRules(_shard, queries) : null;
        _answers = Rules[ChainKind.Response] is { } answers ? new AnswerRules(_shard, answers) : null;
    }

    public Script Script { get; }

    public ProxyOptions Options { get; }

    public CompiledRules Rules { get; }

    public Judgement Judgement { get; }

    public FrontendCounters Counters { get; } = new();

    /// <summary>What is done with the last answer.</summary>
    public AnswerNotes Notes { get; private set; }

    /// <summary>Lines of the log.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The query that goes on, or the answer.</summary>
    public byte[] Result { get; private set; } = [];

    /// <summary>What the function left in the global variable <c>seen</c>.</summary>
    public string Seen => $"{Script["seen"]}";

    /// <summary>A bench whose one rule does what the body of a function says.</summary>
    public static RuleBench Doing(string body) => new($"addAction(AllRule(), LuaAction(function(dq) {body} end))");

    /// <summary>The same for answers.</summary>
    public static RuleBench Answering(string body) => new($"addResponseAction(AllRule(), LuaResponseAction(function(dr) {body} end))");

    /// <summary>What the body of a function returns about a query, as text.</summary>
    public static string Look(string body, byte[]? query = null, ClientProtocol protocol = ClientProtocol.Udp)
    {
        using RuleBench bench = Doing($"local function look() {body} end seen = tostring(look()) return DNSAction.None");
        bench.Ask(query ?? Messages.Query(), protocol);
        return bench.Log.Count > 0 ? bench.Log[0] : bench.Seen;
    }

    /// <summary>The same about an answer.</summary>
    public static string LookAtAnswer(string body, byte[] answer)
    {
        using RuleBench bench = Answering($"local function look() {body} end seen = tostring(look()) return DNSResponseAction.None");
        bench.Pass(answer);
        return bench.Log.Count > 0 ? bench.Log[0] : bench.Seen;
    }

    /// <summary>A tag of the last query.</summary>
    public string TagOf(string name) => _shard.Rules.Tags.TryGet(Judgement.Tags, name, out string? value) ? value : "";

    /// <summary>Another shard of the same configuration.</summary>
    public RuleBench OnShard(int shard) => new(Script, shard);

    /// <summary>Has rules decide about a query.</summary>
    public Fate Ask(byte[] message, ClientProtocol protocol = ClientProtocol.Udp)
    {
        SocketAddress peer = SocketAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 40_000));
        SocketAddress local = SocketAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.53"), 53));
        var origin = new Origin(protocol, 0, Counters, in peer, in local);
        Query.Parse(message, out Query query);
        Judgement.Reset();
        Fate fate = _queries!.Judge(in query, in origin, Judgement);
        Result = fate == Fate.Answer ? Judgement.Reply.ToArray() : Judgement.IsEdited ? Judgement.Edited.ToArray() : message;
        return fate;
    }

    /// <summary>Has rules decide about an answer.</summary>
    /// <returns>Whether it is sent.</returns>
    public bool Pass(byte[] message, ClientProtocol protocol = ClientProtocol.Udp, BackendOptions? backend = null)
    {
        SocketAddress peer = SocketAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 40_000));
        SocketAddress local = SocketAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.53"), 53));
        var origin = new Origin(protocol, 0, Counters, in peer, in local);
        message.CopyTo(_answer, 0);
        int length = message.Length;
        Query.TryFindQuestion(message, out int end);
        AnswerNotes notes = AnswerNotes.Of(new Decision()) with { Backend = backend, Arrived = _shard.Clock.Now };
        bool isPassed = _answers!.Pass(_answer, ref length, end, in origin, ref notes);
        Notes = notes;
        Result = _answer[..length];
        return isPassed;
    }

    public void Dispose()
    {
        Script.State.Dispose();
        _shard.Table.Dispose();
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Log.Add(formatter(state, exception));

    private static Script Read(string configuration)
    {
        var problems = new Problems();
        var script = new Script(new ScriptPolicy(), Occasion.Configuration, "/", new Draft(new ProcessOptions()), problems);
        Vocabulary.Teach(script);
        script.Run(Encoding.UTF8.GetBytes(configuration), "=conf");
        problems.ThrowIfAny();
        return script;
    }
}
