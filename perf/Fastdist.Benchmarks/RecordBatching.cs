using System;
using System.Net.Security;
using System.Security.Authentication;
using System.Threading;
using BenchmarkDotNet.Attributes;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;

namespace Fastdist.Benchmarks;

/// <summary>
/// Fifty queries from one end of a TLS 1.3 session to the other, in memory, so many to a record; the figure is per message
/// and holds both ends: sealing and opening.
/// </summary>
public class RecordBatching
{
    private const int Messages = 50;
    private readonly byte[] _plain = SampleMessages.Framed(SampleMessages.Query(), Messages);
    private readonly byte[] _cipher = new byte[32 * 1024];
    private readonly byte[] _opened = new byte[32 * 1024];
    private TlsSession _client = null!, _server = null!;
    private SslStream _clientStream = null!, _serverStream = null!;

    [Params(1, 10, 50)]
    public int MessagesPerRecord { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        using var certificate = SampleCertificate.Create(out var der, out var key);
        (_client, _server) = SessionPair(der, key);
        (_clientStream, _serverStream) = StreamPair(certificate);
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public void OpenSslSession()
    {
        var batch = _plain.Length / Messages * MessagesPerRecord;
        var sealedBytes = 0;
        for (var at = 0; at < _plain.Length; at += batch)
        {
            _client.Send(_plain.AsSpan(at, batch), out _, _cipher.AsSpan(sealedBytes), out var written);
            sealedBytes += written;
        }
        _server.Receive(_cipher.AsSpan(0, sealedBytes), out _, _opened, out var opened);
        if (opened != _plain.Length)
        {
            throw new InvalidOperationException("bytes were lost");
        }
    }

    [Benchmark(OperationsPerInvoke = Messages, Baseline = true)]
    public void SslStream()
    {
        var batch = _plain.Length / Messages * MessagesPerRecord;
        for (var at = 0; at < _plain.Length; at += batch)
        {
            _clientStream.Write(_plain.AsSpan(at, batch));
        }
        var opened = 0;
        while (opened < _plain.Length)
        {
            opened += _serverStream.Read(_opened);
        }
    }

    private static (TlsSession Client, TlsSession Server) SessionPair(byte[] der, byte[] key)
    {
        TlsSession client = TlsClientContext.Create(new TlsClientOptions { SubjectName = SampleCertificate.HostName }).CreateSession();
        TlsSession server = new TlsServerContext(new TlsServerOptions { Certificates = [TlsCertificate.FromDer(der, key)] }).CreateSession();
        byte[] toServer = new byte[32 * 1024], toClient = new byte[32 * 1024];
        var answered = 0;
        // Two rounds are a TLS 1.3 handshake; the last bytes of the server are its tickets.
        for (var round = 0; round < 3; round++)
        {
            client.Handshake(toClient.AsSpan(0, answered), out var used, toServer, out var asked);
            if (used < answered)
            {
                client.Receive(toClient.AsSpan(used, answered - used), out _, new byte[64], out _);
            }
            server.Handshake(toServer.AsSpan(0, asked), out _, toClient, out answered);
        }
        if (answered > 0)
        {
            client.Receive(toClient.AsSpan(0, answered), out _, new byte[64], out _);
        }
        return (client, server);
    }

    private static (SslStream Client, SslStream Server) StreamPair(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        var (near, far) = MemoryDuplex.Pair();
        var client = new SslStream(near);
        var server = new SslStream(far);
        var accepting = new Thread(() => server.AuthenticateAsServer(certificate, false, SslProtocols.Tls13, false));
        accepting.Start();
        client.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = SampleCertificate.HostName,
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        accepting.Join();
        return (client, server);
    }
}
