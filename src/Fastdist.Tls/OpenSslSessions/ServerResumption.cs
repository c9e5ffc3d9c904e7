using Fastdist.Tls.Interop;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>
/// How a server's context lets clients resume. The same for every context of a frontend, and for every frontend with
/// the same store, so that a session made on one resumes on any other: another shard's, another process's, or the one
/// that follows after a reload. No session-id context is set: a ticket carries it and resumes only where it is equal,
/// and dnsdist, which may share the keys, sets none.
/// </summary>
internal static unsafe class ServerResumption
{
    /// <summary>Longest that a session may be resumed, seconds: RFC 8446 section 4.6.1 allows a week.</summary>
    public const int MaxTimeout = (int)SessionLifetime.Longest;

    /// <summary>Configures a context.</summary>
    /// <exception cref="TlsConfigurationException">The timeout is out of range, or the library lacks the cipher.</exception>
    public static void Configure(nint context, TlsServerOptions options)
    {
        if (options.SessionTimeout is < 0 or > MaxTimeout)
        {
            throw new TlsConfigurationException($"sessionTimeout={options.SessionTimeout}: 0 to {MaxTimeout} seconds are possible (RFC 8446 section 4.6.1)");
        }

        if (options.SessionTimeout > 0)
        {
            OpenSsl.SSL_CTX_set_timeout(context, options.SessionTimeout);
        }

        bool hasTickets = options.SessionTickets && options.TicketKeys is not { Capacity: 0 };
        bool hasStore = options.StoredSessions is not null;
        SessionLifetime.UseIn(context, null);
        if (hasStore)
        {
            StoredSessionCallbacks.UseIn(context);
        }

        if (!hasTickets)
        {
            // A TLS 1.3 client of a server without tickets still gets one when there is a store: the session's ID.
            OpenSsl.SSL_CTX_set_options(context, OpenSsl.OptionNoTicket);
            OpenSsl.SSL_CTX_set_num_tickets(context, hasStore ? OpenSsl.TicketNumber : 0u);
        }
        else if (options.TicketKeys is not null)
        {
            TicketCallbacks.UseIn(context);
        }
    }
}
