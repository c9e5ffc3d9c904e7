using System.Runtime.InteropServices;

namespace Fastdist.Tls.Interop;

/// <summary>What resumption needs: ticket keys, and sessions as objects.</summary>
internal static unsafe partial class OpenSsl
{
    public const ulong OptionNoTicket = 1ul << 14;

    public const int SessionCacheServer = 2;

    /// <summary>SSL_TICKET_STATUS: what became of a ticket's decryption.</summary>
    public const int TicketNotDecrypted = 4, TicketSuccess = 5, TicketSuccessRenew = 6;

    /// <summary>SSL_TICKET_RETURN: what to do about it.</summary>
    public const int TicketIgnoreAndRenew = 2, TicketUse = 3, TicketUseAndRenew = 4;

    /// <summary>SSL_SENT_SHUTDOWN with SSL_RECEIVED_SHUTDOWN.</summary>
    public const int ShutdownBoth = 3;

    /// <summary>ERR_LIB_SSL, whose reasons are SSL_R_*.</summary>
    public const int ErrorLibrarySsl = 20;

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_set_tlsext_ticket_key_evp_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint, nint, int, int> callback);

    [LibraryImport("libssl")]
    public static partial int SSL_CTX_set_session_ticket_cb(
        nint context,
        delegate* unmanaged[Cdecl]<nint, void*, int> generate,
        delegate* unmanaged[Cdecl]<nint, nint, byte*, nuint, int, void*, int> decrypt,
        void* argument);

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_set_timeout(nint context, nint seconds);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_sess_set_get_cb(nint context, delegate* unmanaged[Cdecl]<nint, byte*, int, int*, nint> callback);

    [LibraryImport("libssl")]
    public static partial void SSL_CTX_sess_set_remove_cb(nint context, delegate* unmanaged[Cdecl]<nint, nint, void> callback);

    [LibraryImport("libssl")]
    public static partial ulong SSL_get_options(nint session);

    [LibraryImport("libssl")]
    public static partial int SSL_get_shutdown(nint session);

    [LibraryImport("libssl")]
    public static partial void SSL_set_shutdown(nint session, int mode);

    [LibraryImport("libssl")]
    public static partial byte* SSL_SESSION_get_id(nint stored, uint* length);

    [LibraryImport("libssl")]
    public static partial nint SSL_SESSION_get_time(nint stored);

    [LibraryImport("libssl")]
    public static partial nint SSL_SESSION_get_timeout(nint stored);

    [LibraryImport("libssl")]
    public static partial nint SSL_SESSION_set_timeout(nint stored, nint seconds);

    [LibraryImport("libssl")]
    public static partial int SSL_SESSION_set1_ticket_appdata(nint stored, void* data, nuint length);

    [LibraryImport("libssl")]
    public static partial int SSL_SESSION_get0_ticket_appdata(nint stored, void** data, nuint* length);

    [LibraryImport("libcrypto", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_CIPHER_fetch(nint library, string name, string? properties);

    [LibraryImport("libcrypto")]
    public static partial int EVP_EncryptInit_ex2(nint context, nint cipher, byte* key, byte* iv, OsslParam* parameters);

    [LibraryImport("libcrypto")]
    public static partial int EVP_DecryptInit_ex2(nint context, nint cipher, byte* key, byte* iv, OsslParam* parameters);

    [LibraryImport("libcrypto")]
    public static partial int EVP_MAC_CTX_set_params(nint context, OsslParam* parameters);

    [LibraryImport("libcrypto")]
    public static partial int RAND_bytes(byte* buffer, int length);

    [LibraryImport("libcrypto")]
    public static partial int EVP_PBE_scrypt(
        byte* password, nuint passwordLength, byte* salt, nuint saltLength, ulong cost, ulong blockSize, ulong parallelization, ulong maxMemory,
        byte* key, nuint keyLength);
}

/// <summary>OSSL_PARAM: one named value, given to an algorithm; a null name ends an array of them.</summary>
internal unsafe struct OsslParam
{
    /// <summary>Kinds of value.</summary>
    public const uint Text = 4, Bytes = 5;

    public byte* Name;
    public uint Kind;
    public void* Data;
    public nuint Size;
    public nuint ReturnedSize;
}
