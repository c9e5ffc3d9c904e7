using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Files;
using Xunit;

namespace Fastdist.Tls.Tests.Certificates;

/// <summary>What an operator's files may be, and what is said of those that cannot be used.</summary>
public sealed class CertificateFileTests : IDisposable
{
    private readonly CertificateFolder _folder = new();
    private readonly ECDsa _ecKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsaKey = RSA.Create(2048);

    [Fact]
    public void A_certificate_tells_its_names_key_and_dates()
    {
        using TlsCertificate certificate = _folder.Load("one", _ecKey, "DOT.example.net", "*.example.org");
        Assert.Equal(["dot.example.net", "*.example.org"], certificate.Names);
        Assert.Equal("1.2.840.10045.2.1", certificate.KeyType);
        Assert.InRange(certificate.NotAfter, CertificateFolder.Now.AddDays(29), CertificateFolder.Now.AddDays(31));
        Assert.Empty(certificate.Warnings);
    }

    [Fact]
    public void The_common_name_counts_only_when_there_are_no_alternative_names()
    {
        using TlsCertificate without = _folder.Load("old.example.net", _rsaKey);
        Assert.Equal(["old.example.net"], without.Names);
        using TlsCertificate with = _folder.Load("cn.example.net", _rsaKey, "san.example.net");
        Assert.Equal(["san.example.net"], with.Names);
    }

    [Theory]
    [InlineData("pkcs8")]
    [InlineData("pkcs1")]
    [InlineData("sec1")]
    [InlineData("encrypted")]
    public void Every_usual_form_of_private_key_is_read(string form)
    {
        AsymmetricAlgorithm key = form == "pkcs1" ? _rsaKey : _ecKey;
        string pem = form switch
        {
            "pkcs1" => _rsaKey.ExportRSAPrivateKeyPem(),
            "sec1" => _ecKey.ExportECPrivateKeyPem(),
            "encrypted" => Encrypted(),
            _ => key.ExportPkcs8PrivateKeyPem(),
        };
        TlsCertificateFile files = _folder.Files("a", key, "a.test") with { KeyFile = _folder.Write("form.key", pem), Password = form == "encrypted" ? "secret" : null };
        using TlsCertificate certificate = TlsCertificate.Load(files, CertificateFolder.Now);
        Assert.Equal(["a.test"], certificate.Names);
    }

    [Fact]
    public void The_key_may_be_in_the_certificates_file()
    {
        TlsCertificateFile files = _folder.Files("a", _ecKey, "a.test");
        string both = _folder.Write("both.pem", File.ReadAllText(files.KeyFile!) + "\n" + File.ReadAllText(files.CertificateFile));
        TlsCertificate.Load(new TlsCertificateFile { CertificateFile = both }, CertificateFolder.Now).Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("secret")]
    public void Pkcs12_holds_certificate_and_key(string? password)
    {
        using X509Certificate2 certificate = CertificateFolder.Sign("a", _ecKey, 30, "a.test");
        string path = _folder.Write("a.p12", certificate.Export(X509ContentType.Pkcs12, password));
        using TlsCertificate loaded = TlsCertificate.Load(new TlsCertificateFile { CertificateFile = path, Password = password }, CertificateFolder.Now);
        Assert.Equal(["a.test"], loaded.Names);
    }

    [Fact]
    public void Key_and_certificate_that_do_not_belong_together_are_both_named()
    {
        TlsCertificateFile files = _folder.Files("a", _ecKey, "a.test");
        TlsCertificateFile other = _folder.Files("b", ECDsa.Create(ECCurve.NamedCurves.nistP256), "b.test");
        Assert.Equal(
            $"key={other.KeyFile} does not belong to cert={files.CertificateFile}: name the key that its request was made with",
            Refusal(files with { KeyFile = other.KeyFile }));
    }

    [Fact]
    public void A_certificate_out_of_its_time_is_refused_with_the_date()
    {
        TlsCertificateFile files = _folder.Files("a", _ecKey, "a.test");
        Assert.Matches(@": it expired at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; renew it$", Refusal(files, CertificateFolder.Now.AddDays(31)));
        Assert.Matches(@": it is not valid before \d{4}-\d\d-\d\d .* UTC; it is \d{4}-", Refusal(files, CertificateFolder.Now.AddDays(-61)));
    }

