using System.IO;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Tests.Certificates;
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

    [Fact, Trait("Row", "C6")]
    public void An_intermediate_authority_is_enough_to_trust()
    {
        using var intermediate = new TestCertificates("Intermediate CA", _certificates);
        Accepted(Trusting(intermediate), intermediate.Issue());
        Accepted(Trusting(intermediate) with { Pins = [TestCertificates.Pin(intermediate.Authority)] }, intermediate.Issue());
    }

    [Fact, Trait("Row", "C6")]
    public void An_intermediate_authority_is_enough_when_the_server_shows_it_too()
    {
        using var intermediate = new TestCertificates("Intermediate CA", _certificates);
        X509Certificate2 leaf = intermediate.Issue();
        using var folder = new CertificateFolder();
        var file = new TlsCertificateFile
        {
            CertificateFile = folder.Write("chain.pem", leaf.ExportCertificatePem() + "\n" + intermediate.Authority.ExportCertificatePem() + "\n" + _certificates.Authority.ExportCertificatePem() + "\n"),
            KeyFile = folder.Write("leaf.key", leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
        };
        using TlsCertificate chain = TlsCertificate.Load(file, CertificateFolder.Now);
        using TlsContext server = new TlsServerContext(new TlsServerOptions { Certificates = [chain] });
        using TlsContext client = TlsClientContext.Create(Trusting(intermediate) with { Provider = provider });
        using var pair = new Pair(client, server);
        Assert.True(pair.Handshake(), pair.Client.Session.Error);
    }

    [Theory, Trait("Row", "C6")]
    [InlineData(false)]
    [InlineData(true)]
    public void The_servers_own_certificate_is_enough_to_trust(bool selfSigned)
    {
        X509Certificate2 own = _certificates.Issue(selfSigned: selfSigned);
        using var folder = new CertificateFolder();
        using TlsTrust trust = TlsTrust.Load(folder.Write("own.pem", own.ExportCertificatePem()));
        Accepted(new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = trust }, own);
        Refused(new TlsClientOptions { SubjectName = "other.example", Trust = trust }, own, TlsFailure.CertificateNameMismatch, "hostname mismatch", null, null);
        Refused(new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = trust }, _certificates.Issue(), TlsFailure.CertificateUntrusted, null, null, null);
    }

    [Fact, Trait("Row", "C6")]
    public void An_impostor_with_the_intermediates_name_is_refused()
    {
        using var intermediate = new TestCertificates("Intermediate CA", _certificates);
        using var impostor = new TestCertificates("Intermediate CA", _certificates);
        Refused(Trusting(intermediate), impostor.Issue(), null, null, null, "CN=Intermediate CA");
    }

    [Fact, Trait("Row", "C6")]
    public void An_intermediate_that_has_expired_or_may_not_sign_is_no_anchor()
    {
        using var expired = new TestCertificates("Old CA", _certificates, validDays: -1);
        Refused(Trusting(expired), expired.Issue(validDays: -2, validFromDays: -60), TlsFailure.CertificateExpired, null, null, null);
        Refused(Trusting(expired), expired.Issue(), TlsFailure.CertificateExpired, null, null, null);
        using var noAuthority = new TestCertificates("No CA", _certificates, isAuthority: false);
        Refused(Trusting(noAuthority), noAuthority.Issue(), null, null, null, null);
    }

    [Fact, Trait("Row", "C6")]
    public void An_expired_certificate_below_an_intermediate_is_refused()
    {
        using var intermediate = new TestCertificates("Intermediate CA", _certificates);
        Refused(Trusting(intermediate), intermediate.Issue(validDays: -30), TlsFailure.CertificateExpired, "certificate has expired", null, null);
    }

    [Fact, Trait("Row", "C3")]
    public void An_address_is_looked_for_among_the_certificates_addresses_only() => Refused(
        new TlsClientOptions { SubjectAddress = "192.0.2.1", Trust = _certificates.Trust },
        _certificates.Issue("192.0.2.1"), TlsFailure.CertificateNameMismatch, "IP address mismatch", null, null);

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

    private static TlsClientOptions Trusting(TestCertificates authority) => new() { SubjectName = TestCertificates.ServerName, Trust = authority.Trust };

    private void Accepted(TlsClientOptions options, X509Certificate2 certificate)
    {
        using var pair = new Pair(options, certificate, provider: provider);
        Assert.True(pair.Handshake(), pair.Client.Session.Error);
        Assert.False(pair.Client.Session.IsCertificateRefused);
    }

    private void Refused(TlsClientOptions options, X509Certificate2 certificate, TlsFailure? failure, string? reason, string? subject, string? issuer)
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
        Assert.Equal(issuer ?? session.RefusedIssuer, session.RefusedIssuer);
    }
}
