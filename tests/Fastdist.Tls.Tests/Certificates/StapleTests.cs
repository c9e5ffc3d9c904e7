using System;
using System.Security.Cryptography;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Interop;
using Fastdist.Tls.OpenSslSessions;
using Xunit;

namespace Fastdist.Tls.Tests.Certificates;

/// <summary>A stapled OCSP response is presented as long as it is current, and does without when there is none.</summary>
[Trait("Row", "C2")]
public sealed unsafe class StapleTests : IDisposable
{
    private const int RequestStatus = 65, GetResponse = 70, OfOcsp = 1;

    private readonly CertificateFolder _folder = new();
    private readonly SettableClock _clock = new();
    private readonly TlsCertificateFile _files;

    public StapleTests() => _files = _folder.Files("a", ECDsa.Create(ECCurve.NamedCurves.nistP256), "a.test");

    [Fact]
    public void It_is_presented_until_it_ends()
    {
        byte[] response = OcspAnswer.For(_files, CertificateFolder.Now.AddDays(2));
        using TlsCertificate certificate = Load();
        Assert.Null(Staple(certificate, response, null));
        using TlsContext server = Server(certificate);
        Assert.Equal(response, Presented(server));
        _clock.Step(TimeSpan.FromDays(1.9));
        Assert.Equal(response, Presented(server));
        _clock.Step(TimeSpan.FromDays(0.2));
        Assert.Empty(Presented(server));
    }

    [Theory]
    [InlineData("missing", "no such file")]
    [InlineData("empty", "the file is empty")]
    [InlineData("ended", "it is not current; fetch a new one")]
    [InlineData("ended a minute ago", "it is not current; fetch a new one")]
    [InlineData("garbage", "it is no OCSP response in DER, or was cut off")]
    [InlineData("another's", "it is for another certificate")]
    public void One_that_cannot_be_used_is_a_warning_and_the_one_before_stays(string flaw, string words)
    {
        byte[] content = flaw switch
        {
            "ended" => OcspAnswer.For(_files, CertificateFolder.Now.AddDays(-1)),
            "ended a minute ago" => OcspAnswer.For(_files, CertificateFolder.Now.AddMinutes(-1)),
            "garbage" => [1, 2, 3],
            "another's" => OcspAnswer.For(_folder.Files("b", ECDsa.Create(ECCurve.NamedCurves.nistP256), "b.test"), CertificateFolder.Now.AddDays(1)),
            _ => [],
        };
        byte[] good = OcspAnswer.For(_files, CertificateFolder.Now.AddDays(2));
        using TlsCertificate before = Load();
        Assert.Null(Staple(before, good, null));
        using TlsCertificate certificate = Load();
        string? warning = flaw == "missing" ? certificate.Staple("/nowhere/ocsp", before, CertificateFolder.Now) : Staple(certificate, content, before);
        Assert.Contains(words, warning, StringComparison.Ordinal);
        using TlsContext server = Server(certificate);
        Assert.Equal(good, Presented(server));

        using TlsCertificate first = Load();
        Staple(first, content, null);
        using TlsContext fresh = Server(first);
        Assert.Empty(Presented(fresh));
    }

    public void Dispose() => _folder.Dispose();

    private TlsCertificate Load() => TlsCertificate.Load(_files, CertificateFolder.Now);

    private string? Staple(TlsCertificate certificate, byte[] response, TlsCertificate? before) =>
        certificate.Staple(_folder.Write("response", response), before, CertificateFolder.Now);

    private TlsServerContext Server(TlsCertificate certificate) => new(new TlsServerOptions { Certificates = [certificate], Clock = _clock });

    private static byte[] Presented(TlsContext server)
    {
        using TlsContext client = TlsClientContext.Create(new TlsClientOptions { SubjectName = "a.test" });
        using var pair = new Pair(client, server);
        nint session = ((OpenSslSession)pair.Client.Session).Pointer;
        OpenSsl.SSL_ctrl(session, RequestStatus, OfOcsp, null);
        Assert.True(pair.Handshake());
        byte* response;
        nint length = OpenSsl.SSL_ctrl(session, GetResponse, 0, &response);
        return length > 0 ? new ReadOnlySpan<byte>(response, (int)length).ToArray() : [];
    }
}
