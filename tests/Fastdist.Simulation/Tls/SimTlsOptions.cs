using System;
using System.Collections.Generic;
using Fastdist.Tls;

namespace Fastdist.Simulation.Tls;

/// <summary>What one side does wrong in a handshake.</summary>
internal enum HandshakeFault : byte
{
    None,

    /// <summary>It gives up with an alert.</summary>
    Alert,

    /// <summary>It sends bytes that are no records.</summary>
    Garbage,

    /// <summary>It says close_notify and no more.</summary>
    Close,

    /// <summary>It says nothing.</summary>
    Silence,
}

/// <summary>The nature of one side's sessions.</summary>
internal sealed record SimTlsOptions
{
    /// <summary>Whether it waits for the other side's hello.</summary>
    public bool IsServer { get; init; }

    /// <summary>What it does wrong in its handshakes, and how often, in parts of 1,000.</summary>
    public (HandshakeFault What, int Weight)[] Faults { get; init; } = [];

    /// <summary>Application protocol that a client offers and a server speaks; empty for none.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Whether a server refuses whoever offers a protocol (no_application_protocol, RFC 7301 section 3.2).</summary>
    public bool RefusesProtocol { get; init; }

    /// <summary>Why a server's certificate will be refused; <see cref="TlsFailure.None"/> for a good one.</summary>
    public TlsFailure Certificate { get; init; }

    /// <summary>Tickets that a server gives after a handshake.</summary>
    public int Tickets { get; init; } = 2;

    /// <summary>Which tickets a server knows again.</summary>
    public uint TicketKey { get; init; } = 1;

    /// <summary>Where a client keeps its tickets, newest last; null for nowhere.</summary>
    public List<ulong>? Store { get; init; }

    /// <summary>Largest record payload sent, bytes, up to 16,384 (RFC 8446 section 5.1).</summary>
    public int LargestRecord { get; init; } = TlsContext.MaxRecordPayload;

    /// <summary>How often a new key is begun before something is sent, and one asked for, in parts of 1,000.</summary>
    public int KeyUpdates { get; init; }

    /// <summary>Whether the other side may let a record complete one DNS message at most.</summary>
    public bool WantsOneMessageARecord { get; init; }

    /// <summary>Whether it reads the first DNS message of a record, and the others only when the next record comes, as NSD 4.6 does.</summary>
    public bool ReadsFirstMessageOnly { get; init; }

    /// <summary>Draws what goes wrong in one handshake.</summary>
    public HandshakeFault Draw(Random random)
    {
        if (Faults.Length == 0)
        {
            return HandshakeFault.None;
        }

        int drawn = random.Next(1000);
        foreach ((HandshakeFault what, int weight) in Faults)
        {
            if ((drawn -= weight) < 0)
            {
                return what;
            }
        }

        return HandshakeFault.None;
    }
}
