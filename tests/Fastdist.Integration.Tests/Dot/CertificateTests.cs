using System;
using System.IO;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>Which certificate a client is shown, and what files they may come in.</summary>
[Trait("Stage", "4")]
public sealed class CertificateTests
{
    private const string Password = "secret";

    [Theory]
    [InlineData("-tls1_3 -sigalgs RSA-PSS+SHA256", "Peer signature type: RSA-PSS")]
    [InlineData("-tls1_3 -sigalgs ECDSA+SHA256", "Peer signature type: ECDSA")]
    [InlineData("-tls1_2 -sigalgs RSA+SHA256", "Peer signature type: RSA")]
    [InlineData("-tls1_2 -sigalgs ECDSA+SHA256", "Peer signature type: ECDSA")]
    [InlineData("-tls1_2 -cipher aRSA", "Cipher is ECDHE-RSA")]
    [InlineData("-tls1_2 -cipher aECDSA", "Cipher is ECDHE-ECDSA")]
    public async Task Of_two_certificates_for_one_name_each_client_gets_the_one_it_can_check(string client, string shown)
    {
        await using var lab = new Lab();
        string rsa = lab.Certificate(lab.Authority.IssueRsa(Lab.BackendName), "rsa");
        string ecdsa = lab.Certificate(lab.Authority.Issue(Lab.BackendName), "ecdsa");
        string authority = lab.Scratch.Write("ca.pem", lab.Authority.Pem);
        foreach (string both in (string[])[$"{rsa},{ecdsa}", $"{ecdsa},{rsa}"])
        {
            FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), both);

            OpenSslClient result = await OpenSslClient.RunAsync(
                fastdist.Tls, ["-CAfile", authority, "-verify_return_error", "-verify_hostname", Lab.BackendName, .. client.Split(' ')]);

