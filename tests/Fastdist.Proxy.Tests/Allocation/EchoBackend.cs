using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using Fastdist.Settings;

namespace Fastdist.Proxy.Tests.Allocation;

/// <summary>A backend over TCP or TLS, or over UDP and TCP, that answers each query with itself, QR set: NOERROR and no records.</summary>
internal sealed class EchoBackend : IDisposable
{
    private const int PrefixSize = 2;
    private const int FlagsOffset = 2;
    private const byte ResponseFlag = 0x80;

    /// <summary>Bytes of that record.</summary>
    public const int RecordSize = 16;

    /// <summary>TTL of the A record that its answers over UDP have, seconds, 1 to 255; 0 for none.</summary>
    public byte Ttl { get; init; }

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private readonly X509Certificate2? _certificate;
    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };

    public EchoBackend(BackendTransport transport)
    {
        _certificate = transport is BackendTransport.OpenSsl or BackendTransport.SslStream ? CreateCertificate() : null;
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "backend" }.Start();
        if (transport == BackendTransport.Udp)
        {
            _datagrams.Bind(Address);
            new Thread(AnswerDatagrams) { IsBackground = true, Name = "backend datagrams" }.Start();
        }
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public void Dispose()
    {
        _listener.Stop();
        _datagrams.Dispose();
        lock (_clients)
        {
            _clients.ForEach(client => client.Dispose());
        }

        _certificate?.Dispose();
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=backend.test", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        // SslStream wants the key in the store's own form, which only the round trip gives.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    private void AnswerDatagrams()
    {
        var buffer = new byte[4096];
        var sender = new SocketAddress(AddressFamily.InterNetwork);
        try
        {
            while (true)
            {
                int length = _datagrams.ReceiveFrom(buffer, SocketFlags.None, sender);
                buffer[FlagsOffset] |= ResponseFlag;
                _datagrams.SendTo(buffer.AsSpan(0, Ttl > 0 ? AddRecord(buffer, length) : length), SocketFlags.None, sender);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                TcpClient client = _listener.AcceptTcpClient();
                client.NoDelay = true;
                lock (_clients)
                {
                    _clients.Add(client);
                }

                new Thread(() => Serve(client)) { IsBackground = true, Name = "backend connection" }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private void Serve(TcpClient client)
    {
        try
        {
            using Stream stream = Open(client);
            var buffer = new byte[1 << 17];
            int length = 0;
            while (stream.Read(buffer, length, buffer.Length - length) is > 0 and int count)
            {
                length += count;
                int whole = Answer(buffer.AsSpan(0, length));
                stream.Write(buffer, 0, whole);
                buffer.AsSpan(whole, length - whole).CopyTo(buffer);
                length -= whole;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private Stream Open(TcpClient client)
    {
        if (_certificate is null)
        {
            return client.GetStream();
        }

        var stream = new SslStream(client.GetStream());
        stream.AuthenticateAsServer(_certificate);
        return stream;
    }

    /// <summary>Adds a record behind the question of a query that has an OPT at most, and that without options.</summary>
    /// <returns>Bytes of the answer.</returns>
    private int AddRecord(Span<byte> message, int length)
    {
        const int OptSize = 11;
        ReadOnlySpan<byte> record = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, Ttl, 0, 4, 192, 0, 2, 1];
        int questionEnd = length - (message[11] == 0 ? 0 : OptSize);
        message[7] = 1;
        message[questionEnd..length].CopyTo(message[(questionEnd + record.Length)..]);
        record.CopyTo(message[questionEnd..]);
        return length + record.Length;
    }

    /// <returns>Bytes of whole frames, each now an answer.</returns>
    private static int Answer(Span<byte> frames)
    {
        int position = 0;
        while (frames.Length - position >= PrefixSize
            && BinaryPrimitives.ReadUInt16BigEndian(frames[position..]) + PrefixSize is int frame && frame <= frames.Length - position)
        {
            frames[position + PrefixSize + FlagsOffset] |= ResponseFlag;
            position += frame;
        }

        return position;
    }
}
