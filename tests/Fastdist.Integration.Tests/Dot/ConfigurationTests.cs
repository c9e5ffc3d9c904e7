using System;
using System.IO;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>What of <c>--tls-local</c> is refused at the start, with the flag, the file and the remedy.</summary>
[Trait("Stage", "4")]
public sealed class ConfigurationTests
{
    private const string Address = "127.0.0.1:8853";

    [Fact]
    public async Task A_sound_frontend_passes_the_check()
    {
        await using var lab = new Lab();

        ChildProcess run = await CheckAsync(lab.Certificate(lab.Authority.Issue("a.test")));

        Assert.Equal(0, await run.ExitAsync());
    }

    [Fact]
    public async Task A_key_of_another_certificate()
    {
        await using var lab = new Lab();
        string options = lab.Certificate(lab.Authority.Issue("a.test"));
        lab.Scratch.WriteSecret("dot.key", lab.Authority.Issue("a.test").KeyPem);

        await RefusedAsync(options, lab.Scratch.PathOf("dot.pem"), lab.Scratch.PathOf("dot.key"));
    }

    [Fact]
    public async Task A_certificate_that_has_expired()
    {
        await using var lab = new Lab();
        await RefusedAsync(lab.Certificate(lab.Authority.IssueExpired("a.test")), lab.Scratch.PathOf("dot.pem"), "expired");
    }

    [Fact]
    public async Task A_certificate_that_is_not_yet_valid()
    {
        await using var lab = new Lab();
        await RefusedAsync(lab.Certificate(lab.Authority.IssueNotYetValid("a.test")), lab.Scratch.PathOf("dot.pem"), "not valid before");
    }

    [Theory]
    [InlineData("dot.pem")]
    [InlineData("dot.key")]
    public async Task A_file_that_is_missing(string name)
    {
        await using var lab = new Lab();
        string options = lab.Certificate(lab.Authority.Issue("a.test"));
        File.Delete(lab.Scratch.PathOf(name));

        await RefusedAsync(options, lab.Scratch.PathOf(name));
    }

    [Theory]
    [InlineData("dot.pem")]
    [InlineData("dot.key")]
    public async Task A_file_that_holds_something_else(string name)
    {
        await using var lab = new Lab();
        string options = lab.Certificate(lab.Authority.Issue("a.test"));
        lab.Scratch.Write(name, "something else");

        await RefusedAsync(options, lab.Scratch.PathOf(name));
    }

