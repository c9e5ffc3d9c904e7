namespace Fastdist.Tls.Interop;

/// <summary>X509_V_ERR_* of openssl/x509_vfy.h.</summary>
internal static class VerifyError
{
    public const int None = 0, Unspecified = 1, NoIssuer = 2, NotYetValid = 9, HasExpired = 10, SelfSigned = 18, SelfSignedInChain = 19, NoLocalIssuer = 20,
        NoLeafSignature = 21, Untrusted = 27, Rejected = 28, HostnameMismatch = 62, IpAddressMismatch = 64;
}