    [Fact]
    public void A_missing_wrong_or_empty_file_is_named()
    {
        TlsCertificateFile files = _folder.Files("a", _ecKey, "a.test");
        Assert.Equal("cert=/nowhere/c.pem: no such file", Refusal(files with { CertificateFile = "/nowhere/c.pem" }));
        Assert.Equal("key=/nowhere/k.pem: no such file", Refusal(files with { KeyFile = "/nowhere/k.pem" }));
        Assert.Equal($"cert={Path.GetTempPath()}: is a directory", Refusal(files with { CertificateFile = Path.GetTempPath() }));
        string empty = _folder.Write("empty", "");
        Assert.Equal($"cert={empty}: the file is empty", Refusal(files with { CertificateFile = empty }));
        Assert.Equal($"cert={files.KeyFile}: there is no certificate in it (-----BEGIN CERTIFICATE-----)", Refusal(files with { CertificateFile = files.KeyFile! }));
        Assert.Equal($"key={files.CertificateFile}: there is no private key in it (-----BEGIN PRIVATE KEY-----)", Refusal(files with { KeyFile = files.CertificateFile }));
        Assert.Equal($"key={files.CertificateFile}: no private key is in the certificate's file: add key=FILE", Refusal(files with { KeyFile = null }));
        string garbage = _folder.Write("garbage", [1, 2, 3, 4]);
        Assert.Equal($"cert={garbage}: neither PEM (-----BEGIN CERTIFICATE-----) nor PKCS#12", Refusal(files with { CertificateFile = garbage }));
    }

    [Fact]
    public void Passwords_that_are_missing_or_wrong_are_told_apart()
    {
        TlsCertificateFile files = _folder.Files("a", _ecKey, "a.test") with { KeyFile = _folder.Write("e.key", Encrypted()) };
        Assert.Equal($"key={files.KeyFile}: the key is encrypted: add password=TEXT", Refusal(files));
        Assert.StartsWith($"key={files.KeyFile}: the password does not open the key", Refusal(files with { Password = "wrong" }), StringComparison.Ordinal);

        using X509Certificate2 certificate = CertificateFolder.Sign("a", _ecKey, 30, "a.test");
        string store = _folder.Write("a.p12", certificate.Export(X509ContentType.Pkcs12, "secret"));
        Assert.Equal($"cert={store}: it is encrypted: add password=TEXT", Refusal(new TlsCertificateFile { CertificateFile = store }));
        Assert.StartsWith($"cert={store}: the password does not open it", Refusal(new TlsCertificateFile { CertificateFile = store, Password = "wrong" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_closed_to_us_tells_owner_mode_user_and_the_remedy() =>
        Assert.Equal(
            "permission denied: it belongs to root with mode 0600, and we run as fastdist. "
            + "Certificate tools write keys as root; copy it in a deploy hook: "
            + "install -o fastdist -m 0400 /etc/letsencrypt/k.pem /etc/fastdist/ (and name the copy here)",
            FileRefusal.Explain("key", "/etc/letsencrypt/k.pem", "root", "0600", "fastdist"));

    [Fact]
    public void A_chain_out_of_order_is_a_warning()
    {
        TlsCertificateFile files = _folder.Files("a", _ecKey, "a.test");
        using X509Certificate2 stranger = CertificateFolder.Sign("stranger", _rsaKey, 30);
        string chain = _folder.Write("chain.pem", File.ReadAllText(files.CertificateFile) + "\n" + stranger.ExportCertificatePem());
        using TlsCertificate certificate = TlsCertificate.Load(files with { CertificateFile = chain }, CertificateFolder.Now);
        Assert.Contains("out of order", Assert.Single(certificate.Warnings), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Refusal(TlsCertificateFile files, DateTimeOffset? now = null) =>
        Assert.Throws<TlsConfigurationException>(() => TlsCertificate.Load(files, now ?? CertificateFolder.Now)).Message;

    private string Encrypted() =>
        _ecKey.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
}
