using Fastdist.Tls.Interop;

namespace Fastdist.Tls.Tests;

/// <summary>OpenSSL's error queue belongs to the thread, so whoever else uses libcrypto on it may leave something there.</summary>
internal static class ErrorQueue
{
    public static void Pollute()
    {
        nint store = OpenSsl.X509_STORE_new();
        OpenSsl.X509_STORE_load_file(store, "/nonexistent");
        OpenSsl.X509_STORE_free(store);
    }
}
