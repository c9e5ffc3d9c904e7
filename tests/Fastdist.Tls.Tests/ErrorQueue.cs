using Fastdist.Tls.Interop;

namespace Fastdist.Tls.Tests;

/// <summary>OpenSSL's error queue belongs to the thread, so whoever else uses libcrypto on it may leave something there.</summary>
internal static unsafe class ErrorQueue
{
    public static void Pollute()
    {
        byte garbage = 0;
        byte* start = &garbage;
        OpenSsl.X509_free(OpenSsl.d2i_X509(null, &start, 1));
    }
}
