using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>One connection at a rogue backend, driven by its script.</summary>
internal sealed class RogueSession : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Action<byte[]> _received;
    private readonly SemaphoreSlim _writing = new(1);
    private RecordCountingStream? _wire;
    private SslStream? _tls;

    public RogueSession(Socket socket, int number, CancellationToken stopping, Action<byte[]> received)
    {
        _socket = socket;
        Number = number;
        Stopping = stopping;
        _received = received;
    }

    /// <summary>1 for the backend's first connection, and so on.</summary>
    public int Number { get; }

    /// <summary>Cancelled when the backend goes away.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>The queries of this connection, in order.</summary>
    public ConcurrentQueue<byte[]> Received { get; } = new();

    /// <summary>How many TLS records with data the proxy has sent on this connection.</summary>
    public int Records => _wire?.Records ?? 0;

    /// <summary>The name the proxy asked for (SNI).</summary>
    public string? ServerName => _tls?.TargetHostName;

    public string? Alpn => _tls?.NegotiatedApplicationProtocol.ToString();

    public SslProtocols? Protocol => _tls?.SslProtocol;

    public async Task HandshakeAsync(ServerCertificate certificate, SslProtocols protocols)
    {
        _wire = new RecordCountingStream(_socket);
        _tls = new SslStream(_wire);
        await _tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate.Certificate,
                EnabledSslProtocols = protocols,
                ApplicationProtocols = [new SslApplicationProtocol("dot")],
            },
            Stopping);
    }

    /// <summary>The next query, or null when the proxy has closed.</summary>
    public async Task<byte[]?> ReadQueryAsync()
    {
        byte[] length = new byte[2];
        if (await Stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, Stopping) < 2)
        {
            return null;
        }

        byte[] query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await Stream.ReadExactlyAsync(query, Stopping);
        Received.Enqueue(query);
        _received(query);
        return query;
    }

    /// <summary>Every query until the proxy closes.</summary>
    public async IAsyncEnumerable<byte[]> QueriesAsync()
    {
        while (await ReadQueryAsync() is { } query)
        {
            yield return query;
        }
    }

    public Task AnswerAsync(params byte[][] messages) => SendRawAsync(Message.Framed(messages));

    public async Task SendRawAsync(byte[] bytes)
    {
        await _writing.WaitAsync(Stopping);
        try
        {
            await Stream.WriteAsync(bytes, Stopping);
            await Stream.FlushAsync(Stopping);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Past the TLS session, into its stream.</summary>
    public async Task SendUnencryptedAsync(byte[] bytes) => await _socket.SendAsync(bytes, Stopping);

    /// <summary>Ends as a good server does: close_notify, then the end of the stream.</summary>
    public async Task CloseAsync()
    {
        if (_tls is not null)
        {
            await _tls.ShutdownAsync();
        }

        _socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Ends with a TCP reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Reads nothing, says nothing, until the backend goes away.</summary>
    public Task SilenceAsync() => new TaskCompletionSource().Task.WaitAsync(Stopping);

    public async ValueTask DisposeAsync()
    {
        if (_tls is not null)
        {
            await _tls.DisposeAsync();
        }

        _socket.Dispose();
        _writing.Dispose();
    }

    private Stream Stream => (Stream?)_tls ?? throw new InvalidOperationException("no handshake yet");
}
