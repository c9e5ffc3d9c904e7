using Fastdist.Tls;

namespace Fastdist.Simulation.Tls;

/// <summary>What the sessions of one side share.</summary>
internal sealed class SimTlsContext : TlsContext
{
    private int _tickets;
    private bool _isFreed;

    public SimTlsContext(SimTls tls, SimTlsOptions options, bool isOurs)
    {
        (Tls, Options, IsOurs) = (tls, options, isOurs);
        Tls.Count(sessions: 0, contexts: IsOurs ? 1 : 0);
    }

    public SimTls Tls { get; }

    public SimTlsOptions Options { get; }

    /// <summary>Whether it belongs to the program under test.</summary>
    public bool IsOurs { get; }

    /// <inheritdoc/>
    public override TlsSession CreateSession() => Begin();

    /// <summary>Starts a session.</summary>
    public SimTlsSession Begin()
    {
        Tls.Require(!_isFreed, "a TLS context was used after its end");
        return new SimTlsSession(this);
    }

    /// <summary>One more ticket of this server's.</summary>
    public ulong NextTicket() => ((ulong)Options.TicketKey << 32) | (uint)++_tickets;

    /// <summary>Whether a ticket is one of this server's.</summary>
    public bool Knows(ulong ticket) => ticket >> 32 == Options.TicketKey;

    /// <inheritdoc/>
    protected override void Free()
    {
        Tls.Require(!_isFreed, "a TLS context was freed twice");
        _isFreed = true;
        Tls.Count(sessions: 0, contexts: IsOurs ? -1 : 0);
    }
}
