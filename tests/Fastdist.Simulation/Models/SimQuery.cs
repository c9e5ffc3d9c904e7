using System.Collections.Generic;
using System.Text;
using Fastdist.Ring;
using Fastdist.Simulation.Caching;

namespace Fastdist.Simulation.Models;

/// <summary>What became of a query.</summary>
internal enum Fate : byte
{
    /// <summary>Nothing yet.</summary>
    Pending,

    /// <summary>A backend's answer came.</summary>
    Answered,

    /// <summary>SERVFAIL of the proxy's own came.</summary>
    Failed,

    /// <summary>Its client left before.</summary>
    Left,

    /// <summary>The network lost it or its answer.</summary>
    LostOnTheWay,

    /// <summary>The proxy ended the client's connection.</summary>
    CutOff,
}

/// <summary>What a name does to the backends that are asked for it.</summary>
internal enum NameKind : byte
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>Those that lose names never answer it.</summary>
    Lost,

    /// <summary>Its answer is a long one.</summary>
    Long,

    /// <summary>Whoever reads it dies.</summary>
    Poison,

    /// <summary>A rule drops it.</summary>
    Dropped,

    /// <summary>A rule answers it REFUSED.</summary>
    Refused,

    /// <summary>A rule drops its answer.</summary>
    Unheard,
}

/// <summary>A query of a client, and everything that happened to it.</summary>
internal sealed class SimQuery(int number, NameKind kind, ushort id, bool isDatagram, int optionLength, long now, SimQuery? first = null)
{
    /// <summary>One of a kind, and part of its name.</summary>
    public int Number => number;

    public NameKind Kind => kind;

    /// <summary>The client's ID.</summary>
    public ushort Id => id;

    public bool IsDatagram => isDatagram;

    /// <summary>Whether a rule has its client get no answer.</summary>
    public bool IsToBeSilent => kind is NameKind.Dropped or NameKind.Unheard;

    public bool HasEdns => optionLength >= 0;

    /// <summary>Bytes of an option that makes it long.</summary>
    public int OptionLength => optionLength;

    /// <summary>The first that asked the same question, by whose number backends know it; itself where none did before.</summary>
    public SimQuery First => first ?? this;

    /// <summary>Whether others ask the same, so that what becomes of one is not its own doing alone.</summary>
    public bool IsOneOfSeveral => first is not null || HasFollowers;

    /// <summary>Whether others asked the same later.</summary>
    public bool HasFollowers { get; set; }

    /// <summary>Its name, wire form.</summary>
    public byte[] Name { get; init; } = first?.Name ?? Messages.Wire($"q{number}.{kind}.simulation");

    /// <summary>What it asks where there are caches; null for a name of its own.</summary>
    public Wish? Wish { get; init; }

    /// <summary>The client.</summary>
    public SocketAddress Client { get; set; }

    /// <summary>Number of the pool that is asked.</summary>
    public int Pool { get; set; }

    /// <summary>Whether its client takes its time to read.</summary>
    public bool IsSlowlyRead { get; set; }

    public long SentAt { get; } = now;

    /// <summary>When it reached the process; for a stream, when it was sent.</summary>
    public long ArrivedAt { get; set; } = now;

    /// <summary>How many it is on its connection.</summary>
    public int Position { get; set; }

    public Fate Fate { get; set; }

    public long EndedAt { get; set; }

    /// <summary>How long the process had stood still when it was sent, microseconds.</summary>
    public long StoppedBefore { get; set; }

    /// <summary>A backend answered SERVFAIL, or another error that it may pass on.</summary>
    public bool WasRefused
    {
        get => first?.WasRefused ?? field;
        set => field = value;
    }

    /// <summary>Each time that a backend read it.</summary>
    public List<Ask> Asks { get; } = first?.Asks ?? [];

    public override string ToString()
    {
        var text = new StringBuilder($"q{number} {kind} {(isDatagram ? "UDP" : "TCP")} sent at {SentAt / 1e6:F6}");
        foreach (Ask ask in Asks)
        {
            text.Append(ask);
        }

        return text.ToString();
    }
}
