using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fastdist.Tls.Certificates;
using Xunit;

namespace Fastdist.Tls.Tests.Certificates;

/// <summary>A block that begins is there to its end, or the file is refused.</summary>
[Trait("Row", "A8")]
public sealed class CutFileTests : IDisposable
{
    private readonly CertificateFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TlsCertificateFile _files;
    private readonly string _leaf;
    private readonly string _issuer;

    public CutFileTests()
    {
        _files = _folder.Files("a", _key, "a.test");
        using X509Certificate2 issuer = CertificateFolder.Sign("issuer", RSA.Create(2048), 30);
        _leaf = File.ReadAllText(_files.CertificateFile) + "\n";
        _issuer = issuer.ExportCertificatePem() + "\n";
    }

    [Fact]
    public void A_chain_that_was_cut_anywhere_is_refused_or_ends_with_a_block()
    {
        string chain = _leaf + _issuer;
        for (int length = _leaf.Length; length < chain.Length - 1; length++)
        {
            string path = _folder.Write("cut.pem", chain[..length]);
            if (length == _leaf.Length)
            {
                TlsCertificate.Load(_files with { CertificateFile = path }, CertificateFolder.Now).Dispose();
                TlsTrust.Load(path).Dispose();
            }
            else
            {
                Assert.Contains($"cert={path}: ", Refusal(_files with { CertificateFile = path }), StringComparison.Ordinal);
                Assert.Contains($"caStore={path}: ", Assert.Throws<TlsConfigurationException>(() => TlsTrust.Load(path)).Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("KEY LEAF[..200]", "the CERTIFICATE that begins in line 6 is not whole (the file ends before it does)")]
    [InlineData("LEAF ISSUER[..400]", "is not whole (the file ends before it does)")]
    [InlineData("LEAF[..-1]ISSUER", "is not whole (line LAST is another marker)")]
    [InlineData("LEAF[..300]\nISSUER", "is not whole (line AFTER is another marker)")]
    [InlineData("LEAF -----BEGIN CERTIFI", "line NEXT is no whole marker")]
    [InlineData("LEAF -----BEGIN CERTIFICATE----\n", "line NEXT is no whole marker")]
    [InlineData("LEAF -----BEGIN CERTIFICATE----------BEGIN CERTIFICATE-----\n", "line NEXT is no whole marker")]
    [InlineData("LEAF ISSUER[30..]", "ends a block that does not begin")]
    [InlineData("LEAF --", "it ends amid line NEXT")]
    [InlineData("LEAF -----BEGIN X-----\nAAAA\n-----END Y-----\n", "the X that begins in line NEXT is not whole")]
    [InlineData("LEAF -----BEGIN CERTIFICATE-----\nMIIB#!\n-----END CERTIFICATE-----\n", "line NEXT: the block that begins here is damaged: what is in it is not base64")]
    [InlineData("LEAF -----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "line NEXT: the certificate that begins here is damaged")]
    [InlineData("LEAF -----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "line NEXT: the block that begins here is damaged")]
    public void What_was_cut_or_glued_together_is_refused_with_its_line(string content, string words)
    {
        string path = _folder.Write("bad.pem", Compose(content));
        int lines = _leaf.Count(c => c == '\n');
        words = words.Replace("NEXT", $"{lines + 1}", StringComparison.Ordinal).Replace("LAST", $"{lines}", StringComparison.Ordinal)
            .Replace("AFTER", $"{_leaf[..300].Count(c => c == '\n') + 2}", StringComparison.Ordinal);
        Assert.Contains(words, Refusal(_files with { CertificateFile = path }), StringComparison.Ordinal);
        Assert.Contains(words, Assert.Throws<TlsConfigurationException>(() => TlsTrust.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\uFEFF", "", "\n")]
    [InlineData("", "", "\r\n")]
    [InlineData("", "  ", "\n")]
    [InlineData("a comment\n----- with dashes -----\n", "", "\n")]
    [InlineData("# -----BEGIN CERTIFICATE-----\n# AAAA\n# -----END CERTIFICATE-----\n", "", "\n")]
    public void What_editors_and_people_add_changes_nothing(string before, string indent, string lineBreak)
    {
        string text = before + string.Concat((_leaf + _issuer).TrimEnd('\n').Split('\n').Select(line => indent + line + lineBreak));
        string path = _folder.Write("odd.pem", Encoding.UTF8.GetBytes(text));
        using TlsTrust trust = TlsTrust.Load(path);
        Assert.Equal(["CN=a", "CN=issuer"], trust.Authorities.Select(authority => authority.Subject));
        using TlsCertificate certificate = TlsCertificate.Load(_files with { CertificateFile = path }, CertificateFolder.Now);

        // The second certificate is there, for it is said not to be the first one's issuer.
        Assert.Contains("out of order", Assert.Single(certificate.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_with_half_a_block_behind_the_key_is_refused()
    {
        string key = File.ReadAllText(_files.KeyFile!) + "\n";
        string path = _folder.Write("half.key", key + key[..60]);
        Assert.Contains($"key={path}: the PRIVATE KEY that begins in line ", Refusal(_files with { KeyFile = path }), StringComparison.Ordinal);
        path = _folder.Write("cut.key", key[..(key.Length / 2)]);
        Assert.Contains($"key={path}: the PRIVATE KEY that begins in line 1 is not whole", Refusal(_files with { KeyFile = path }), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_form_of_certificate_block_is_read()
    {
        string old = _leaf.Replace("CERTIFICATE", "X509 CERTIFICATE", StringComparison.Ordinal);
        string trusted = _leaf.Replace("CERTIFICATE", "TRUSTED CERTIFICATE", StringComparison.Ordinal);
        using TlsTrust trust = TlsTrust.Load(_folder.Write("forms.pem", old + trusted + _leaf));
        Assert.Equal(3, trust.Authorities.Count);
    }

    [Fact]
    public void Pkcs12_that_was_cut_or_lengthened_is_refused()
    {
        using X509Certificate2 certificate = CertificateFolder.Sign("a", _key, 30, "a.test");
        byte[] store = certificate.Export(X509ContentType.Pkcs12);
        foreach (byte[] content in (IEnumerable<byte[]>)[store[..^1], store[..100], [.. store, 0], [.. store, .. store]])
        {
            Assert.Contains("PKCS#12", Refusal(new TlsCertificateFile { CertificateFile = _folder.Write("a.p12", content) }), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_OCSP_response_that_was_cut_or_lengthened_is_not_stapled()
    {
        using TlsCertificate certificate = TlsCertificate.Load(_files, CertificateFolder.Now);
        byte[] response = OcspAnswer.For(_files, CertificateFolder.Now.AddDays(1));
        Assert.Null(certificate.Staple(_folder.Write("good", response), null, CertificateFolder.Now));
        foreach (byte[] content in (IEnumerable<byte[]>)[response[..^1], [.. response, 0], []])
        {
            Assert.NotNull(certificate.Staple(_folder.Write("bad", content), null, CertificateFolder.Now));
            Assert.False(certificate.HasStapled);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static string Refusal(TlsCertificateFile files) =>
        Assert.Throws<TlsConfigurationException>(() => TlsCertificate.Load(files, CertificateFolder.Now)).Message;

    private string Compose(string content)
    {
        string key = File.ReadAllText(_files.KeyFile!) + "\n";
        return content
            .Replace("LEAF[..200]", _leaf[..200], StringComparison.Ordinal)
            .Replace("LEAF[..300]", _leaf[..300], StringComparison.Ordinal)
            .Replace("LEAF[..-1]", _leaf[..^1], StringComparison.Ordinal)
            .Replace("ISSUER[..400]", _issuer[..400], StringComparison.Ordinal)
            .Replace("ISSUER[30..]", _issuer[30..], StringComparison.Ordinal)
            .Replace("LEAF ", _leaf, StringComparison.Ordinal)
            .Replace("KEY ", key, StringComparison.Ordinal)
            .Replace("ISSUER", _issuer, StringComparison.Ordinal);
    }
}
