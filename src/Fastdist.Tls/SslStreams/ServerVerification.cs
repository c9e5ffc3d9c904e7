using System;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Interop;
using Fastdist.Tls.OpenSslSessions;

namespace Fastdist.Tls.SslStreams;

/// <summary>One session's verdict on the certificate its server presented, by the rules of <see cref="PeerVerification"/>.</summary>
/// <param name="options">What to verify.</param>
/// <param name="store">Its trust as OpenSSL has it (X509_STORE), which lives as long as the session; 0 without.</param>
internal sealed class ServerVerification(TlsClientOptions options, nint store)
{
    /// <summary>Why the certificate was refused; empty while it was not.</summary>
    public string Error { get; private set; } = "";

    /// <summary>The same as a reason to count by.</summary>
    public TlsFailure Failure { get; private set; }

    /// <summary>When the first certificate of the chain ends; null when dates do not matter.</summary>
    public DateTimeOffset? End { get; private set; }

    /// <summary>Subject of the refused certificate.</summary>
    public string Subject { get; private set; } = "";

    /// <summary>Issuer of the refused certificate.</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>Whether the certificate will do.</summary>
    public bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 own || chain is null)
        {
            (Error, Failure) = ("the server presented no certificate", TlsFailure.CertificateRefused);
            return false;
        }

        if (options.Trust is null)
        {
            return IsPinned(own, chain);
        }

        End = chain.ChainElements.Select(element => new DateTimeOffset(element.Certificate.NotAfter)).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        return IsChainValid(chain, errors) && IsNameValid(own, errors) && IsPinned(own, chain);
    }

    private bool IsChainValid(X509Chain chain, SslPolicyErrors errors)
    {
        if (!errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return true;
        }

        if (options.Trust!.IsChosen && LacksOnlyRoot(chain))
        {
            // To .NET a chain ends at what signed itself only, and below an end that it does not find it checks little.
            int error = ChainVerification.Verify(store, chain, out int depth);
            return error == VerifyError.None
                || Refuse(chain.ChainElements[Math.Min(depth, chain.ChainElements.Count - 1)].Certificate, TlsFailures.OfVerification(error), ChainVerification.Describe(error));
        }

        // The nearest to the server is the one that OpenSSL reports, too.
        foreach (X509ChainElement element in chain.ChainElements)
        {
            if (element.ChainElementStatus is [X509ChainStatus first, ..])
            {
                return Refuse(element.Certificate, Classify(element.Certificate, first.Status), first.StatusInformation);
            }
        }

        X509Certificate2 own = chain.ChainElements[0].Certificate;
        return chain.ChainStatus is [X509ChainStatus status, ..]
            ? Refuse(own, Classify(own, status.Status), status.StatusInformation)
            : Refuse(own, TlsFailure.CertificateRefused, "certificate refused");
    }

    private static bool LacksOnlyRoot(X509Chain chain) =>
        Array.TrueForAll(chain.ChainStatus, static status => (status.Status & ~(X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) == 0);

    private bool IsNameValid(X509Certificate2 certificate, SslPolicyErrors errors) => options switch
    {
        { SubjectName.Length: > 0 } => !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) || Refuse(certificate, TlsFailure.CertificateNameMismatch, "hostname mismatch"),
        { SubjectAddress.Length: > 0 } address => IsFor(certificate, IPAddress.Parse(address.SubjectAddress)) || Refuse(certificate, TlsFailure.CertificateNameMismatch, "IP address mismatch"),
        _ => true,
    };

    // .NET would take an address that is written as a name, too.
    private static bool IsFor(X509Certificate2 certificate, IPAddress address) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Any(names => names.EnumerateIPAddresses().Contains(address));

    private bool IsPinned(X509Certificate2 own, X509Chain chain)
    {
        if (options.Pins.Count == 0)
        {
            return true;
        }

        Span<byte> hash = stackalloc byte[TlsPin.Size];
        if (options.Trust is not null)
        {
            foreach (X509ChainElement element in chain.ChainElements)
            {
                Hash(element.Certificate, hash);
                if (TlsPin.IsAmong(options.Pins, hash))
                {
                    return true;
                }
            }
        }

        Hash(own, hash);
        return TlsPin.IsAmong(options.Pins, hash) || Refuse(own, TlsFailure.CertificatePinMismatch, TlsPin.Mismatch(hash));
    }

    private static TlsFailure Classify(X509Certificate2 certificate, X509ChainStatusFlags status) => status switch
    {
        X509ChainStatusFlags.NotTimeValid => certificate.NotBefore > DateTime.Now ? TlsFailure.CertificateNotYetValid : TlsFailure.CertificateExpired,
        X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain => TlsFailure.CertificateUntrusted,
        _ => TlsFailure.CertificateRefused,
    };

    // Parsed by OpenSSL again, so that names read, and keys are hashed, as with the other provider.
    private bool Refuse(X509Certificate2 certificate, TlsFailure failure, string reason)
    {
        nint parsed = ChainVerification.Parse(certificate);
        (Error, Failure) = (reason, failure);
        Subject = VerifyName.Of(OpenSsl.X509_get_subject_name(parsed)).ToString();
        Issuer = VerifyName.Of(OpenSsl.X509_get_issuer_name(parsed)).ToString();
        OpenSsl.X509_free(parsed);
        return false;
    }

    private static void Hash(X509Certificate2 certificate, Span<byte> hash)
    {
        nint parsed = ChainVerification.Parse(certificate);
        TlsPin.Hash(parsed, hash);
        OpenSsl.X509_free(parsed);
    }
}
