using System.Collections.Generic;
using System.Text;

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
}

/// <summary>A query of a client, and everything that happened to it.</summary>
internal sealed class SimQuery(int number, NameKind kind, ushort id, bool isDatagram, int optionLength, long now)
{
    /// <summary>One of a kind, and part of its name.</summary>
    public int Number => number;

    public NameKind Kind => kind;

    /// <summary>The client's ID.</summary>
    public ushort Id => id;

    public bool IsDatagram => isDatagram;

    public bool HasEdns => optionLength >= 0;

    /// <summary>Bytes of an option that makes it long.</summary>
    public int OptionLength => optionLength;

    /// <summary>Its name, wire form.</summary>
    public byte[] Name { get; } = Messages.Wire($"q{number}.{kind}.simulation");

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
    public bool WasRefused { get; set; }

    /// <summary>Each time that a backend read it.</summary>
    public List<Ask> Asks { get; } = [];

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

/// <summary>One time that a backend read a query.</summary>
internal sealed class Ask(BackendSession session, SimQuery query, long sentAt, long now, int answersBefore)
{
    public BackendSession Session => session;

    public SimQuery Query => query;

    public long At => now;

    /// <summary>Whether it is never answered.</summary>
    public bool IsLost { get; set; }

    public bool IsAnswered { get; set; }

    /// <summary>Whether it was answered with an error that is about what the proxy had added.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Whether an answer is still to come.</summary>
    public bool IsOwed => !IsAnswered && !IsRefused && !IsLost;

    /// <summary>When it was sent, or before that, as far as its backend can tell.</summary>
    public long SentAt => sentAt;

    /// <summary>Whether only the machine received it, and its program never read it.</summary>
    public bool IsUnread { get; init; }

    /// <summary>Whether the proxy may have seen its connection break with nothing answered after it was sent.</summary>
    public bool MayLookLikeCause => HasEndedEmpty || session.IsFaulty || (session.EndedAt > 0 && (!(IsAnswered || IsRefused) || session.HasReset || !session.Backend.Plan.IsSound));

    /// <summary>Whether its connection ended with nothing answered after it was sent, which was a moment before it came.</summary>
    public bool HasEndedEmpty => !IsUnread && session.EndedAt > 0 && !IsAnswered && session.Answers == answersBefore && session.QuietSince < now;

    public override string ToString() =>
        $"; b{session.Backend.Number} #{session.Number} at {now / 1e6:F6}{(IsUnread ? " unread" : IsAnswered ? " answered" : IsLost ? " lost" : "")}{(session.EndedAt > 0 ? $" ended {session.EndedAt / 1e6:F6}" : "")}";
}
