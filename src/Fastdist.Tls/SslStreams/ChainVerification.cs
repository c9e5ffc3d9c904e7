using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.SslStreams;

/// <summary>OpenSSL's verdict on a chain that .NET has built.</summary>
internal static unsafe class ChainVerification
{
    /// <summary>Verifies that the chain's first certificate is a server's that a store vouches for (RFC 5280 section 6.1).</summary>
    /// <param name="store">Who is trusted, and how (X509_STORE).</param>
    /// <param name="chain">The server's certificate and whatever may have issued it.</param>
    /// <param name="depth">Which certificate there is an objection to, 0 for the server's.</param>
    /// <returns>X509_V_ERR_*, 0 for none.</returns>
    public static int Verify(nint store, X509Chain chain, out int depth)
    {
        nint others = OpenSsl.OPENSSL_sk_new_null();
        foreach (X509ChainElement element in chain.ChainElements)
        {
            OpenSsl.OPENSSL_sk_push(others, Parse(element.Certificate));
        }

        nint verification = OpenSsl.X509_STORE_CTX_new();
        bool isValid = OpenSsl.X509_STORE_CTX_init(verification, store, OpenSsl.OPENSSL_sk_value(others, 0), others) == 1
            && OpenSsl.X509_STORE_CTX_set_purpose(verification, OpenSsl.PurposeSslServer) == 1
            && OpenSsl.X509_verify_cert(verification) == 1;
        int error = OpenSsl.X509_STORE_CTX_get_error(verification);
        depth = OpenSsl.X509_STORE_CTX_get_error_depth(verification);
        OpenSsl.X509_STORE_CTX_free(verification);
        for (int i = 0; i < OpenSsl.OPENSSL_sk_num(others); i++)
        {
            OpenSsl.X509_free(OpenSsl.OPENSSL_sk_value(others, i));
        }

        OpenSsl.OPENSSL_sk_free(others);
        OpenSsl.ERR_clear_error();
        return isValid ? VerifyError.None : error == VerifyError.None ? VerifyError.Unspecified : error;
    }

    /// <summary>An objection in words.</summary>
    public static string Describe(int error) => Marshal.PtrToStringUTF8((nint)OpenSsl.X509_verify_cert_error_string(error)) ?? "certificate refused";

    /// <summary>A certificate (X509) of .NET's, to be freed by the caller.</summary>
    public static nint Parse(X509Certificate2 certificate)
    {
        fixed (byte* der = certificate.RawDataMemory.Span)
        {
            byte* start = der;
            return OpenSsl.d2i_X509(null, &start, certificate.RawDataMemory.Length);
        }
    }
}
