using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>What of <c>--doh-local</c> is refused at the start, with the flag and the remedy.</summary>
[Trait("Stage", "5")]
public sealed class ConfigurationTests
{
    private const string Address = "127.0.0.1:8443";

    [Theory]
    [InlineData("")]
    [InlineData(",path=/dns-query,path=/,exactPathMatching=false,customResponseHeaders=x-a:b,serverTokens=,idleTimeout=5")]
    [InlineData(",maxHeaderSize=2048,maxControlFrames=50,maxResets=20,maxRequestsPerTurn=8,trustForwardedForHeader=true")]
    public async Task A_sound_frontend_passes_the_check_with_and_without_certificate(string options)
    {
        await using var lab = new Lab();

        foreach (string certificate in (string[])["", $",{lab.DohCertificate()}"])
        {
            ChildProcess run = await CheckAsync($"{certificate}{options}");
            Assert.True(await run.ExitAsync() == 0, run.Log.ToString());
        }
    }

    [Theory]
    [InlineData("minTLSVersion=tls1.3")]
    [InlineData("sessionTimeout=60")]
    [InlineData("numberOfTicketsKeys=3")]
    [InlineData("ignoreTLSConfigurationErrors=true")]
    public Task TLS_options_without_certificate(string option) =>
        RefusedAsync($",{option}", "no certificate", "cert=FILE,key=FILE", "leave them out");

    [Theory]
    [InlineData("path=dns-query", "/dns-query")]
    [InlineData("path=", "/dns-query")]
    [InlineData("path=/dns query", "/dns-query")]
    [InlineData("path=/dns-query?dns=", "/dns-query")]
    [InlineData("path=/dns#query", "/dns-query")]
    [InlineData("customResponseHeaders=x-a", "NAME:VALUE")]
    [InlineData("customResponseHeaders=:value", "NAME:VALUE")]
    [InlineData("customResponseHeaders=x a:b", "x a")]
    [InlineData("customResponseHeaders=x-a:\u00e9", "\u00e9")]
    [InlineData("serverTokens=a\u0001b", "a\u0001b")]
    [InlineData("idleTimeout=-1", "idleTimeout")]
    [InlineData("maxHeaderSize=1", "maxHeaderSize")]
    [InlineData("maxResets=0", "maxResets")]
    [InlineData("exactPathMatching=maybe", "exactPathMatching")]
    [InlineData("noSuchOption=1", "noSuchOption")]
    [InlineData("key=a.key", "cert=FILE before it")]
    public Task An_option_that_cannot_be_honoured(string option, string named) => RefusedAsync($",{option}", named);

    [Fact]
    public Task More_header_fields_than_are_added() => RefusedAsync(
        string.Concat(Enumerable.Range(0, 17).Select(i => $",customResponseHeaders=x-{i}:v")), "16");

    [Fact]
    public async Task A_certificate_that_has_expired()
    {
        await using var lab = new Lab();
        await RefusedAsync($",{lab.Certificate(lab.Authority.IssueExpired("a.test"))}", lab.Scratch.PathOf("dot.pem"), "expired");
    }

    private static Task<ChildProcess> CheckAsync(string options) => FastdistProcess.RunToEndAsync(
        "--check-config", "--doh-local", $"{Address}{options}", "--server", "127.0.0.1:853,subjectName=a");

    private static async Task RefusedAsync(string options, params string[] named)
    {
        ChildProcess run = await CheckAsync(options);
        string said = run.Log.ToString();

        Assert.True(await run.ExitAsync() == 1, said);
        Assert.Contains("--doh-local", said);
        Assert.All(named, name => Assert.Contains(name, said, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at ", said);
    }
}
