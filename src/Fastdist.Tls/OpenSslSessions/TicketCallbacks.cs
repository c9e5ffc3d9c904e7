using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Tls.Interop;
using Fastdist.Tls.Tickets;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>
/// Seals and opens session tickets with the keys of a <see cref="TicketKeyStore"/>, in the layout RFC 5077 section 4
/// recommends: name, IV, state in AES-256-CBC, HMAC-SHA-256. dnsdist's are the same, so either opens the other's.
/// Called once or twice a handshake, on any shard's thread; nothing is allocated.
/// </summary>
internal static unsafe class TicketCallbacks
{
    private const int IvSize = 16;

    /// <summary>What the library wants to hear about a key.</summary>
    private const int Error = -1, NoKey = 0, KeySet = 1, KeySetAndRenew = 2;

    // Fetching takes locks that all shards share, so it is done once.
    private static readonly nint s_cipher = OpenSsl.EVP_CIPHER_fetch(0, "AES-256-CBC", null);

    /// <summary>Has a server's context use a store.</summary>
    /// <exception cref="TlsConfigurationException">The library has no AES-256-CBC.</exception>
    public static void UseIn(nint context)
    {
        if (s_cipher == 0)
        {
            throw new TlsConfigurationException($"AES-256-CBC for session tickets: {TlsErrors.TakeQueue()}");
        }

        OpenSsl.SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &OnKey);
        SessionLifetime.UseIn(context, &OnOpened);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnKey(nint session, byte* name, byte* iv, nint cipher, nint mac, int isSealing)
    {
        if (SslContext.Of(session).Options is not TlsServerOptions { TicketKeys.Current: { } keys })
        {
            return Error;
        }

        bool isTls13 = OpenSsl.SSL_version(session) >= (int)TlsVersion.Tls13;
        return isSealing == 1
            ? Seal(keys, isTls13, name, iv, cipher, mac)
            : Open(keys, isTls13, ref SpanBio.WindowOf(session)->Ticket, name, iv, cipher, mac);
    }

    private static int Seal(TicketKeySet keys, bool isTls13, byte* name, byte* iv, nint cipher, nint mac)
    {
        if (keys.IsDerived && !isTls13)
        {
            // The client is told that it gets no ticket after all (RFC 5077 section 3.3).
            return NoKey;
        }

        if (keys.Active is not { } key || OpenSsl.RAND_bytes(iv, IvSize) != 1)
        {
            return Error;
        }

        key.Name.CopyTo(new Span<byte>(name, TicketKey.NameSize));
        return Set(key, isSealing: true, iv, cipher, mac) ? KeySet : Error;
    }

    private static int Open(TicketKeySet keys, bool isTls13, ref TicketUse use, byte* name, byte* iv, nint cipher, nint mac)
    {
        if (keys.Find(new ReadOnlySpan<byte>(name, TicketKey.NameSize)) is not { } key)
        {
            use = TicketUse.Unknown;
            return NoKey;
        }

        if (keys.IsDerived && !isTls13)
        {
            use = TicketUse.Refused;
            return NoKey;
        }

        use = key == keys.Active ? TicketUse.Active : TicketUse.Inactive;

        // A careful TLS 1.3 client uses a ticket once (RFC 8446 appendix C.4), so it always gets another.
        int answer = use == TicketUse.Active && !isTls13 ? KeySet : KeySetAndRenew;
        return Set(key, isSealing: false, iv, cipher, mac) ? answer : Error;
    }

    private static bool Set(TicketKey key, bool isSealing, byte* iv, nint cipher, nint mac)
    {
        fixed (byte* aes = key.Aes, hmac = key.Hmac, keyName = "key\0"u8, digestName = "digest\0"u8, digest = "SHA256\0"u8)
        {
            OsslParam* parameters = stackalloc OsslParam[]
            {
                new OsslParam { Name = digestName, Kind = OsslParam.Text, Data = digest, Size = 6 },
                new OsslParam { Name = keyName, Kind = OsslParam.Bytes, Data = hmac, Size = TicketKey.HmacSize },
                default,
            };
            int ciphered = isSealing
                ? OpenSsl.EVP_EncryptInit_ex2(cipher, s_cipher, aes, iv, null)
                : OpenSsl.EVP_DecryptInit_ex2(cipher, s_cipher, aes, iv, null);
            bool isSet = ciphered == 1 && OpenSsl.EVP_MAC_CTX_set_params(mac, parameters) == 1;
            GC.KeepAlive(key);
            return isSet;
        }
    }

    // A ticket too short to hold a name never reaches the callback above; one that fails later keeps what that noted.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpened(nint session, nint state, byte* name, nuint nameLength, int status, void* argument)
    {
        switch (status)
        {
            case OpenSsl.TicketSuccess or OpenSsl.TicketSuccessRenew when !SessionLifetime.IsCurrent(session, state):
                SpanBio.WindowOf(session)->Ticket = TicketUse.Refused;
                return OpenSsl.TicketIgnoreAndRenew;
            case OpenSsl.TicketSuccess:
                return OpenSsl.TicketUse;
            case OpenSsl.TicketSuccessRenew:
                return OpenSsl.TicketUseAndRenew;
            case OpenSsl.TicketNotDecrypted:
                ref TicketUse use = ref SpanBio.WindowOf(session)->Ticket;
                use = use == TicketUse.Unknown ? use : TicketUse.Refused;
                return OpenSsl.TicketIgnoreAndRenew;
            default:
                return OpenSsl.TicketIgnoreAndRenew;
        }
    }
}