    [Fact]
    public async Task A_key_that_only_another_user_may_read_with_what_to_do_about_it()
    {
        await using var lab = new Lab();
        string options = lab.Certificate(lab.Authority.Issue("a.test"));

        ChildProcess run = await ChildProcess.RunAsync(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Repository.Fastdist,
            "--check-config", "--tls-local", $"{Address},{options}", "--server", "127.0.0.1:853,subjectName=a");

        Assert.Equal(1, await run.ExitAsync());
        string said = run.Log.ToString();
        Assert.Contains("--tls-local", said);
        Assert.Contains(lab.Scratch.PathOf("dot.key"), said);
        Assert.Contains("root with mode 0600, and we run as nobody", said);
        Assert.Contains("install -o nobody", said);
        Assert.DoesNotContain("   at ", said);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task A_password_that_does_not_open_the_key(string password)
    {
        await using var lab = new Lab();
        string options = lab.Certificate(lab.Authority.Issue("a.test"));
        string sealedKey = lab.Scratch.PathOf("sealed.key");
        await ChildProcess.RunAsync(
            "openssl", "pkcs8", "-topk8", "-v2", "aes256", "-passout", "pass:right", "-in", lab.Scratch.PathOf("dot.key"), "-out", sealedKey);

        await RefusedAsync(
            $"{options.Replace(lab.Scratch.PathOf("dot.key"), sealedKey)}{(password.Length > 0 ? $",password={password}" : "")}",
            sealedKey, "password");
    }

    [Theory]
    [InlineData("noSuchOption=1", "noSuchOption")]
    [InlineData("minTLSVersion=ssl3", "ssl3")]
    [InlineData("provider=gnutls", "gnutls")]
    [InlineData("ciphers=NO-SUCH-CIPHER", "NO-SUCH-CIPHER")]
    [InlineData("ciphersTLS13=NO_SUCH_SUITE", "NO_SUCH_SUITE")]
    [InlineData("ecdheCurves=P-9999", "P-9999")]
    [InlineData("keyLogFile=/nonexistent/keys.log", "/nonexistent/keys.log")]
    [InlineData("proxyProtocolACL=everyone", "everyone")]
    [InlineData("numberOfTicketsKeys=1000", "1000")]
    public async Task An_option_that_cannot_be_honoured(string option, string named)
    {
        await using var lab = new Lab();
        await RefusedAsync($"{lab.Certificate(lab.Authority.Issue("a.test"))},{option}", named);
    }

    [Theory]
    [InlineData("ticketKeyFile=/nonexistent/keys", "/nonexistent/keys")]
    [InlineData("ticketKeySecretFile=/nonexistent/secret", "/nonexistent/secret")]
    public async Task A_ticket_file_that_cannot_be_read(string option, string named)
    {
        await using var lab = new Lab();
        await RefusedAsync($"{lab.Certificate(lab.Authority.Issue("a.test"))},{option}", named);
    }

    [Fact, Trait("Row", "C2")]
    public async Task An_OCSP_response_that_is_not_there_is_a_warning()
    {
        await using var lab = new Lab();
        ChildProcess run = await CheckAsync($"{lab.Certificate(lab.Authority.Issue("a.test"))},ocspResponses=/nonexistent/ocsp");
        Assert.Equal(0, await run.ExitAsync());
        Assert.Contains("nothing is stapled", run.Log.ToString());
        Assert.Contains("ocspResponses=/nonexistent/ocsp: no such file", run.Log.ToString());
    }

    [Theory, Trait("Row", "A8")]
    [InlineData("cert")]
    [InlineData("key")]
    [InlineData("caStore")]
    [InlineData("client certificate")]
    public async Task A_file_that_was_cut(string which)
    {
        await using var lab = new Lab();
        string good = lab.Certificate(lab.Authority.Issue("a.test"));
        string whole = File.ReadAllText(lab.Scratch.PathOf(which == "key" ? "dot.key" : "dot.pem"));
        string cut = lab.Scratch.Write("cut.pem", $"{whole}\n{lab.Authority.Pem[..^30]}");
        string tls = which switch
        {
            "cert" => good.Replace(lab.Scratch.PathOf("dot.pem"), cut, StringComparison.Ordinal),
            "key" => good.Replace(lab.Scratch.PathOf("dot.key"), cut, StringComparison.Ordinal),
            _ => good,
        };
        string server = which == "caStore" ? $",caStore={cut}" : which == "client certificate" ? $",cert={cut},key={lab.Scratch.PathOf("dot.key")}" : "";

        ChildProcess run = await FastdistProcess.RunToEndAsync("--check-config", "--tls-local", $"{Address},{tls}", "--server", $"127.0.0.1:853,name=one,subjectName=a{server}");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains(server.Length > 0 ? "--server one: " : "--tls-local ", run.Log.ToString());
        Assert.Contains($"{cut}: the CERTIFICATE that begins in line ", run.Log.ToString());
    }

    [Fact]
    public async Task No_certificate_at_all()
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync(
            "--check-config", "--tls-local", Address, "--server", "127.0.0.1:853,subjectName=a");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains("cert=FILE,key=FILE", run.Log.ToString());
    }

    [Fact]
    public async Task A_frontend_that_may_be_left_out_is_and_the_others_serve()
    {
        await using var lab = new Lab();
        IPEndPoint listen = Ports.Next();
        IPEndPoint good = Ports.Next();
        IPEndPoint bad = Ports.Next();
        string broken = lab.Certificate(lab.Authority.IssueExpired("a.test"), "broken");
        FastdistProcess fastdist = lab.Keep(await FastdistProcess.StartAsync(
            listen,
            [
                "-l", $"{listen}", "--tls-local", $"{bad},{broken},ignoreTLSConfigurationErrors=true",
                "--tls-local", $"{good},{lab.Certificate(lab.Authority.Issue(Lab.BackendName))}",
                "--server", lab.Unchecked(lab.Rogue(Rogue.Answers), "one"),
            ],
            tls: good));

        Assert.Contains(lab.Scratch.PathOf("broken.pem"), (await fastdist.ToldAsync(LogEvent.FrontendLeftOut))["reason"]);
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(listen, Message.Query("x.load.test"))).Rcode);
        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(good, Message.Query("y.load.test"))).Rcode);
    }

    private static Task<ChildProcess> CheckAsync(string options) => FastdistProcess.RunToEndAsync(
        "--check-config", "--tls-local", $"{Address},{options}", "--server", "127.0.0.1:853,subjectName=a");

    private static async Task RefusedAsync(string options, params string[] named)
    {
        ChildProcess run = await CheckAsync(options);
        string said = run.Log.ToString();

        Assert.True(await run.ExitAsync() == 1, said);
        Assert.Contains("--tls-local", said);
        Assert.All(named, name => Assert.Contains(name, said, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at ", said);
    }
}
