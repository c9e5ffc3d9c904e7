using System;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Interop;
using Fastdist.Tls.OpenSslSessions;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>Failures that a peer can provoke, provoked.</summary>
public sealed class HandshakeFailureTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: dot.example.net\r\n\r\n", TlsFailure.Http)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", TlsFailure.Http)]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", TlsFailure.ProxyHeader)]
    [InlineData("\0\u001d\u0001\u0002\u0001\0\0\u0001\0\0\0\0\0\0\u0007example\u0003com\0\0\u0001\0\u0001", TlsFailure.PlainDns)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", TlsFailure.BadRecord)]
    public void Another_protocol_on_the_TLS_port_is_told_apart_however_it_is_cut(string text, TlsFailure failure)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        foreach (int cut in Enumerable.Range(0, 5))
        {
            using TlsContext context = Server();
            using TlsSession session = context.CreateSession();
            Assert.Equal(TlsStatus.NeedInput, session.Handshake(bytes.AsSpan(0, cut), out _, new byte[4096], out _));
            Assert.Equal(TlsStatus.Failed, session.Handshake(bytes.AsSpan(cut), out _, new byte[4096], out _));
            Assert.Equal(failure, session.Failure);
        }
    }

    [Theory]
    [InlineData("0302", "c013", "", TlsFailure.UnsupportedProtocol)]
    [InlineData("0303", "c02b5600", "", TlsFailure.InappropriateFallback)]
    [InlineData("0303", "c013", "", TlsFailure.NoSharedCipher)]
    [InlineData("0303", "c02b", "000d000400020999", TlsFailure.NoSharedSignatureAlgorithm)]
    [InlineData("0303", "c02b", "000d0009", TlsFailure.BadRecord)]
    public void A_ClientHello_that_cannot_be_served_is_counted_by_what_it_lacks(string version, string suites, string extensions, TlsFailure failure)
    {
        byte[] body = Convert.FromHexString(
            $"{version}{new string('0', 64)}00{suites.Length / 2:x4}{suites}0100" + (extensions.Length == 0 ? "" : $"{extensions.Length / 2:x4}{extensions}"));
        AssertFails([.. Record(22, body.Length + 4), 1, 0, 0, (byte)body.Length, .. body], failure);
    }

    [Theory]
    [InlineData("801c0100020003000000100000350000000000000000000000000000000000", TlsFailure.UnknownProtocol)]
    [InlineData("160301ffff", TlsFailure.BadRecord)]
    [InlineData("16030100021400", TlsFailure.BadRecord)]
    [InlineData("170301000100", TlsFailure.BadRecord)]
    [InlineData("15030100020230", TlsFailure.BadRecord)]
    public void A_first_record_that_cannot_be_served_is_counted(string record, TlsFailure failure) =>
        AssertFails([.. Convert.FromHexString(record), .. new byte[16]], failure);

    [Theory]
    [InlineData(2, 48, TlsStatus.Failed, TlsFailure.AlertUnknownCa)]
    [InlineData(2, 120, TlsStatus.Failed, TlsFailure.AlertNoApplicationProtocol)]
    [InlineData(2, 200, TlsStatus.Failed, TlsFailure.AlertOther)]
    [InlineData(2, 90, TlsStatus.Failed, TlsFailure.Cancelled)]
    [InlineData(1, 0, TlsStatus.Closed, TlsFailure.Cancelled)]
    [InlineData(1, 90, TlsStatus.NeedInput, TlsFailure.None)]
    public void An_alert_during_the_handshake_is_counted_by_its_name(byte level, byte description, TlsStatus status, TlsFailure failure)
    {
        using Pair pair = Meet(Client() with { MaxVersion = TlsVersion.Tls12 }, options => options);
        var room = new byte[4096];
        pair.Client.Session.Handshake([], out _, room, out int written);
        Assert.Equal(TlsStatus.NeedInput, pair.Server.Session.Handshake(room.AsSpan(0, written), out _, new byte[4096], out _));
        Assert.Equal(status, pair.Server.Session.Handshake([21, 3, 3, 0, 2, level, description], out _, room, out _));
        Assert.Equal(failure, pair.Server.Session.Failure);
    }

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_client_says_by_alert_why_it_refuses_a_certificate(TlsVersion version)
    {
        using var others = new TestCertificates("Other CA");
        AssertAlert(others.Issue(), TlsFailure.CertificateUntrusted, TlsFailure.AlertUnknownCa);
        AssertAlert(_certificates.Issue(validDays: -1), TlsFailure.CertificateExpired, TlsFailure.AlertCertificateExpired);
        AssertAlert(_certificates.Issue("other.example"), TlsFailure.CertificateNameMismatch, TlsFailure.AlertBadCertificate);

        void AssertAlert(X509Certificate2 certificate, TlsFailure refusal, TlsFailure alert)
        {
            using Pair pair = Meet(Client() with { MaxVersion = version }, options => options, certificate);
            AssertFails(pair, client: refusal, server: alert);
        }
    }

    [Fact]
    public void A_cipher_that_is_not_shared_is_counted_on_both_sides()
    {
        using Pair pair = Meet(
            Client() with { Ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256", MaxVersion = TlsVersion.Tls12 },
            options => options with { Ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384" });
        AssertFails(pair, client: TlsFailure.AlertHandshakeFailure, server: TlsFailure.NoSharedCipher);
    }

    [Fact]
    public void A_group_that_is_not_shared_is_counted_on_both_sides()
    {
        using Pair pair = Meet(Client() with { Curves = "X25519" }, options => options with { Curves = "P-256" });
        AssertFails(pair, client: TlsFailure.AlertHandshakeFailure, server: TlsFailure.NoSharedGroup);
    }

    [Fact]
    public void With_TLS_1_2_a_group_that_is_not_shared_leaves_no_cipher()
    {
        using Pair pair = Meet(Client() with { Curves = "P-384", MaxVersion = TlsVersion.Tls12 }, options => options with { Curves = "P-256" });
        AssertFails(pair, client: TlsFailure.AlertHandshakeFailure, server: TlsFailure.NoSharedCipher);
    }

    [Fact]
    public unsafe void A_client_without_a_signature_algorithm_for_the_certificate_is_counted()
    {
        using Pair pair = Meet(Client(), options => options);
        fixed (byte* algorithms = "rsa_pss_rsae_sha256\0"u8)
        {
            Assert.Equal(1, OpenSsl.SSL_ctrl(((OpenSslSession)pair.Client.Session).Pointer, LibSsl.CtrlSetSignatureAlgorithms, 0, algorithms));
        }

        AssertFails(pair, client: TlsFailure.AlertHandshakeFailure, server: TlsFailure.NoSharedSignatureAlgorithm);
    }

    [Fact]
    public void A_version_that_is_too_low_is_counted_on_both_sides()
    {
        using Pair pair = Meet(Client() with { MaxVersion = TlsVersion.Tls12 }, options => options with { MinVersion = TlsVersion.Tls13 });
        AssertFails(pair, client: TlsFailure.AlertProtocolVersion, server: TlsFailure.UnsupportedProtocol);
    }

    [Fact]
    public void A_renegotiation_is_answered_with_no_renegotiation_and_the_session_goes_on()
    {
        using Pair pair = Meet(Client() with { MaxVersion = TlsVersion.Tls12, AllowRenegotiation = true }, options => options);
        Assert.True(pair.Handshake());
        Assert.Equal(1, LibSsl.SSL_renegotiate(((OpenSslSession)pair.Client.Session).Pointer));
        var room = new byte[4096];
        Assert.Equal(TlsStatus.NeedInput, pair.Client.Session.Handshake([], out _, room, out int written));
        pair.Server.Inbox.AddRange(room[..written]);

        Assert.Equal(TlsStatus.NeedInput, pair.Receive(pair.Server));
        Assert.Equal(TlsFailure.None, pair.Server.Session.Failure);
        pair.Send(pair.Server, "answer"u8);
        Assert.Equal(TlsStatus.Failed, pair.Receive(pair.Client));
        Assert.Equal(TlsFailure.RenegotiationRefused, pair.Client.Session.Failure);
    }

    [Fact]
    public void A_record_that_is_not_authentic_is_a_bad_record()
    {
        using Pair pair = Meet(Client(), options => options);
        Assert.True(pair.Handshake());
        pair.Send(pair.Client, "question"u8);
        pair.Server.Inbox[^1] ^= 1;
        Assert.Equal(TlsStatus.Failed, pair.Receive(pair.Server));
        Assert.Equal(TlsFailure.BadRecord, pair.Server.Session.Failure);
    }

    public void Dispose() => _certificates.Dispose();

    private static byte[] Record(byte type, int length) => [type, 3, 1, (byte)(length >> 8), (byte)length];

    private void AssertFails(byte[] input, TlsFailure failure)
    {
        using TlsContext context = Server();
        using TlsSession session = context.CreateSession();
        Assert.Equal(TlsStatus.Failed, session.Handshake(input, out _, new byte[4096], out _));
        Assert.Equal((failure, TlsFailures.NameOf(failure)), (session.Failure, TlsFailures.NameOf(session.Failure)));
    }

    private static void AssertFails(Pair pair, TlsFailure client, TlsFailure server)
    {
        Assert.False(pair.Handshake());
        foreach (End end in new[] { pair.Client, pair.Server })
        {
            // The alert of the one that failed first.
            Assert.Equal(TlsStatus.Failed, end.Session.Handshake(end.Inbox.ToArray(), out _, new byte[4096], out _));
        }

        Assert.Equal((client, server), (pair.Client.Session.Failure, pair.Server.Session.Failure));
    }

    private TlsClientOptions Client() => new() { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust };

    private TlsServerContext Server(Func<TlsServerOptions, TlsServerOptions>? change = null, X509Certificate2? certificate = null)
    {
        certificate ??= _certificates.Issue();
        var options = new TlsServerOptions { Certificates = [TlsCertificate.FromDer(certificate.RawData, certificate.GetECDsaPrivateKey()!.ExportECPrivateKey())] };
        return new TlsServerContext(change is null ? options : change(options));
    }

    private Pair Meet(TlsClientOptions client, Func<TlsServerOptions, TlsServerOptions> change, X509Certificate2? certificate = null)
    {
        // The contexts end with their last session.
        using TlsContext clientContext = TlsClientContext.Create(client);
        using TlsContext serverContext = Server(change, certificate);
        return new Pair(clientContext, serverContext);
    }
}
