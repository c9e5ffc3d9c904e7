using System.IO;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>Which certificates are accepted, for every provider of outgoing sessions.</summary>
public abstract class ValidationTests(TlsProvider provider)
{
    private readonly TestCertificates _certificates = new();

    [Fact]
    public void The_right_name_is_accepted() =>
        Accepted(new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust }, _certificates.Issue());

    [Fact]
    public void A_name_matches_in_any_case() =>
        Accepted(new TlsClientOptions { SubjectName = "DOT.Example.NET", Trust = _certificates.Trust }, _certificates.Issue());

    [Fact]
    public void A_wildcard_matches_one_label() =>
        Accepted(new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust }, _certificates.Issue("*.example.net"));

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    public void The_right_address_is_accepted(string address) =>
        Accepted(new TlsClientOptions { SubjectAddress = address, Trust = _certificates.Trust }, _certificates.Issue(address: address));

    [Fact]
    public void Without_trust_anything_is_accepted() =>
        Accepted(new TlsClientOptions { SubjectName = "other.example" }, _certificates.Issue(validDays: -30, selfSigned: true));

    [Fact]
    public void A_wrong_name_is_refused() => Refused(
        new TlsClientOptions { SubjectName = "other.example", Trust = _certificates.Trust },
        _certificates.Issue(), TlsFailure.CertificateNameMismatch, "hostname mismatch", "CN=dot.example.net", "CN=Test CA");

    [Fact]
    public void A_partial_wildcard_is_refused() => Refused(
        new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust },
        _certificates.Issue("d*.example.net"), TlsFailure.CertificateNameMismatch, "hostname mismatch", "CN=d*.example.net", "CN=Test CA");

    [Fact]
    public void A_wrong_address_is_refused() => Refused(
        new TlsClientOptions { SubjectAddress = "192.0.2.2", Trust = _certificates.Trust },
        _certificates.Issue(address: "192.0.2.1"), TlsFailure.CertificateNameMismatch, "IP address mismatch", "CN=dot.example.net", "CN=Test CA");

    [Fact]
    public void Another_authoritys_certificate_is_refused()
    {
        using var other = new TestCertificates("Other CA");
        Refused(
            new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust },
            other.Issue(), TlsFailure.CertificateUntrusted, "unable to get local issuer certificate", "CN=dot.example.net", "CN=Other CA");
    }

    [Fact]
    public void An_impostor_with_the_authoritys_name_is_refused()
    {
        using var impostor = new TestCertificates("Test CA");
        Refused(
            new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust },
            impostor.Issue(), null, null, null, "CN=Test CA");
    }

    [Fact]
    public void An_expired_certificate_is_refused() => Refused(
        new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust },
        _certificates.Issue(validDays: -30), TlsFailure.CertificateExpired, "certificate has expired", "CN=dot.example.net", "CN=Test CA");

    [Fact]
    public void A_certificate_that_is_not_valid_yet_is_refused() => Refused(
        new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust },
        _certificates.Issue(validFromDays: 1), TlsFailure.CertificateNotYetValid, "certificate is not yet valid", "CN=dot.example.net", "CN=Test CA");

    [Fact]
    public void A_self_signed_certificate_is_refused() => Refused(
        new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust },
        _certificates.Issue(selfSigned: true), TlsFailure.CertificateUntrusted, "self-signed certificate", "CN=dot.example.net", "CN=dot.example.net");

    [Fact]
    public void A_bad_address_to_verify_is_a_configuration_error()
    {
        var error = Assert.Throws<TlsConfigurationException>(
            () => TlsClientContext.Create(new TlsClientOptions { Provider = provider, SubjectAddress = "not an address", Trust = _certificates.Trust }));
        Assert.Contains("not an address", error.Message);
    }

    [Fact]
    public void A_file_without_certificates_is_a_configuration_error_that_names_it()
    {
        string file = Path.GetTempFileName();
        Assert.Contains(file, Assert.Throws<TlsConfigurationException>(() => TlsTrust.Load(file)).Message);
        File.Delete(file);
        Assert.Contains(file, Assert.Throws<TlsConfigurationException>(() => TlsTrust.Load(file)).Message);
    }

    [Fact]
    public void A_certificate_that_does_not_fit_its_key_is_a_configuration_error()
    {
        byte[] key = _certificates.Issue().GetECDsaPrivateKey()!.ExportECPrivateKey();
        Assert.Throws<TlsConfigurationException>(() => new TlsServerContext(new TlsServerOptions { Certificates = [TlsCertificate.FromDer(_certificates.Issue().RawData, key)] }));
        Assert.Throws<TlsConfigurationException>(() => new TlsServerContext(new TlsServerOptions { Certificates = [TlsCertificate.FromDer([1, 2, 3], key)] }));
    }

    private void Accepted(TlsClientOptions options, X509Certificate2 certificate)
    {
        using var pair = new Pair(options, certificate, provider: provider);
        Assert.True(pair.Handshake(), pair.Client.Session.Error);
        Assert.False(pair.Client.Session.IsCertificateRefused);
    }

    private void Refused(TlsClientOptions options, X509Certificate2 certificate, TlsFailure? failure, string? reason, string? subject, string issuer)
    {
        using var pair = new Pair(options, certificate, provider: provider);
        Assert.False(pair.Handshake());
        TlsSession session = pair.Client.Session;
        Assert.Equal(TlsStatus.Failed, pair.Client.Status);
        Assert.True(session.IsCertificateRefused);
        Assert.Equal(failure ?? session.Failure, session.Failure);
        Assert.NotEmpty(session.Error);
        Assert.Contains(reason ?? "", session.Error);
        Assert.Equal(subject ?? session.RefusedSubject, session.RefusedSubject);
        Assert.Equal(issuer, session.RefusedIssuer);
    }
}
