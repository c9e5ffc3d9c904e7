using System.Runtime.InteropServices;

namespace Fastdist.Tls.Tests;

/// <summary>What a peer may do that we never do.</summary>
internal static unsafe partial class LibSsl
{
    public const int CtrlSetServerNameCallback = 53, CtrlSetSignatureAlgorithms = 98, CtrlGetPeerKeyShare = 109, ServerNameOk = 0;

    public const ulong OptionAllowNoDheKeyExchange = 1ul << 10;

    [LibraryImport("libssl")]
    public static partial int SSL_renegotiate(nint session);

    [LibraryImport("libssl")]
    public static partial ulong SSL_set_options(nint session, ulong options);

    [LibraryImport("libssl")]
    public static partial nint SSL_CTX_callback_ctrl(nint context, int command, delegate* unmanaged[Cdecl]<nint, int*, void*, int> callback);

    [LibraryImport("libssl")]
    public static partial nint SSL_set_SSL_CTX(nint session, nint context);

    [LibraryImport("libcrypto")]
    public static partial void EVP_PKEY_free(nint key);
}
