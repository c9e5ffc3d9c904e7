using System.Runtime.InteropServices;

namespace Fastdist.Tls.Interop;

/// <summary>Certificates, keys and OCSP responses, and their choice by a server.</summary>
internal static unsafe partial class OpenSsl
{
    public const int CtrlSetServerNameCallback = 53, CtrlSetStatusCallback = 63, CtrlSetStatusResponse = 71;

    public const int NameTypeHost = 0, ExtensionOk = 0, ExtensionNoAck = 3;

    public const ulong OptionNoResumptionOnRenegotiation = 1ul << 16;

    public const ulong OptionCipherServerPreference = 1ul << 22, OptionPrioritizeChaCha = 1ul << 21;

    public const int OcspSuccessful = 0, OcspCertificateGood = 0;

    [LibraryImport("libcrypto")]
    public static partial nint BIO_new_mem_buf(byte* bytes, int length);

    [LibraryImport("libcrypto")]
    public static partial nint d2i_X509_AUX(nint* existing, byte** bytes, nint length);

    [LibraryImport("libcrypto")]
    public static partial nint PEM_read_bio_PrivateKey(nint bio, nint* existing, delegate* unmanaged[Cdecl]<byte*, int, int, void*, int> password, void* argument);

    [LibraryImport("libcrypto")]
    public static partial nint d2i_AutoPrivateKey(nint* existing, byte** bytes, nint length);

    [LibraryImport("libcrypto")]
    public static partial nint d2i_PKCS12(nint* existing, byte** bytes, nint length);

    [LibraryImport("libcrypto", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int PKCS12_parse(nint store, string? password, nint* key, nint* certificate, nint* chain);

    [LibraryImport("libcrypto")]
    public static partial void PKCS12_free(nint store);

    [LibraryImport("libcrypto")]
    public static partial int X509_check_private_key(nint certificate, nint key);

    [LibraryImport("libcrypto")]
    public static partial int X509_check_issued(nint issuer, nint subject);

    [LibraryImport("libcrypto")]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport("libcrypto")]
    public static partial nint OPENSSL_sk_new_null();

    [LibraryImport("libcrypto")]
    public static partial int OPENSSL_sk_push(nint stack, nint item);

    [LibraryImport("libcrypto")]
    public static partial void OPENSSL_sk_free(nint stack);

    [LibraryImport("libcrypto")]
    public static partial nint CRYPTO_memdup(void* bytes, nuint length, byte* file, int line);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_use_cert_and_key(nint context, nint certificate, nint key, nint chain, int replace);

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_callback_ctrl(nint context, int command, void* callback);

    [LibraryImport("libssl")]
    public static partial byte* SSL_get_servername(nint session, int type);

    [LibraryImport("libssl")]
    public static partial nint SSL_set_SSL_CTX(nint session, nint context);

    [LibraryImport("libssl")]
    public static partial nint SSL_get_certificate(nint session);

    [LibraryImport("libssl")]
    public static partial byte* SSL_CIPHER_get_name(nint cipher);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_set_security_level(nint context, int level);

    [LibraryImport("libcrypto")]
    public static partial nint d2i_OCSP_RESPONSE(nint* existing, byte** bytes, nint length);

    [LibraryImport("libcrypto")]
    public static partial void OCSP_RESPONSE_free(nint response);

    [LibraryImport("libcrypto")]
    public static partial int OCSP_response_status(nint response);

    [LibraryImport("libcrypto")]
    public static partial nint OCSP_response_get1_basic(nint response);

    [LibraryImport("libcrypto")]
    public static partial void OCSP_BASICRESP_free(nint basic);

    [LibraryImport("libcrypto")]
    public static partial int OCSP_resp_count(nint basic);

    [LibraryImport("libcrypto")]
    public static partial nint OCSP_resp_get0(nint basic, int index);

    [LibraryImport("libcrypto")]
    public static partial nint OCSP_SINGLERESP_get0_id(nint single);

    [LibraryImport("libcrypto")]
    public static partial int OCSP_id_get0_info(nint* nameHash, nint* digest, nint* keyHash, nint* serial, nint id);

    [LibraryImport("libcrypto")]
    public static partial int OCSP_single_get0_status(nint single, int* reason, nint* revokedAt, nint* thisUpdate, nint* nextUpdate);

    [LibraryImport("libcrypto")]
    public static partial int OCSP_check_validity(nint thisUpdate, nint nextUpdate, nint leeway, nint greatestAge);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get0_notAfter(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get0_serialNumber(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial int ASN1_INTEGER_cmp(nint left, nint right);
}
