using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Tls.OpenSslSessions;

namespace Fastdist.Tls.Tests;

/// <summary>What a test asks of its server that the product's servers never do.</summary>
internal static unsafe partial class ServerSide
{
    private const int VerifyPeerOrFail = 3, TotalRenegotiations = 12;

    /// <summary>Has the server demand a certificate, any.</summary>
    public static void DemandCertificate(TlsSession server) => SSL_set_verify(Pointer(server), VerifyPeerOrFail, &AcceptAny);

    /// <summary>The client's certificate, DER.</summary>
    public static byte[] PeerCertificate(TlsSession server)
    {
        nint certificate = SSL_get1_peer_certificate(Pointer(server));
        byte* der = null;
        int length = Interop.OpenSsl.i2d_X509(certificate, &der);
        byte[] bytes = new System.ReadOnlySpan<byte>(der, length).ToArray();
        Interop.OpenSsl.CRYPTO_free(der, 0, 0);
        Interop.OpenSsl.X509_free(certificate);
        return bytes;
    }

    /// <summary>The cipher suite agreed on, by its number on the wire.</summary>
    public static ushort CipherSuite(TlsSession server) => Interop.OpenSsl.SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(Pointer(server)));

    /// <summary>Has the server ask for a new handshake with its next step (HelloRequest).</summary>
    public static void Renegotiate(TlsSession server) => SSL_renegotiate(Pointer(server));

    /// <summary>Handshakes made after the first.</summary>
    public static int Renegotiations(TlsSession session) => (int)Interop.OpenSsl.SSL_ctrl(Pointer(session), TotalRenegotiations, 0, null);

    /// <summary>Has the server refuse every ALPN protocol with no_application_protocol, as RFC 7301 section 3.2 has it.</summary>
    public static void RefuseProtocols(TlsSession server) =>
        Interop.OpenSsl.SSL_CTX_set_alpn_select_cb(Interop.OpenSsl.SSL_get_SSL_CTX(Pointer(server)), &RefuseAny, null);

    /// <summary>The cipher suites of a ClientHello's record, without the signalling ones.</summary>
    public static TlsCipherSuite[] OfferedSuites(ReadOnlySpan<byte> record)
    {
        const int SessionIdAt = 5 + 4 + 2 + 32, Signalling = 0x00FF;
        ReadOnlySpan<byte> rest = record[(SessionIdAt + 1 + record[SessionIdAt])..];
        ReadOnlySpan<byte> suites = rest.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(rest));
        var offered = new List<TlsCipherSuite>();
        for (; suites.Length > 0; suites = suites[2..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(suites) is not Signalling and ushort suite)
            {
                offered.Add((TlsCipherSuite)suite);
            }
        }

        return [.. offered];
    }

    private static nint Pointer(TlsSession session) => ((OpenSslSession)session).Pointer;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AcceptAny(int accepted, nint storeContext) => 1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int RefuseAny(nint session, byte** selected, byte* selectedLength, byte* offered, uint offeredLength, void* argument)
    {
        const int FatalAlert = 2;
        return FatalAlert;
    }

    [LibraryImport("libssl")]
    private static partial void SSL_set_verify(nint session, int mode, delegate* unmanaged[Cdecl]<int, nint, int> callback);

    [LibraryImport("libssl")]
    private static partial nint SSL_get1_peer_certificate(nint session);

    [LibraryImport("libssl")]
    private static partial nint SSL_get_current_cipher(nint session);

    [LibraryImport("libssl")]
    private static partial int SSL_renegotiate(nint session);
}
