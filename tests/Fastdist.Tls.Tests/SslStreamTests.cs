using System;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>.NET's own TLS stream as the other end: two of our sessions could agree on a mistake.</summary>
public sealed class SslStreamTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly Socket _ours;
    private readonly Socket _theirs;

    public SslStreamTests()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ours = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 60_000 };
        _ours.Connect(listener.LocalEndpoint);
        _theirs = listener.AcceptSocket();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, TlsVersion.Tls12, TlsProvider.OpenSsl)]
    [InlineData(SslProtocols.Tls13, TlsVersion.Tls13, TlsProvider.OpenSsl)]
    [InlineData(SslProtocols.Tls12, TlsVersion.Tls12, TlsProvider.SslStream)]
    [InlineData(SslProtocols.Tls13, TlsVersion.Tls13, TlsProvider.SslStream)]
    public async Task Our_client_and_an_SslStream_server_understand_each_other(SslProtocols protocol, TlsVersion version, TlsProvider provider)
    {
        using TlsContext context = TlsClientContext.Create(new TlsClientOptions { Provider = provider, SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust });
        using TlsSession session = context.CreateSession();
        using var stream = new SslStream(new NetworkStream(_theirs));
        Task<byte[]> theirs = EchoAsync(stream, () => stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = _certificates.Issue(),
            EnabledSslProtocols = protocol,
            ApplicationProtocols = [new SslApplicationProtocol("dot")],
        }));
        byte[] echoed = await Task.Run(() => Exchange(session), TestContext.Current.CancellationToken);
        Assert.Equal(Message(), echoed);
        Assert.Equal(Message(), await theirs);
        Assert.Equal(version, session.Version);
        Assert.Equal("dot", session.ApplicationProtocol);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, TlsVersion.Tls12)]
    [InlineData(SslProtocols.Tls13, TlsVersion.Tls13)]
    public async Task Our_server_and_an_SslStream_client_understand_each_other(SslProtocols protocol, TlsVersion version)
    {
        using TlsContext context = TestCertificates.Server(_certificates.Issue());
        using TlsSession session = context.CreateSession();
        using var stream = new SslStream(new NetworkStream(_theirs));
        Task<byte[]> theirs = EchoAsync(stream, () => stream.AuthenticateAsClientAsync(ClientOptions(protocol)));
        byte[] echoed = await Task.Run(() => Exchange(session), TestContext.Current.CancellationToken);
        Assert.Equal(Message(), echoed);
        Assert.Equal(Message(), await theirs);
        Assert.Equal(version, session.Version);
        Assert.Equal("dot", session.ApplicationProtocol);
        Assert.Equal(new SslApplicationProtocol("dot"), stream.NegotiatedApplicationProtocol);
    }

    [Fact]
    public async Task A_client_that_offers_other_protocols_is_served_without_one()
    {
        using TlsContext context = TestCertificates.Server(_certificates.Issue());
        using TlsSession session = context.CreateSession();
        using var stream = new SslStream(new NetworkStream(_theirs));
        SslClientAuthenticationOptions options = ClientOptions(SslProtocols.Tls13);
        options.ApplicationProtocols = [SslApplicationProtocol.Http2, new SslApplicationProtocol("do")];
        Task<byte[]> theirs = EchoAsync(stream, () => stream.AuthenticateAsClientAsync(options));
        await Task.Run(() => Exchange(session), TestContext.Current.CancellationToken);
        await theirs;
        Assert.Empty(session.ApplicationProtocol);
    }

    [Theory]
    [InlineData("h2")]
    [InlineData("http/1.1,h2")]
    [InlineData("h2,http/1.1")]
    public async Task Of_several_protocols_the_servers_favourite_is_selected(string offered)
    {
        using TlsContext context = TestCertificates.Server(_certificates.Issue(), protocols: ["h2", "http/1.1"]);
        using TlsSession session = context.CreateSession();
        using var stream = new SslStream(new NetworkStream(_theirs));
        SslClientAuthenticationOptions options = ClientOptions(SslProtocols.Tls13);
        options.ApplicationProtocols = [.. offered.Split(',').Select(name => new SslApplicationProtocol(name))];
        Task<byte[]> theirs = EchoAsync(stream, () => stream.AuthenticateAsClientAsync(options));
        await Task.Run(() => Exchange(session), TestContext.Current.CancellationToken);
        await theirs;
        Assert.Equal("h2", session.ApplicationProtocol);
    }

    [Fact]
    public void A_client_older_than_TLS_1_2_is_refused()
    {
        using TlsContext context = TestCertificates.Server(_certificates.Issue());
        using TlsSession session = context.CreateSession();

        // A ClientHello of TLS 1.1 with one cipher suite.
        byte[] hello = Convert.FromHexString("160302002d" + "01000029" + "0302" + new string('0', 64) + "00" + "0002c013" + "0100");
        Assert.Equal(TlsStatus.Failed, session.Handshake(hello, out _, new byte[4096], out int written));
        Assert.Equal(7, written);
    }

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
        _certificates.Dispose();
    }

    private static byte[] Message()
    {
        var message = new byte[100_000];
        new Random(1).NextBytes(message);
        return message;
    }

    private SslClientAuthenticationOptions ClientOptions(SslProtocols protocol) => new()
    {
        TargetHost = TestCertificates.ServerName,
        EnabledSslProtocols = protocol,
        ApplicationProtocols = [SslApplicationProtocol.Http2, new SslApplicationProtocol("dot")],
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _certificates.Authority },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    private static async Task<byte[]> EchoAsync(SslStream stream, Func<Task> authenticate)
    {
        await authenticate();
        var message = new byte[Message().Length];
        await stream.ReadExactlyAsync(message);
        await stream.WriteAsync(message);
        await stream.ShutdownAsync();
        return message;
    }

    // Sends the message, reads to the peer's close_notify, and returns what came.
    private byte[] Exchange(TlsSession session)
    {
        var input = new byte[8192];
        int given = 0;
        var output = new byte[128 * 1024];
        while (true)
        {
            TlsStatus handshake = session.Handshake(input.AsSpan(0, given), out int used, output, out int sealedBytes);
            _ours.Send(output.AsSpan(0, sealedBytes));
            input.AsSpan(used, given - used).CopyTo(input);
            given -= used;
            if (handshake == TlsStatus.Ok)
            {
                break;
            }

            Assert.True(handshake == TlsStatus.NeedInput, session.Error);
            given += _ours.Receive(input.AsSpan(given));
        }

        Assert.Equal(TlsStatus.Ok, session.Send(Message(), out _, output, out int written));
        Task sending = Task.Run(() => _ours.Send(output.AsSpan(0, written)));
        var opened = new byte[Message().Length + 1];
        int count = 0;
        while (true)
        {
            TlsStatus status = session.Receive(input.AsSpan(0, given), out int used, opened.AsSpan(count), out int plain);
            count += plain;
            input.AsSpan(used, given - used).CopyTo(input);
            given -= used;
            if (status == TlsStatus.Closed)
            {
                break;
            }

            Assert.True(status == TlsStatus.NeedInput, $"{status} {session.Error}");
            int received = _ours.Receive(input.AsSpan(given));
            Assert.NotEqual(0, received);
            given += received;
        }

        sending.Wait();
        return opened[..count];
    }
}
