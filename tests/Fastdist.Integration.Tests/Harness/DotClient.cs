using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A DNS-over-TLS client that takes whatever certificate it is shown and remembers it.</summary>
internal sealed class DotClient : DnsStreamClient, IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly SslStream _tls;
    private readonly RecordCountingStream? _wire;

    private DotClient(Socket socket, SslStream tls, RecordCountingStream? wire)
    {
        _socket = socket;
        _tls = tls;
        _wire = wire;
    }

    /// <summary>Whether the last thing the server has said is an alert, as close_notify is.</summary>
    public bool EndsInAlert => _wire is { EndsInAlert: true };

    public SslProtocols Protocol => _tls.SslProtocol;

    /// <summary>Records with application data that came; not known of a client whose bytes are cut.</summary>
    public int Records => _wire?.Records ?? 0;

    /// <summary>The common name of the certificate that the server showed.</summary>
    public string CommonName => Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    /// <summary>What the server showed.</summary>
    public X509Certificate2 Certificate { get; private set; } = null!;

    /// <summary>Connects, and shakes hands.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="source">The address to come from, when it matters.</param>
    /// <param name="name">The name asked for (SNI).</param>
    /// <param name="protocols">The versions offered.</param>
    /// <param name="inClear">Sent before the handshake, a PROXY header for instance.</param>
    /// <param name="receiveBuffer">Bytes of the socket's receive buffer.</param>
    /// <param name="pieces">Cuts what is written to the socket.</param>
    public static async Task<DotClient> ConnectAsync(
        IPEndPoint server,
        IPAddress? source = null,
        string name = Lab.BackendName,
        SslProtocols protocols = SslProtocols.None,
        byte[]? inClear = null,
        int? receiveBuffer = null,
        Func<ReadOnlyMemory<byte>, IEnumerable<ReadOnlyMemory<byte>>>? pieces = null)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        if (source is not null)
        {
            socket.Bind(new IPEndPoint(source, 0));
        }

        await socket.ConnectAsync(server);
        if (inClear is not null)
        {
            await socket.SendAsync(inClear);
        }

        RecordCountingStream? wire = pieces is null ? new RecordCountingStream(socket) : null;
        var tls = new SslStream((Stream?)wire ?? new PiecewiseStream(socket, pieces!));
        var client = new DotClient(socket, tls, wire);
        try
        {
            await client.HandshakeAsync(name, protocols);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public override async Task SendRawAsync(byte[] bytes) => await Patience.ForAsync(
        async token =>
        {
            await _tls.WriteAsync(bytes, token);
            await _tls.FlushAsync(token);
            return true;
        },
        "room to send");

    public override async Task<byte[]?> ReceiveRawAsync()
    {
        try
        {
            byte[] length = new byte[2];
            if (await FillAsync(length) < 2)
            {
                return null;
            }

            byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            return await FillAsync(message) == message.Length
                ? message
                : throw new InvalidOperationException("closed inside a message");
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Says close_notify: it will ask no more, and reads on.</summary>
    public Task SayCloseAsync() => _tls.ShutdownAsync();

    /// <summary>Past the session, into its stream.</summary>
    public async Task SendUnencryptedAsync(byte[] bytes) => await _socket.SendAsync(bytes);

    /// <summary>Ends without ceremony: the server sees a reset.</summary>
    public void Reset() => _socket.Reset();

    /// <summary>One query on a session of its own.</summary>
    public static async Task<ParsedMessage> AskAsync(IPEndPoint server, byte[] query)
    {
        await using DotClient client = await ConnectAsync(server);
        return await client.AskAsync(query);
    }

    public async ValueTask DisposeAsync()
    {
        await _tls.DisposeAsync();
        _socket.Dispose();
    }

    private async Task HandshakeAsync(string name, SslProtocols protocols) => await Patience.ForAsync(
        async token =>
        {
            await _tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name,
                    EnabledSslProtocols = protocols,
                    AllowTlsResume = false,
                    ApplicationProtocols = [new SslApplicationProtocol("dot")],
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    {
                        Certificate = new X509Certificate2(certificate!);
                        return true;
                    },
                },
                token);
            return true;
        },
        "a handshake");

    private Task<int> FillAsync(Memory<byte> buffer) => Patience.ForAsync(
        token => _tls.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, token).AsTask(),
        "bytes from the server, or its end");

    /// <summary>A connection that cuts what is written to it.</summary>
    private sealed class PiecewiseStream(Socket socket, Func<ReadOnlyMemory<byte>, IEnumerable<ReadOnlyMemory<byte>>> pieces)
        : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, System.Threading.CancellationToken token = default)
        {
            foreach (ReadOnlyMemory<byte> piece in pieces(buffer))
            {
                await base.WriteAsync(piece, token);
            }
        }
    }
}
