using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>What was refused about a certificate and whose it is, noted while OpenSSL still has it.</summary>
internal struct RefusedCertificate
{
    public VerifyName Subject;
    public VerifyName Issuer;

    /// <summary>Whether it is only that no pin matches.</summary>
    public bool IsUnpinned;

    /// <summary>What the pin would be.</summary>
    public PinHash Hash;
}

/// <summary>A distinguished name in RFC 2253 form, zero-terminated, cut at the end.</summary>
[InlineArray(256)]
internal struct VerifyName
{
    private byte _first;

    /// <summary>The name of a subject or issuer (X509_NAME).</summary>
    public static unsafe VerifyName Of(nint name)
    {
        VerifyName text = default;
        nint memory = OpenSsl.BIO_new(OpenSsl.BIO_s_mem());
        OpenSsl.X509_NAME_print_ex(memory, name, 0, OpenSsl.NameFormatRfc2253);
        OpenSsl.BIO_read(memory, (byte*)&text, sizeof(VerifyName) - 1);
        OpenSsl.BIO_free(memory);
        return text;
    }

    /// <summary>The name as text.</summary>
    public override readonly string ToString()
    {
        ReadOnlySpan<byte> bytes = this;
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}

/// <summary>SHA-256 of a SubjectPublicKeyInfo.</summary>
[InlineArray(TlsPin.Size)]
internal struct PinHash
{
    private byte _first;
}

/// <summary>
/// Decides on a server's certificate: by chain and name where there is trust, by pins where there are pins, by both
/// where there are both. With trust any key of the validated chain may be pinned. Without it only the server's own
/// counts, since nobody vouches for what else it presents and a pinned authority's key says nothing without a name.
/// </summary>
internal static unsafe class PeerVerification
{
    /// <summary>Has a context's sessions verify the server as the options say.</summary>
    public static void Configure(nint context, TlsClientOptions options)
    {
        if (options.Trust is { } trust)
        {
            OpenSsl.SSL_CTX_set1_cert_store(context, trust.Store);
            OpenSsl.SSL_CTX_set_verify(context, OpenSsl.VerifyPeer, &OnVerify);
        }

        if (options.Pins.Count > 0)
        {
            OpenSsl.SSL_CTX_set_verify(context, OpenSsl.VerifyPeer, &OnVerify);
            OpenSsl.SSL_CTX_set_cert_verify_callback(context, &OnVerifyChain, null);
        }
    }

    /// <summary>When the first certificate of the chain ends by which a server was verified; null when none was: only full handshakes show one.</summary>
    public static DateTimeOffset? EndOf(nint session)
    {
        DateTimeOffset? earliest = null;

        // OpenSSL notes a chain without being asked to verify it, too.
        if (OpenSsl.SSL_get_verify_mode(session) != OpenSsl.VerifyPeer)
        {
            return null;
        }

        nint chain = OpenSsl.SSL_get0_verified_chain(session);
        for (int i = 0; chain != 0 && i < OpenSsl.OPENSSL_sk_num(chain); i++)
        {
            DateTimeOffset end = Asn1Time.Of(OpenSsl.X509_get0_notAfter(OpenSsl.OPENSSL_sk_value(chain, i)));
            earliest = earliest < end ? earliest : end;
        }

        return earliest;
    }

    /// <summary>Why a certificate was refused; there is one.</summary>
    public static string Describe(SpanWindow* window) => window->Refused is not null && window->Refused->IsUnpinned
        ? TlsPin.Mismatch(window->Refused->Hash)
        : Marshal.PtrToStringUTF8((nint)OpenSsl.X509_verify_cert_error_string(window->VerifyError)) ?? "certificate refused";

    /// <summary>The same as a reason to count by.</summary>
    public static TlsFailure Classify(SpanWindow* window) => window->Refused is not null && window->Refused->IsUnpinned
        ? TlsFailure.CertificatePinMismatch
        : TlsFailures.OfVerification(window->VerifyError);

    // OpenSSL forgets a refused certificate, so its names are noted while it is still at hand.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnVerify(int accepted, nint storeContext)
    {
        if (accepted == 1)
        {
            return 1;
        }

        Refuse(SpanBio.WindowOf(SessionOf(storeContext)), OpenSsl.X509_STORE_CTX_get_error(storeContext), OpenSsl.X509_STORE_CTX_get_current_cert(storeContext));
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnVerifyChain(nint storeContext, void* argument)
    {
        nint session = SessionOf(storeContext);
        var options = (TlsClientOptions)SslContext.Of(session).Options;
        if (options.Trust is not null && OpenSsl.X509_verify_cert(storeContext) != 1)
        {
            return 0;
        }

        nint certificate = OpenSsl.X509_STORE_CTX_get0_cert(storeContext);
        PinHash own = default;
        TlsPin.Hash(certificate, own);
        if (TlsPin.IsAmong(options.Pins, own) || (options.Trust is not null && IsIssuerPinned(storeContext, options)))
        {
            OpenSsl.X509_STORE_CTX_set_error(storeContext, 0);
            return 1;
        }

        OpenSsl.X509_STORE_CTX_set_error(storeContext, VerifyError.Rejected);
        SpanWindow* window = SpanBio.WindowOf(session);
        Refuse(window, VerifyError.Rejected, certificate);
        window->Refused->IsUnpinned = true;
        window->Refused->Hash = own;
        return 0;
    }

    private static bool IsIssuerPinned(nint storeContext, TlsClientOptions options)
    {
        nint chain = OpenSsl.X509_STORE_CTX_get0_chain(storeContext);
        Span<byte> hash = stackalloc byte[TlsPin.Size];
        for (int i = 1; i < OpenSsl.OPENSSL_sk_num(chain); i++)
        {
            TlsPin.Hash(OpenSsl.OPENSSL_sk_value(chain, i), hash);
            if (TlsPin.IsAmong(options.Pins, hash))
            {
                return true;
            }
        }

        return false;
    }

    private static void Refuse(SpanWindow* window, int error, nint certificate)
    {
        window->VerifyError = error;
        if (certificate != 0)
        {
            // A renegotiation may have been refused before.
            NativeMemory.Free(window->Refused);
            window->Refused = (RefusedCertificate*)NativeMemory.AllocZeroed((nuint)sizeof(RefusedCertificate));
            window->Refused->Subject = VerifyName.Of(OpenSsl.X509_get_subject_name(certificate));
            window->Refused->Issuer = VerifyName.Of(OpenSsl.X509_get_issuer_name(certificate));
        }
    }

    private static nint SessionOf(nint storeContext) =>
        OpenSsl.X509_STORE_CTX_get_ex_data(storeContext, OpenSsl.SSL_get_ex_data_X509_STORE_CTX_idx());
}
