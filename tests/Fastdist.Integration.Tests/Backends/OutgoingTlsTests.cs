using System;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>What the options of a server's TLS do, as the server sees it.</summary>
[Trait("Stage", "3")]
public sealed class OutgoingTlsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_reconnect_resumes_the_session(SslProtocols protocol)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer, protocols: protocol);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--shards", "1");

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query($"r{i}.load.test"))).Rcode);
        }

        await fastdist.CountedAsync(c => c.Backend("one")["tls-resumptions"] >= 5, "5 resumptions");
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task SslStream_carries_queries_as_OpenSSL_does(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "tls=sslstream", "padQueries=true"), "--io", ring, "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendAsync([.. Enumerable.Range(0, 100).Select(id => Message.Query($"q{id}.load.test", id: id))]);

        Assert.All((await client.ReceiveManyAsync(100)).Values, answer => Assert.Equal(Rcode.NoError, answer.Rcode));
        Assert.Equal(Lab.BackendName, backend.Sessions[0].ServerName);
    }

    [Fact]
    public async Task Without_room_for_sessions_every_handshake_is_a_full_one()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            backend, "--shards", "1", "--outgoing-tls-sessions-cache-max-tickets-per-backend", "0");

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query($"r{i}.load.test"))).Rcode);
        }

        CounterLine counters = (await fastdist.CountersAsync()).Backend("one");
        Assert.Equal(0, counters["tls-resumptions"]);
        Assert.True(counters["tls-new-sessions"] >= 5);
    }

    [Fact]
    public async Task A_pinned_key_is_enough_and_another_key_is_refused()
    {
        await using var lab = new Lab();
        ServerCertificate certificate = CertificateAuthority.SelfSigned("anything.test");
        RogueBackend backend = lab.Rogue(Rogue.Answers, certificate);
        string right = Convert.ToBase64String(SHA256.HashData(certificate.Certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        string wrong = Convert.ToBase64String(SHA256.HashData([1]));

        FastdistProcess pinned = await lab.FastdistAsync("--server", $"{backend.EndPoint},name=one,healthCheckMode=up,pins={wrong},pins={right}");
        FastdistProcess refused = await lab.FastdistAsync("--server", $"{backend.EndPoint},name=one,healthCheckMode=up,pins={wrong}");

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(pinned.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.Equal(Rcode.ServFail, (await DnsUdpClient.AskAsync(refused.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.Contains(right, (await refused.ToldAsync(LogEvent.CertificateRefused))["reason"]);
        await refused.CountedAsync(c => c.Backend("one")["tls-handshake-certificate-pin-mismatch"] > 0, "a refused certificate");
    }

    [Fact]
    public async Task A_backend_that_asks_for_a_certificate_is_shown_ours()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers, asksForCertificate: true);
        ServerCertificate client = lab.Authority.Issue("client.test");
        string cert = lab.Scratch.Write("client.pem", client.CertificatePem);
        string key = lab.Scratch.Write("client.key", client.KeyPem);

        FastdistProcess with = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", $"cert={cert}", $"key={key}"), "--shards", "1");
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(with.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.Contains(backend.Sessions, session => session.ClientSubject == "CN=client.test");

        FastdistProcess without = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", "queryTimeout=1000"), "--shards", "1");
        Assert.Equal(Rcode.ServFail, (await DnsUdpClient.AskAsync(without.Listen, Message.Query("y.load.test"))).Rcode);
    }

    [Theory]
    [InlineData("ciphersTLS13=TLS_CHACHA20_POLY1305_SHA256", SslProtocols.Tls13, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256)]
    [InlineData("ciphers13=TLS_AES_128_GCM_SHA256", SslProtocols.Tls13, TlsCipherSuite.TLS_AES_128_GCM_SHA256)]
    [InlineData("ciphers=ECDHE-ECDSA-AES128-GCM-SHA256", SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)]
    public async Task Ciphers_are_those_that_are_written(string option, SslProtocols protocol, TlsCipherSuite suite)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers, protocols: protocol);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", option), "--shards", "1");

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.Equal(suite, backend.Sessions[0].CipherSuite);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Connections_come_from_the_source_that_is_written(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "source=127.0.0.77@lo", "tcpFastOpen=true"), "--io", ring, "--shards", "1");

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
        Assert.All(backend.Sessions, session => Assert.Equal(IPAddress.Parse("127.0.0.77"), session.Source));
    }

    [Fact]
    public async Task A_source_that_is_not_ours_is_a_failure_that_names_it()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", "source=192.0.2.77"), "--shards", "1");

        Assert.Equal(Rcode.ServFail, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
        LogLine failure = await fastdist.ToldAsync(LogEvent.ConnectionFailed, line => line["backend"] == "one");
        Assert.StartsWith("no socket from 192.0.2.77", failure["reason"], StringComparison.Ordinal);
    }
}
