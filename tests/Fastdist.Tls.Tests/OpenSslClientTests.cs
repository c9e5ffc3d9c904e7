using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>What only the linked OpenSSL does for outgoing sessions.</summary>
public sealed class OpenSslClientTests
{
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_refusal_reaches_the_server_as_an_alert(bool tls12)
    {
        using var pair = new Pair(new TlsClientOptions { SubjectName = "other.example", Trust = _certificates.Trust }, _certificates.Issue(), tls12);
        Assert.False(pair.Handshake());
        Assert.Equal(TlsStatus.Failed, pair.Server.Session.Handshake(pair.Server.Inbox.ToArray(), out _, new byte[4096], out _));
        Assert.Contains("alert", pair.Server.Session.Error);
        Assert.False(pair.Server.Session.IsCertificateRefused);
    }

    [Fact]
    public void A_key_that_is_not_pinned_reaches_the_server_as_an_alert()
    {
        using var pair = new Pair(new TlsClientOptions { Pins = [TestCertificates.Pin(_certificates.Authority)] });
        Assert.False(pair.Handshake());
        Assert.Equal(TlsStatus.Failed, pair.Server.Session.Handshake(pair.Server.Inbox.ToArray(), out _, new byte[4096], out _));
        Assert.Contains("bad certificate", pair.Server.Session.Error);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void A_server_can_renegotiate_only_when_that_is_allowed(bool isAllowed, int renegotiations)
    {
        using TlsContext client = TlsClientContext.Create(new TlsClientOptions { AllowRenegotiation = isAllowed });
        using TlsContext server = TestCertificates.Server(_certificates.Issue(), TlsVersion.Tls12, allowRenegotiation: true);
        using var pair = new Pair(client, server);
        Assert.True(pair.Handshake());
        ServerSide.Renegotiate(pair.Server.Session);
        var room = new byte[8192];
        pair.Server.Session.Handshake([], out _, room, out int written);
        pair.Client.Inbox.AddRange(room[..written]);
        for (int step = 0; step < 4 && pair.Server.Status != TlsStatus.Failed; step++)
        {
            Assert.Equal(TlsStatus.NeedInput, pair.Receive(pair.Client));
            pair.Server.Inbox.AddRange(room[..pair.Client.Session.FlushPending(room)]);
            pair.Receive(pair.Server);
            pair.Client.Inbox.AddRange(room[..pair.Server.Session.FlushPending(room)]);
        }

        Assert.Equal(isAllowed ? TlsStatus.NeedInput : TlsStatus.Failed, pair.Server.Status);
        Assert.Equal(isAllowed ? "" : "no renegotiation", pair.Server.Session.Error);
        Assert.Equal(renegotiations, ServerSide.Renegotiations(pair.Client.Session));
    }
}
