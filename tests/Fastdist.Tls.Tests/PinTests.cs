using System;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>Keys known beforehand (RFC 7858 section 4.2), alone and with validation, for every provider of outgoing sessions.</summary>
public abstract class PinTests(TlsProvider provider) : IDisposable
{
    private const string Other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private readonly TestCertificates _certificates = new();

    [Fact]
    public void A_pinned_key_alone_needs_no_authority_no_name_and_no_date()
    {
        X509Certificate2 certificate = _certificates.Issue("other.example", validDays: -30, selfSigned: true);
        Accepted(new TlsClientOptions { SubjectName = TestCertificates.ServerName, Pins = [TestCertificates.Pin(certificate)] }, certificate);
    }

    [Fact]
    public void One_of_several_pins_is_enough()
    {
        X509Certificate2 certificate = _certificates.Issue();
        Accepted(new TlsClientOptions { Pins = [TlsPin.Parse(Other), TestCertificates.Pin(certificate)] }, certificate);
    }

    [Fact]
    public void Another_key_is_refused_with_what_could_be_pinned()
    {
        X509Certificate2 certificate = _certificates.Issue();
        Refused(new TlsClientOptions { Pins = [TlsPin.Parse(Other)] }, certificate, $"no pin matches: the certificate's is {TestCertificates.Pin(certificate)}");
    }

    [Fact]
    public void An_authoritys_key_alone_is_no_pin_of_its_servers()
    {
        X509Certificate2 certificate = _certificates.Issue();
        Refused(new TlsClientOptions { Pins = [TestCertificates.Pin(_certificates.Authority)] }, certificate, $"no pin matches: the certificate's is {TestCertificates.Pin(certificate)}");
    }

    [Fact]
    public void With_validation_the_authoritys_key_may_be_the_pinned_one()
    {
        Accepted(Validated(TestCertificates.Pin(_certificates.Authority)), _certificates.Issue());
        X509Certificate2 certificate = _certificates.Issue();
        Accepted(Validated(TestCertificates.Pin(certificate)), certificate);
    }

    [Fact]
    public void With_validation_a_valid_certificate_with_another_key_is_refused()
    {
        X509Certificate2 certificate = _certificates.Issue();
        Refused(Validated(TlsPin.Parse(Other)), certificate, $"no pin matches: the certificate's is {TestCertificates.Pin(certificate)}");
    }

    [Fact]
    public void With_validation_a_pinned_key_does_not_excuse_a_wrong_name()
    {
        X509Certificate2 certificate = _certificates.Issue("other.example");
        Refused(Validated(TestCertificates.Pin(certificate)), certificate, "hostname mismatch", TlsFailure.CertificateNameMismatch);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("AAAA")]
    [InlineData(Other + Other)]
    public void What_is_no_SHA_256_in_base64_is_a_configuration_error(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<TlsConfigurationException>(() => TlsPin.Parse(text)).Message);

    public void Dispose() => _certificates.Dispose();

    private TlsClientOptions Validated(TlsPin pin) => new() { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust, Pins = [pin] };

    private void Accepted(TlsClientOptions options, X509Certificate2 certificate)
    {
        using var pair = new Pair(options, certificate, provider: provider);
        Assert.True(pair.Handshake(), pair.Client.Session.Error);
        Assert.False(pair.Client.Session.IsCertificateRefused);
    }

    private void Refused(TlsClientOptions options, X509Certificate2 certificate, string error, TlsFailure failure = TlsFailure.CertificatePinMismatch)
    {
        using var pair = new Pair(options, certificate, provider: provider);
        Assert.False(pair.Handshake());
        Assert.True(pair.Client.Session.IsCertificateRefused);
        Assert.Equal(failure, pair.Client.Session.Failure);
        Assert.Equal(error, pair.Client.Session.Error);
        Assert.Equal(certificate.Subject, pair.Client.Session.RefusedSubject);
        Assert.Equal(certificate.Issuer, pair.Client.Session.RefusedIssuer);
    }
}
