using System.Runtime.InteropServices;

namespace Fastdist.Tls.Interop;

/// <summary>
/// libssl and libcrypto 3.x, as far as it is used. Calls that can reach a BIO or verify callback run
/// managed code, so they keep the GC transition; the few marked otherwise only read a field.
/// </summary>
internal static unsafe partial class OpenSsl
{
    public const ulong InitNoLoadConfig = 0x80, InitNoAtExit = 0x0008_0000;

    public const int ErrorNone = 0, ErrorSsl = 1, ErrorWantRead = 2, ErrorWantWrite = 3, ErrorSyscall = 5, ErrorZeroReturn = 6;

    public const int CtrlMode = 33, CtrlSetReadAhead = 41, CtrlSetSessionCacheMode = 44, CtrlSetMaxSendFragment = 52,
        CtrlSetServerName = 55, CtrlSetGroupsList = 92, CtrlSetMinProtocol = 123, CtrlSetMaxProtocol = 124;

    public const int ExDataSslContext = 1;

    public const long ModeEnablePartialWrite = 1, ModeAcceptMovingWriteBuffer = 2, ModeNoAutoChain = 8;

    public const ulong OptionIgnoreUnexpectedEof = 1ul << 7, OptionAllowClientRenegotiation = 1ul << 8, OptionNoCompression = 1ul << 17, OptionNoRenegotiation = 1ul << 30;

    public const int VerifyNone = 0, VerifyPeer = 1;

    public const uint CheckNoPartialWildcards = 4;

    public const nuint VerifyPartialChain = 0x80000;

    public const int BioFlagRead = 1, BioFlagWrite = 2, BioFlagShouldRetry = 8, BioTypeSourceSink = 0x400;

    public const int BioCtrlFlush = 11;

    /// <summary>XN_FLAG_RFC2253: names as <c>CN=example,O=Example</c>.</summary>
    public const uint NameFormatRfc2253 = 0x1110317;

    public const int TicketNumber = 1, EvpPkeyEc = 408;

    public const int AlpnOk = 0, AlpnNoAck = 3;

    [LibraryImport("libssl")]
    public static partial int OPENSSL_init_ssl(ulong options, nint settings);

    [LibraryImport("libcrypto")]
    public static partial byte* OpenSSL_version(int what);

    [LibraryImport("libcrypto")]
    public static partial int CRYPTO_set_mem_functions(
        delegate* unmanaged[Cdecl]<nuint, byte*, int, void*> allocate,
        delegate* unmanaged[Cdecl]<void*, nuint, byte*, int, void*> reallocate,
        delegate* unmanaged[Cdecl]<void*, byte*, int, void> free);

    [LibraryImport("libssl")]
    public static partial nint TLS_client_method();

    [LibraryImport("libssl")]
    public static partial nint TLS_server_method();

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_new(nint method);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_ctrl(nint context, int command, nint argument, void* pointer);

