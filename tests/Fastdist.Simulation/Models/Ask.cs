namespace Fastdist.Simulation.Models;

/// <summary>One time that a backend was asked a query.</summary>
internal class Ask(SimBackend backend, SimQuery query, long sentAt, long now)
{
    public SimBackend Backend => backend;

    public SimQuery Query => query;

    /// <summary>When it was sent, or before that, as far as its backend can tell.</summary>
    public long SentAt => sentAt;

    public long At => now;

    /// <summary>Whether it is never answered.</summary>
    public bool IsLost { get; set; }

    public bool IsAnswered { get; set; }

    /// <summary>Whether it was answered with an error that is about what the proxy had added.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Whether an answer is still to come.</summary>
    public bool IsOwed => !IsAnswered && !IsRefused && !IsLost;

    /// <summary>When an answer reached the process's machine; 0 before, and where nobody looks.</summary>
    public long ArrivedAt { get; set; }

    /// <summary>Whether only the machine received it, or not even that, and its program never read it.</summary>
    public bool IsUnread { get; init; }

    /// <summary>Whether the proxy may have seen its connection break with nothing answered after it was sent.</summary>
    public virtual bool MayLookLikeCause => false;

    /// <summary>Whether its connection ended with nothing answered after it was sent, which was a moment before it came.</summary>
    public virtual bool HasEndedEmpty => false;

    /// <summary>When its connection ended; 0 for none.</summary>
    public virtual long EndedAt => 0;

    /// <summary>What it came by.</summary>
    protected virtual string Way => "UDP";

    public override string ToString() =>
        $"; b{backend.Number} {Way} at {now / 1e6:F6}{(IsUnread ? " unread" : IsLost ? " lost" : IsAnswered ? " answered" : "")}{(EndedAt > 0 ? $" ended {EndedAt / 1e6:F6}" : "")}";
}

/// <summary>One time that it was asked over a connection.</summary>
internal sealed class StreamAsk(BackendSession session, SimQuery query, long sentAt, long now, int answersBefore) : Ask(session.Backend, query, sentAt, now)
{
    public override bool MayLookLikeCause =>
        HasEndedEmpty || session.IsFaulty || (session.EndedAt > 0 && (!(IsAnswered || IsRefused) || session.HasReset || !session.Backend.Plan.IsSound));

    public override bool HasEndedEmpty => !IsUnread && session.EndedAt > 0 && !IsAnswered && session.Answers == answersBefore && session.QuietSince < At;

    public override long EndedAt => session.EndedAt;

    protected override string Way => $"#{session.Number}";
}
