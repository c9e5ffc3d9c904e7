using System;
using Fastdist.Simulation.Tls;
using Fastdist.Tls;

namespace Fastdist.Simulation.Models;

/// <summary>How a backend closes a connection that has given its answers.</summary>
internal enum CloseStyle : byte
{
    /// <summary>It closes at once: what comes or lies unread is answered by a reset.</summary>
    AtOnce,

    /// <summary>It reads no further, sends FIN, and waits for the other end's.</summary>
    Politely,

    /// <summary>It closes with a reset.</summary>
    Abruptly,
}

/// <summary>What a backend does with one query instead of answering it.</summary>
internal enum Misdeed : byte
{
    None,

    /// <summary>It never answers this one.</summary>
    Lose,

    /// <summary>It answers nothing on this connection any more.</summary>
    FallSilent,

    /// <summary>It answers after the query's deadline.</summary>
    AnswerLate,

    /// <summary>It answers under another ID.</summary>
    WrongId,

    /// <summary>It answers another question.</summary>
    WrongQuestion,

    /// <summary>It answers with less than a header.</summary>
    CutHeader,

    /// <summary>It answers twice.</summary>
    AnswerTwice,

    /// <summary>It sends half an answer and closes.</summary>
    CutFrame,

    /// <summary>It sends bytes that are no messages.</summary>
    Garbage,

    /// <summary>It sends FIN and goes on reading, answering nothing.</summary>
    HalfClose,

    /// <summary>It resets the connection.</summary>
    Reset,

    /// <summary>It answers SERVFAIL.</summary>
    ServFail,
}

/// <summary>A backend's nature.</summary>
internal sealed record BackendPlan
{
    /// <summary>Microseconds until an answer, from and to.</summary>
    public (long Least, long Most) Delay { get; init; } = (200, 2000);

    /// <summary>Answers after which a connection is closed; 0 for no end.</summary>
    public int AnswersPerConnection { get; init; }

    /// <summary>Whether that is only the mean, and each connection has a number of its own.</summary>
    public bool AnswersVary { get; init; }

    /// <summary>How it is closed then.</summary>
    public CloseStyle Close { get; init; }

    /// <summary>Whether a connection reads its next query when it has answered the one before.</summary>
    public bool IsSerial { get; init; }

    /// <summary>Whether it never answers names that are made to be lost.</summary>
    public bool LosesNames { get; init; }

    /// <summary>Whether it closes a connection when it has read a client's query, and answers nothing.</summary>
    public bool ClosesOnQueries { get; init; }

    /// <summary>How often it does what instead of answering a client's query, in parts of 10,000.</summary>
    public (Misdeed What, int Weight)[] Misdeeds { get; init; } = [];

    /// <summary>Whether it answers FORMERR to a query with an OPT record.</summary>
    public bool RefusesOptions { get; init; }

    /// <summary>Connections that are accepted and closed at once, of 1,000.</summary>
    public int ClosesAtOnce { get; init; }

    /// <summary>Connections that are silent from the start, of 1,000.</summary>
    public int SilentConnections { get; init; }

    /// <summary>Answers over UDP that it cuts though they would fit, of 1,000.</summary>
    public int Truncates { get; init; }

    /// <summary>Whether it sends answers of any length over UDP, whatever there is room for.</summary>
    public bool IgnoresRoom { get; init; }

    /// <summary>Answers over UDP that leave from another address than was asked, of 1,000.</summary>
    public int StrayAnswers { get; init; }

    /// <summary>Its TLS sessions.</summary>
    public SimTlsOptions Tls { get; init; } = new();

    /// <summary>Microseconds after which an idle connection is closed; 0 for no end.</summary>
    public long IdleTimeout { get; init; }

    /// <summary>Microseconds that it takes to be back when a poison name killed it.</summary>
    public long Recovery { get; init; } = 50_000;

    /// <summary>Whether nothing it does is a fault: every query that reaches it is answered soon, or its connection ends in order.</summary>
    public bool IsSound => Close != CloseStyle.Abruptly && Misdeeds.Length == 0 && !ClosesOnQueries && ClosesAtOnce == 0 && SilentConnections == 0 && !RefusesOptions && StrayAnswers == 0 && !IsRudeAtTls;

    /// <summary>Whether its handshakes may go wrong.</summary>
    public bool IsRudeAtTls => Tls.Faults.Length > 0 || Tls.Certificate != TlsFailure.None;

    /// <summary>Draws what is done with a query.</summary>
    public Misdeed Draw(Random random)
    {
        if (Misdeeds.Length == 0)
        {
            return Misdeed.None;
        }

        int drawn = random.Next(10_000);
        foreach ((Misdeed what, int weight) in Misdeeds)
        {
            if ((drawn -= weight) < 0)
            {
                return what;
            }
        }

        return Misdeed.None;
    }
}
