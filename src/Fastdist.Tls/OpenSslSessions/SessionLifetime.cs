using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>
/// How long a server's sessions (SSL_SESSION) may be resumed: as <see cref="TlsServerOptions.SessionTimeout"/> says, but no longer than the
/// certificate that the full handshake showed, nor than a week from it, however often they are resumed in between (RFC 8446
/// section 4.6.1). OpenSSL counts anew with every resumption of TLS 1.3, so the end travels in the ticket as its application
/// data, which dnsdist passes over; a ticket of dnsdist's counts from when it was made.
/// </summary>
internal static unsafe class SessionLifetime
{
    /// <summary>Longest that a session may be resumed, seconds.</summary>
    public const long Longest = TlsSessionStore.LongestLife;

    /// <summary>Has a context's tickets limited as they are made.</summary>
    /// <param name="context">The SSL_CTX.</param>
    /// <param name="opened">What is to be told of tickets that are opened; null for nothing.</param>
    public static void UseIn(nint context, delegate* unmanaged[Cdecl]<nint, nint, byte*, nuint, int, void*, int> opened) =>
        OpenSsl.SSL_CTX_set_session_ticket_cb(context, &OnMake, opened, null);

    /// <summary>Whether a session out of a ticket or store may still be resumed.</summary>
    public static bool IsCurrent(nint session, nint state)
    {
        SslContext context = SslContext.Of(session);
        return EndOf(state, ((TlsServerContext)context.Owner).EarliestEnd) > context.Options.Clock.GetUtcNow().ToUnixTimeSeconds();
    }

    /// <summary>Cuts the time for which a session that a handshake leads to may be resumed, unless it ends soon enough.</summary>
    public static void Limit(nint session, nint state)
    {
        var server = (TlsServerContext)SslContext.Of(session).Owner;
        long certificate = OpenSsl.SSL_session_reused(session) == 1 ? server.EarliestEnd : server.EndOf(OpenSsl.SSL_get_certificate(session));

        // OpenSSL takes a time of 0 for none told and fails over it; a session without any is refused when it comes back.
        long lifetime = Math.Max(EndOf(state, certificate) - OpenSsl.SSL_SESSION_get_time(state), 1);
        if (lifetime < OpenSsl.SSL_SESSION_get_timeout(state))
        {
            OpenSsl.SSL_SESSION_set_timeout(state, (nint)lifetime);
        }
    }

    /// <summary>When a session ends, Unix seconds; noted down in it if nothing tells it yet.</summary>
    private static long EndOf(nint state, long certificate)
    {
        void* data;
        nuint length;
        if (OpenSsl.SSL_SESSION_get0_ticket_appdata(state, &data, &length) == 1 && length == (nuint)sizeof(End) && ((End*)data)->Mark == End.Ours)
        {
            return ((End*)data)->UnixSeconds;
        }

        var end = new End { Mark = End.Ours, UnixSeconds = Math.Min(OpenSsl.SSL_SESSION_get_time(state) + Longest, certificate) };
        OpenSsl.SSL_SESSION_set1_ticket_appdata(state, &end, (nuint)sizeof(End));
        return end.UnixSeconds;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnMake(nint session, void* argument)
    {
        const int Go = 1;
        Limit(session, OpenSsl.SSL_get_session(session));
        return Go;
    }

    /// <summary>When a session ends, as tickets hold it; little-endian.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct End
    {
        /// <summary>Tells it from what another server may keep there.</summary>
        public const long Ours = 0x0131_646E_6520_6466;

        public long Mark;
        public long UnixSeconds;
    }
}