    [LibraryImport("libssl")]
    public static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_set_num_tickets(nint context, nuint count);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_set_verify(nint context, int mode, delegate* unmanaged[Cdecl]<int, nint, int> callback);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_set1_cert_store(nint context, nint store);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_set_alpn_protos(nint context, byte* protocols, uint length);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_set_alpn_select_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, void*, int> callback, void* argument);

    [LibraryImport("libssl")]
    public static partial nint SSL_new(nint context);

    [LibraryImport("libssl")]
    public static partial void SSL_free(nint session);

    [LibraryImport("libssl")]
    public static partial void SSL_set_bio(nint session, nint read, nint write);

    [LibraryImport("libssl")]
    public static partial nint SSL_get_rbio(nint session);

    [LibraryImport("libssl")]
    public static partial void SSL_set_connect_state(nint session);

    [LibraryImport("libssl")]
    public static partial void SSL_set_accept_state(nint session);

    [LibraryImport("libssl")]
    public static partial nint SSL_ctrl(nint session, int command, nint argument, void* pointer);

    [LibraryImport("libssl", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_set1_host(nint session, string name);

    [LibraryImport("libssl")]
    public static partial void SSL_set_hostflags(nint session, uint flags);

    [LibraryImport("libssl")]
    public static partial nint SSL_get0_param(nint session);

    [LibraryImport("libcrypto", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int X509_VERIFY_PARAM_set1_ip_asc(nint parameters, string address);

    [LibraryImport("libssl")]
    public static partial int SSL_do_handshake(nint session);

    [LibraryImport("libssl")]
    public static partial int SSL_read_ex(nint session, byte* buffer, nuint length, nuint* read);

    [LibraryImport("libssl")]
    public static partial int SSL_write_ex(nint session, byte* buffer, nuint length, nuint* written);

    [LibraryImport("libssl")]
    public static partial int SSL_shutdown(nint session);

    [LibraryImport("libssl")]
    [SuppressGCTransition]
    public static partial int SSL_has_pending(nint session);

    [LibraryImport("libssl")]
    public static partial int SSL_get_error(nint session, int result);

    [LibraryImport("libssl")]
    public static partial int SSL_version(nint session);

    [LibraryImport("libssl")]
    public static partial int SSL_session_reused(nint session);

    [LibraryImport("libssl")]
    public static partial int SSL_free_buffers(nint session);

    [LibraryImport("libssl")]
    public static partial nint SSL_get_SSL_CTX(nint session);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_set_ex_data(nint context, int index, nint value);

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_get_ex_data(nint context, int index);

    [LibraryImport("libcrypto")]
    public static partial int CRYPTO_get_ex_new_index(int kind, nint argument, nint argumentPointer, nint create, nint copy, nint free);

    [LibraryImport("libssl", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_cipher_list(nint context, string ciphers);

    [LibraryImport("libssl", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_ciphersuites(nint context, string suites);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_set_keylog_callback(nint context, delegate* unmanaged[Cdecl]<nint, byte*, void> callback);

    [LibraryImport("libssl")]
    public static partial void SSL_get0_alpn_selected(nint session, byte** protocol, uint* length);

    [LibraryImport("libssl")]
    public static partial int SSL_get_ex_data_X509_STORE_CTX_idx();

    [LibraryImport("libcrypto")]
    public static partial nint X509_STORE_CTX_get_ex_data(nint context, int index);

    [LibraryImport("libcrypto")]
    public static partial int X509_STORE_CTX_get_error(nint context);

    [LibraryImport("libcrypto")]
    public static partial nint X509_STORE_CTX_get_current_cert(nint context);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get_subject_name(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial nint X509_get_issuer_name(nint certificate);

    [LibraryImport("libcrypto")]
    public static partial int X509_NAME_print_ex(nint bio, nint name, int indent, uint flags);

    [LibraryImport("libcrypto")]
    public static partial nint BIO_s_mem();

    [LibraryImport("libcrypto")]
    public static partial int BIO_read(nint bio, byte* buffer, int length);

    [LibraryImport("libcrypto")]
    public static partial int BIO_free(nint bio);

    [LibraryImport("libcrypto")]
    public static partial byte* X509_verify_cert_error_string(nint error);

    [LibraryImport("libcrypto")]
    public static partial nint X509_STORE_new();

    [LibraryImport("libssl")]
    public static partial int SSL_get_verify_mode(nint session);

    [LibraryImport("libcrypto")]
    public static partial void X509_STORE_free(nint store);

    [LibraryImport("libcrypto")]
    public static partial int X509_STORE_set_flags(nint store, nuint flags);

    [LibraryImport("libcrypto")]
    public static partial int X509_STORE_add_cert(nint store, nint certificate);

    [LibraryImport("libcrypto")]
    public static partial ulong ERR_get_error();

    [LibraryImport("libcrypto")]
    public static partial ulong ERR_peek_error();

    [LibraryImport("libcrypto")]
    public static partial void ERR_clear_error();

    [LibraryImport("libcrypto")]
    public static partial void ERR_error_string_n(ulong error, byte* buffer, nuint size);

    [LibraryImport("libcrypto")]
    public static partial byte* ERR_reason_error_string(ulong error);

    [LibraryImport("libcrypto")]
    public static partial int BIO_get_new_index();

    [LibraryImport("libcrypto", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BIO_meth_new(int type, string name);

    [LibraryImport("libcrypto")]
    public static partial int BIO_meth_set_write(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> write);

    [LibraryImport("libcrypto")]
    public static partial int BIO_meth_set_read(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> read);

    [LibraryImport("libcrypto")]
    public static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, void*, nint> control);

    [LibraryImport("libcrypto")]
    public static partial nint BIO_new(nint method);

    [LibraryImport("libcrypto")]
    public static partial void BIO_set_init(nint bio, int init);

    [LibraryImport("libcrypto")]
    public static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport("libcrypto")]
    public static partial void BIO_set_data(nint bio, void* data);

    [LibraryImport("libcrypto")]
    [SuppressGCTransition]
    public static partial void* BIO_get_data(nint bio);
}