            Assert.True(result.IsConnected, result.Text);
            Assert.Contains(shown, result.Text);
        }
    }

    [Theory]
    [InlineData("first.test", "first.test")]
    [InlineData("second.test", "second.test")]
    [InlineData("SecoND.TesT", "second.test")]
    [InlineData("any.wild.test", "*.wild.test")]
    [InlineData("ANY.Wild.test", "*.wild.test")]
    [InlineData("two.labels.wild.test", "first.test")]
    [InlineData("wild.test", "first.test")]
    [InlineData("unknown.test", "first.test")]
    [InlineData(null, "first.test")]
    public async Task Of_certificates_for_different_names_the_one_asked_for_is_shown_or_else_the_first(string? asked, string shown)
    {
        await using var lab = new Lab();
        string all = string.Join(
            ',',
            lab.Certificate(lab.Authority.Issue("first.test"), "first"),
            lab.Certificate(lab.Authority.Issue("second.test"), "second"),
            lab.Certificate(lab.Authority.Issue("*.wild.test"), "wild"));
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), all);

        foreach (string version in (string[])["-tls1_2", "-tls1_3"])
        {
            OpenSslClient client = await OpenSslClient.RunAsync(
                fastdist.Tls, asked is null ? [version, "-noservername"] : [version, "-servername", asked]);

            Assert.Contains($"subject=CN = {shown}\n", client.Text);
        }
    }

    [Fact]
    public async Task A_certificate_chosen_by_name_comes_with_the_frontends_options()
    {
        await using var lab = new Lab();
        string all = string.Join(
            ',',
            lab.Certificate(lab.Authority.Issue("first.test"), "first"),
            lab.Certificate(lab.Authority.Issue("second.test"), "second"),
            "ciphersTLS13=TLS_AES_128_GCM_SHA256,ecdheCurves=P-384");
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), all);

        OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_3", "-servername", "second.test", "-alpn", "dot");

        Assert.Contains("Cipher is TLS_AES_128_GCM_SHA256", client.Text);
        Assert.Contains("Server Temp Key: ECDH, secp384r1", client.Text);
        Assert.Contains("ALPN protocol: dot", client.Text);
        Assert.False((await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_1", "-servername", "second.test", "-cipher", "DEFAULT@SECLEVEL=0")).IsConnected);
    }

    [Fact]
    public async Task A_chain_is_shown_whole()
    {
        await using var lab = new Lab();
        ServerCertificate certificate = lab.Authority.Issue(Lab.BackendName);
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers),
            lab.Certificate(certificate with { CertificatePem = $"{certificate.CertificatePem}\n{lab.Authority.Pem}\n" }));

        OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls, "-showcerts");

        Assert.Contains(" 1 s:CN = fastdist test authority", client.Text);
    }

    [Fact]
    public async Task An_encrypted_key_opens_with_its_password()
    {
        await using var lab = new Lab();
        ServerCertificate certificate = lab.Authority.Issue(Lab.BackendName);
        await OpenSslAsync(
            "pkcs8", "-topk8", "-v2", "aes256", "-passout", $"pass:{Password}",
            "-in", lab.Scratch.WriteSecret("plain.key", certificate.KeyPem), "-out", lab.Scratch.PathOf("sealed.key"));
        string chain = lab.Scratch.Write("dot.pem", certificate.CertificatePem);

        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"cert={chain},key={lab.Scratch.PathOf("sealed.key")},password={Password}");

        Assert.Contains("BEGIN ENCRYPTED PRIVATE KEY", File.ReadAllText(lab.Scratch.PathOf("sealed.key")));
        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test"))).Rcode);
    }

    [Fact]
    public async Task A_certificate_may_come_as_PKCS_12()
    {
        await using var lab = new Lab();
        string bundle = await Pkcs12Async(lab, legacy: false);

        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), $"cert={bundle},password={Password}");
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);

        Assert.Equal(Lab.BackendName, client.CommonName);
        Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query("x.load.test"))).Rcode);
    }

    [Fact]
    public async Task PKCS_12_in_ciphers_of_the_past_is_refused_with_the_remedy()
    {
        await using var lab = new Lab();
        string bundle = await Pkcs12Async(lab, legacy: true);

        ChildProcess run = await FastdistProcess.RunToEndAsync(
            "--check-config", "--tls-local", $"127.0.0.1:8853,cert={bundle},password={Password}", "--server", "127.0.0.1:853,subjectName=a");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains(bundle, run.Log.ToString());
        Assert.Contains("openssl pkcs12", run.Log.ToString());
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task An_OCSP_response_is_stapled_for_who_asks(string version)
    {
        await using var lab = new Lab();
        ServerCertificate certificate = lab.Authority.Issue(Lab.BackendName);
        string options = lab.Certificate(certificate);
        string response = await Ocsp.ResponseAsync(lab, certificate, "dot");
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), $"{options},ocspResponses={response}");

        OpenSslClient asks = await OpenSslClient.RunAsync(fastdist.Tls, version, "-status");
        OpenSslClient asksNot = await OpenSslClient.RunAsync(fastdist.Tls, version);

        Assert.Contains("OCSP Response Status: successful (0x0)", asks.Text);
        Assert.Contains("Cert Status: good", asks.Text);
        Assert.DoesNotContain("OCSP Response Status", asksNot.Text);
    }

    [Fact]
    public async Task Each_certificate_has_its_own_OCSP_response()
    {
        await using var lab = new Lab();
        ServerCertificate rsa = lab.Authority.IssueRsa(Lab.BackendName);
        ServerCertificate other = lab.Authority.Issue("other.test");
        string options = $"{lab.Certificate(rsa, "rsa")},{lab.Certificate(other, "other")}";
        string first = await Ocsp.ResponseAsync(lab, rsa, "rsa");
        string second = await Ocsp.ResponseAsync(lab, other, "other");
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{options},ocspResponses={first},ocspResponses={second}");

        OpenSslClient ofFirst = await OpenSslClient.RunAsync(fastdist.Tls, "-status", "-servername", Lab.BackendName);
        OpenSslClient ofSecond = await OpenSslClient.RunAsync(fastdist.Tls, "-status", "-servername", "other.test");

        Assert.Contains($"Serial Number: {rsa.Certificate.SerialNumber}", ofFirst.Text);
        Assert.Contains($"Serial Number: {other.Certificate.SerialNumber}", ofSecond.Text);
    }

    [Fact]
    public async Task A_response_for_another_certificate_is_not_stapled_and_the_log_says_so()
    {
        await using var lab = new Lab();
        string options = lab.Certificate(lab.Authority.Issue(Lab.BackendName));
        string stranger = await Ocsp.ResponseAsync(lab, lab.Authority.Issue("stranger.test"), "stranger");
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), $"{options},ocspResponses={stranger}");

        OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls, "-status");

        LogLine warning = await fastdist.ToldAsync(LogEvent.CertificateDoubtful, line => line["warning"].Contains(stranger, StringComparison.Ordinal));
        Assert.Contains("another certificate", warning.Message);
        Assert.Contains("OCSP response: no response sent", client.Text);
    }

    private static async Task<string> Pkcs12Async(Lab lab, bool legacy)
    {
        ServerCertificate certificate = lab.Authority.Issue(Lab.BackendName);
        string bundle = lab.Scratch.PathOf("dot.p12");
        await OpenSslAsync(
            ["pkcs12", "-export", .. legacy ? (string[])["-legacy"] : [], "-passout", $"pass:{Password}",
             "-in", lab.Scratch.Write("dot.pem", certificate.CertificatePem),
             "-inkey", lab.Scratch.WriteSecret("dot.key", certificate.KeyPem), "-out", bundle]);
        return bundle;
    }

    private static async Task OpenSslAsync(params string[] arguments)
    {
        ChildProcess run = await ChildProcess.RunAsync(["openssl", .. arguments]);
        Assert.True(await run.ExitAsync() == 0, $"{run.Output}\n{run.Log}");
    }
}
