using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Fastdist.Tls.Interop;
using Fastdist.Tls.Tickets;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>Keeps a server's sessions in a <see cref="StoredSessions"/>, where all shards find them, as DER.</summary>
internal static unsafe class StoredSessionCallbacks
{
    /// <summary>Most bytes of a session's DER; without client certificates it has some 200.</summary>
    private const int MaxState = 4096;

    /// <summary>Whether OpenSSL's reference to a session is now the callback's.</summary>
    private const int NotKept = 0;

    /// <summary>Has a server's context use a store.</summary>
    public static void UseIn(nint context)
    {
        OpenSsl.SSL_CTX_ctrl(context, OpenSsl.CtrlSetSessionCacheMode, OpenSsl.SessionCacheServer | OpenSsl.SessionCacheNoInternal, null);
        OpenSsl.SSL_CTX_sess_set_new_cb(context, &OnNew);
        OpenSsl.SSL_CTX_sess_set_get_cb(context, &OnGet);
        OpenSsl.SSL_CTX_sess_set_remove_cb(context, &OnRemove);
    }

    private static StoredSessions? StoreOf(SslContext context) => (context.Options as TlsServerOptions)?.StoredSessions;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnNew(nint session, nint state)
    {
        // A TLS 1.3 session whose ticket holds its state is reported too.
        SessionLifetime.Limit(session, state);
        bool isStateless = OpenSsl.SSL_version(session) >= (int)TlsVersion.Tls13 && (OpenSsl.SSL_get_options(session) & OpenSsl.OptionNoTicket) == 0;
        int length = isStateless ? 0 : OpenSsl.i2d_SSL_SESSION(state, null);
        if (length is > 0 and <= MaxState && StoreOf(SslContext.Of(session)) is { } store)
        {
            var der = new byte[length];
            fixed (byte* start = der)
            {
                byte* end = start;
                OpenSsl.i2d_SSL_SESSION(state, &end);
            }

            store.Add(IdOf(state), der, OpenSsl.SSL_SESSION_get_time(state), OpenSsl.SSL_SESSION_get_timeout(state));
        }

        return NotKept;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint OnGet(nint session, byte* id, int idLength, int* isShared)
    {
        *isShared = 0;
        byte* der = stackalloc byte[MaxState];
        if (StoreOf(SslContext.Of(session)) is not { } store
            || !store.TryGet(new ReadOnlySpan<byte>(id, idLength), new Span<byte>(der, MaxState), out int length))
        {
            return 0;
        }

        byte* end = der;
        nint state = OpenSsl.d2i_SSL_SESSION(null, &end, length);
        CryptographicOperations.ZeroMemory(new Span<byte>(der, length));
        if (state != 0 && !SessionLifetime.IsCurrent(session, state))
        {
            OpenSsl.SSL_SESSION_free(state);
            return 0;
        }

        return state;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnRemove(nint context, nint state) => StoreOf(SslContext.Holding(context))?.Remove(IdOf(state));

    private static ReadOnlySpan<byte> IdOf(nint state)
    {
        uint length;
        byte* id = OpenSsl.SSL_SESSION_get_id(state, &length);
        return new ReadOnlySpan<byte>(id, (int)length);
    }
}
