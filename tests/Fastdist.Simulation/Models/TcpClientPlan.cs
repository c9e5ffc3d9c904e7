using System;

namespace Fastdist.Simulation.Models;

/// <summary>How a client ends its connection.</summary>
internal enum Parting : byte
{
    /// <summary>It closes when it has all answers.</summary>
    Politely,

    /// <summary>It sends FIN behind its last query, and reads on.</summary>
    HalfClosed,

    /// <summary>It closes with queries in flight.</summary>
    InFlight,

    /// <summary>It resets with queries in flight.</summary>
    Abruptly,
}

/// <summary>What a client over TCP is like.</summary>
internal sealed record TcpClientPlan
{
    /// <summary>Queries that it asks in all.</summary>
    public int Queries { get; init; } = 100;

    /// <summary>Queries that it has in flight at most.</summary>
    public int Window { get; init; } = 1;

    /// <summary>Microseconds between an answer and the next query, in the mean.</summary>
    public long Pause { get; init; }

    /// <summary>Queries on a connection, after which it ends it.</summary>
    public int QueriesPerConnection { get; init; } = int.MaxValue;

    public Parting Parting { get; init; }

    /// <summary>Whether it asks over TLS.</summary>
    public bool IsTls { get; init; }

    /// <summary>Whether it does something wrong in its handshakes.</summary>
    public bool IsRude { get; init; }

    /// <summary>Bytes that it reads at a time; 0 for all that there is.</summary>
    public int ReadSize { get; init; }

    /// <summary>Microseconds between two reads of a slow reader.</summary>
    public long ReadPause { get; init; }

    /// <summary>The next query's kind.</summary>
    public Func<int, NameKind> Kind { get; init; } = static _ => NameKind.Plain;
}
