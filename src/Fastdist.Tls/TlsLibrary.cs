using System.Runtime.InteropServices;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>The linked OpenSSL.</summary>
public static unsafe class TlsLibrary
{
    private static readonly bool s_initialised = Initialise();

    /// <summary>For instance <c>OpenSSL 3.0.22 7 Oct 2026</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)OpenSsl.OpenSSL_version(0)) ?? "OpenSSL";

    /// <summary>
    /// Initialises the library once, ignoring the host's openssl.cnf. A program calls it before anything else, as .NET's
    /// own cryptography, random numbers included, is the same library and would have it read that file.
    /// </summary>
    public static void EnsureInitialised() => _ = s_initialised;

    private static bool Initialise() => OpenSsl.OPENSSL_init_ssl(OpenSsl.InitNoLoadConfig | OpenSsl.InitNoAtExit, 0) == 1;
}
