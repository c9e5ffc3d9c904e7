using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>
/// Carries sessions (SSL_SESSION) between outgoing OpenSSL sessions and their backend's store. OpenSSL reports a new
/// one only once the server is verified: with TLS 1.3 when a ticket comes after the handshake, with TLS 1.2 at its end.
/// </summary>
internal static unsafe class ClientResumption
{
    /// <summary>Has a context's new sessions kept in the store of its options.</summary>
    public static void Configure(nint context)
    {
        OpenSsl.SSL_CTX_ctrl(context, OpenSsl.CtrlSetSessionCacheMode, OpenSsl.SessionCacheClient | OpenSsl.SessionCacheNoInternal, null);
        OpenSsl.SSL_CTX_sess_set_new_cb(context, &OnNewSession);
    }

    /// <summary>Offers the store's newest session in the handshake to come; a server may decline it, which costs a full handshake.</summary>
    public static void Offer(nint session, TlsSessionStore store)
    {
        if (store.Take(out SessionEnd end) is not { } der)
        {
            return;
        }

        SpanBio.WindowOf(session)->Offered = end;

        fixed (byte* bytes = der)
        {
            byte* start = bytes;
            nint resumed = OpenSsl.d2i_SSL_SESSION(null, &start, der.Length);
            if (resumed != 0)
            {
                OpenSsl.SSL_set_session(session, resumed);
                OpenSsl.SSL_SESSION_free(resumed);
            }
        }

        TlsSessionStore.Wipe(der);
        OpenSsl.ERR_clear_error();
    }

    /// <summary>Has the end of what a handshake leads to settled while it is known when the handshake was; tickets may come hours later.</summary>
    public static void Settle(nint session, TlsSessionStore store) => EndOf(session, store);

    /// <summary>
    /// Puts a TLS 1.2 session back that was resumed, with the ticket the server may have renewed: it may be used
    /// again (RFC 5077 section 3.3), and OpenSSL reports no new one then. A TLS 1.3 ticket may not.
    /// </summary>
    public static void GiveBack(nint session, TlsSessionStore store)
    {
        if (OpenSsl.SSL_session_reused(session) == 1 && OpenSsl.SSL_version(session) < (int)TlsVersion.Tls13)
        {
            Keep(session, OpenSsl.SSL_get_session(session), store);
        }
    }

    /// <summary>When what a handshake leads to ends: with a full one its own certificates say so, else those of the one it resumes.</summary>
    private static SessionEnd EndOf(nint session, TlsSessionStore store)
    {
        SpanWindow* window = SpanBio.WindowOf(session);
        if (window->Gained.MadeAt == 0)
        {
            window->Gained = OpenSsl.SSL_session_reused(session) == 1
                ? window->Offered
                : SessionEnd.Of(session, (TlsClientOptions)SslContext.Of(session).Options, store.Now);
        }

        return window->Gained;
    }

    private static void Keep(nint session, nint resumed, TlsSessionStore store)
    {
        if (OpenSsl.SSL_SESSION_is_resumable(resumed) == 1 && Der.Encode(resumed, OpenSsl.i2d_SSL_SESSION) is { Length: > 0 } der)
        {
            store.Put(der, EndOf(session, store));
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnNewSession(nint session, nint resumed)
    {
        if (SslContext.Of(session).Options is TlsClientOptions { Sessions: { } store })
        {
            Keep(session, resumed, store);
        }

        // 0: no reference is kept.
        return 0;
    }
}
