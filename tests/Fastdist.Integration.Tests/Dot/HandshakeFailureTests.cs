using System;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>Why handshakes fail, each reason provoked and counted under its name, once.</summary>
[Trait("Stage", "4")]
public sealed class HandshakeFailureTests
{
    [Theory]
    [InlineData("no-shared-cipher", "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("no-shared-cipher", "-tls1_3 -ciphersuites TLS_AES_128_CCM_8_SHA256")]
    [InlineData("no-shared-group", "-tls1_3 -groups X448")]
    [InlineData("no-shared-signature-algorithm", "-tls1_3 -sigalgs RSA-PSS+SHA256")]
    [InlineData("unsupported-protocol", "-tls1_1 -cipher DEFAULT@SECLEVEL=0")]
    [InlineData("inappropriate-fallback", "-fallback_scsv -tls1_2")]
    [InlineData("alert-unknown-ca", "-tls1_3 -verify_return_error")]
    [InlineData("alert-unknown-ca", "-tls1_2 -verify_return_error")]
    [InlineData("alert-bad-certificate", "-tls1_3 -verify_return_error -CAfile {authority} -verify_hostname elsewhere.test")]
    [InlineData("alert-certificate-expired", "-tls1_3 -verify_return_error -CAfile {authority} -attime 4000000000")]
    [InlineData("alert-unsupported-certificate", "-tls1_3 -verify_return_error -CAfile {authority} -purpose crlsign")]
    public async Task Of_openssl(string reason, string options)
    {
        await using var lab = new Lab();
        string authority = lab.Scratch.Write("ca.pem", lab.Authority.Pem);
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},ecdheCurves=X25519:P-256:P-384");

        OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls, options.Replace("{authority}", authority).Split(' '));

        Assert.Contains(":error:", client.Text);
        await CountedAsync(fastdist, reason);
    }

    [Fact]
    public async Task Of_kdig_that_trusts_another_authority()
    {
        await using var lab = new Lab();
        string stranger = lab.Scratch.Write("stranger.pem", new CertificateAuthority("a stranger").Pem);
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        await Kdig.AskAsync(fastdist.Tls, $"+tls-ca={stranger}", "+tls-hostname=dot.test", "x.load.test");

        // GnuTLS has its callers check after the handshake, or says bad_certificate; either way it is one connection.
        await fastdist.CountedAsync(
            counters => counters.Dot("ended-connections") == 1 && counters.FailedHandshakes + counters.Dot("tls-new-sessions") >= 1,
            "the one connection counted");
        Assert.Equal(0, (await fastdist.CountersAsync()).Dot("queries"));
    }

    [Fact]
    public async Task Of_DNS_without_TLS()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        Kdig answer = await Kdig.AskAsync(fastdist.Tls, "+tcp", "x.load.test");

        Assert.NotEqual("NOERROR", answer.Status);
        await CountedAsync(fastdist, "plain-dns");
    }

    [Fact]
    public async Task Of_HTTP_without_TLS()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        await ChildProcess.RunAsync("curl", "--silent", $"http://{fastdist.Tls}/dns-query");

        await CountedAsync(fastdist, "http");
    }

    [Theory]
    [InlineData("unknown-protocol", "802e0100020015000000100700c00300800100800600400400800200800000000000000000000000000000000000000000")]
    [InlineData("bad-record", "160301ffff0100")]
    [InlineData("bad-record", "1703030005616263646566")]
    [InlineData("proxy-header", "0d0a0d0a000d0a515549540a21110000")]
    [InlineData("proxy-header", "50524f58592054435034203139322e302e322e31203139322e302e322e322031203835330d0a")]
    public async Task Of_bytes_that_are_no_hello(string reason, string bytes)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        await client.SendRawAsync(Convert.FromHexString(bytes));

        await CountedAsync(fastdist, reason);
    }

    [Theory]
    [InlineData("alert-handshake-failure", 40)]
    [InlineData("alert-bad-certificate", 42)]
    [InlineData("alert-unsupported-certificate", 43)]
    [InlineData("alert-certificate-revoked", 44)]
    [InlineData("alert-certificate-expired", 45)]
    [InlineData("alert-certificate-unknown", 46)]
    [InlineData("alert-unknown-ca", 48)]
    [InlineData("alert-access-denied", 49)]
    [InlineData("alert-decrypt-error", 51)]
    [InlineData("alert-protocol-version", 70)]
    [InlineData("alert-no-application-protocol", 120)]
    [InlineData("alert-other", 80)]
    public async Task Of_the_clients_alerts(string reason, byte alert)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        await client.SendRawAsync([.. await ClientHello.MakeAsync(), .. ClientHello.Alert(alert)]);

        await CountedAsync(fastdist, reason);
    }

    [Fact]
    public async Task Of_a_client_that_cancels()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        await client.SendRawAsync(await ClientHello.MakeAsync());
        Assert.NotEqual(0, await client.ReadSomeAsync(4_096));
        await client.SendRawAsync(ClientHello.CloseNotify());

        await CountedAsync(fastdist, "cancelled");
    }

    [Fact]
    public async Task Of_a_client_that_cancels_in_the_segment_of_its_hello()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        await client.SendRawAsync([.. await ClientHello.MakeAsync(), .. ClientHello.CloseNotify()]);

        await CountedAsync(fastdist, "cancelled");
    }

    [Theory]
    [InlineData("closed", 0)]
    [InlineData("closed", 100)]
    [InlineData("reset", 0)]
    [InlineData("reset", 100)]
    public async Task Of_a_client_that_leaves(string reason, int bytes)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));
        DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        await client.SendRawAsync((await ClientHello.MakeAsync())[..bytes]);
        // A connection that is reset before it was accepted is one that never was.
        await fastdist.CountedAsync(counters => counters.Dot("current-connections") == 1, "the connection");

        if (reason == "reset")
        {
            client.Reset();
        }

        client.Dispose();
        await CountedAsync(fastdist, reason);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Of_a_client_that_says_nothing(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring, "--tls-handshake-timeout", "1");

        using DnsTcpClient silent = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        using DnsTcpClient half = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        await half.SendRawAsync((await ClientHello.MakeAsync())[..100]);

        await silent.UntilClosedAsync();
        await half.UntilClosedAsync();
        await fastdist.CountedAsync(counters => counters.Dot("handshake-timed-out") == 2, "two that timed out");
        Assert.Equal(2, (await fastdist.CountersAsync()).FailedHandshakes);
    }

    private static async Task CountedAsync(FastdistProcess fastdist, string reason)
    {
        await fastdist.CountedAsync(counters => counters.FailedHandshakes > 0, $"one failed handshake, for {reason}");
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(1, counters.Dot($"handshake-{reason}"));
        Assert.Equal(1, counters.FailedHandshakes);
        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("after.load.test"))).Rcode);
    }
}
