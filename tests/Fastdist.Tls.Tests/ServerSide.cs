using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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

    private static nint Pointer(TlsSession session) => ((OpenSslSession)session).Pointer;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AcceptAny(int accepted, nint storeContext) => 1;

    [LibraryImport("libssl")]
    private static partial void SSL_set_verify(nint session, int mode, delegate* unmanaged[Cdecl]<int, nint, int> callback);

    [LibraryImport("libssl")]
    private static partial nint SSL_get1_peer_certificate(nint session);

    [LibraryImport("libssl")]
    private static partial nint SSL_get_current_cipher(nint session);

    [LibraryImport("libssl")]
    private static partial int SSL_renegotiate(nint session);
}
