using System.Runtime.InteropServices;

namespace Fastdist.Tls.Interop;

/// <summary>What outgoing sessions need beyond the common part: resumption, pins, and the parts of a parsed certificate.</summary>
internal static unsafe partial class OpenSsl
{
    public const int CtrlGetExtraChain = 82, EvpPkeyRsa = 6;

    public const int SessionCacheClient = 1, SessionCacheNoInternal = 0x300;

    /// <summary>X509_PURPOSE_SSL_SERVER.</summary>
    public const int PurposeSslServer = 2;

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_sess_set_new_cb(nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback);

    [LibraryImport("libssl")]
    public static partial int SSL_set_alpn_protos(nint session, byte* protocols, uint length);

    [LibraryImport("libssl")]
    public static partial int SSL_set_session(nint session, nint resumed);

    [LibraryImport("libssl")]
    public static partial nint SSL_get_session(nint session);

    [LibraryImport("libssl")]
    public static partial int SSL_SESSION_is_resumable(nint resumed);

    [LibraryImport("libssl")]
    public static partial void SSL_SESSION_free(nint resumed);

    [LibraryImport("libssl")]
    public static partial int i2d_SSL_SESSION(nint resumed, byte** der);

    [LibraryImport("libssl")]
    public static partial nint d2i_SSL_SESSION(nint* resumed, byte** der, nint length);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_set_cert_verify_callback(
        nint context, delegate* unmanaged[Cdecl]<nint, void*, int> callback, void* argument);

    [LibraryImport("libcrypto")]
    public static partial int X509_verify_cert(nint context);

    [LibraryImport("libcrypto")]
    public static partial int X509_STORE_up_ref(nint store);

    [LibraryImport("libcrypto")]
    public static partial nint X509_STORE_CTX_new();

    [LibraryImport("libcrypto")]
    public static partial int X509_STORE_CTX_init(nint context, nint store, nint certificate, nint others);

    [LibraryImport("libcrypto")]
    public static partial int X509_STORE_CTX_set_purpose(nint context, int purpose);

    [LibraryImport("libcrypto")]
    public static partial int X509_STORE_CTX_get_error_depth(nint context);

    [LibraryImport("libcrypto")]
    public static partial void X509_STORE_CTX_free(nint context);

    [LibraryImport("libcrypto")]
    public static partial void X509_STORE_CTX_set_error(nint context, int error);

    [LibraryImport("libcrypto")]
    public static partial nint X509_STORE_CTX_get0_cert(nint context);

    [LibraryImport("libcrypto")]
    public static partial nint X509_STORE_CTX_get0_chain(nint context);

    [LibraryImport("libssl")]
    public static partial nint SSL_get0_verified_chain(nint session);

    [LibraryImport("libcrypto")]
    public static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport("libcrypto")]
    public static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get_X509_PUBKEY(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial int i2d_X509_PUBKEY(nint key, byte** der);

    [LibraryImport("libcrypto")]
    public static partial byte* SHA256(byte* data, nuint length, byte* digest);

    [LibraryImport("libcrypto")]
    public static partial void CRYPTO_free(void* memory, nint file, int line);

    [LibraryImport("libcrypto")]
    public static partial nint d2i_X509(nint* certificate, byte** der, nint length);

    [LibraryImport("libcrypto")]
    public static partial int i2d_X509(nint certificate, byte** der);

    [LibraryImport("libcrypto")]
    public static partial void X509_free(nint certificate);

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_get0_certificate(nint context);

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_get0_privatekey(nint context);

    [LibraryImport("libcrypto")]
    public static partial nint EVP_PKEY2PKCS8(nint key);

    [LibraryImport("libcrypto")]
    public static partial int i2d_PKCS8_PRIV_KEY_INFO(nint key, byte** der);

    [LibraryImport("libcrypto")]
    public static partial void PKCS8_PRIV_KEY_INFO_free(nint key);

    [LibraryImport("libcrypto")]
    public static partial int EVP_PKEY_get_base_id(nint key);

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_get_ciphers(nint context);

    [LibraryImport("libssl")]
    public static partial ushort SSL_CIPHER_get_protocol_id(nint cipher);
}
