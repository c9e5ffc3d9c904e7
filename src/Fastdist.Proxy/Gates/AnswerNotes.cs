using Fastdist.Proxy.InFlight;
using Fastdist.Rules.Actions;
using Fastdist.Settings;

namespace Fastdist.Proxy.Gates;

/// <summary>What is done with an answer when all rules were asked about it: some of it was decided when its query came.</summary>
internal struct AnswerNotes
{
    /// <summary>Largest TTL in it, seconds.</summary>
    public uint MaxTtl;

    /// <summary>The extended error that it gets, where it has an OPT.</summary>
    public ErrorNote? Error;

    /// <summary>Milliseconds that it waits, over UDP.</summary>
    public int Delay;

    /// <summary>The tags on it and its query.</summary>
    public int Tags;

    /// <summary>Whether no cache takes it in.</summary>
    public bool SkipsCache;

    /// <summary>Whether a cache gave it after its time.</summary>
    public bool IsStale;

    /// <summary>Who gave it; null for what is answered here.</summary>
    public BackendOptions? Backend;

    /// <summary>When its query came, microseconds of the shard's clock.</summary>
    public long Arrived;

    /// <summary>The pool that was asked.</summary>
    public int Pool;

    /// <summary>What was decided when its query came.</summary>
    public static AnswerNotes Of(in Decision decision) => new()
    {
        MaxTtl = decision.MaxTtl,
        Error = decision.Error,
        Delay = decision.Delay,
        Tags = decision.Tags,
        SkipsCache = decision.Has(DecisionNotes.SkipsCache),
        Pool = decision.Pool,
    };
}
