using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
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
    private readonly NetworkStream _plain;
    private readonly RogueBackend _backend;
    private readonly SemaphoreSlim _writing = new(1);
    private RecordCountingStream? _wire;
    private SslStream? _tls;

    public RogueSession(RogueBackend backend, Socket socket, int number, CancellationToken stopping)
    {
        _socket = socket;
        _plain = new NetworkStream(socket);
        Source = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        Number = number;
        Stopping = stopping;
        _backend = backend;
    }

    /// <summary>1 for the backend's first connection, and so on.</summary>
    public int Number { get; }

    /// <summary>Cancelled when the backend goes away.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>The test's queries on this connection, in order.</summary>
    public ConcurrentQueue<byte[]> Received { get; } = new();

    /// <summary>How many TLS records with data the proxy has sent on this connection.</summary>
    public int Records => _wire?.Records ?? 0;

    /// <summary>Whether the last thing the proxy has said is an alert, as close_notify is.</summary>
    public bool EndsInAlert => _wire is { EndsInAlert: true };

    /// <summary>The name the proxy asked for (SNI).</summary>
    public string? ServerName => _tls?.TargetHostName;

    public string? Alpn => _tls?.NegotiatedApplicationProtocol.ToString();

    public SslProtocols? Protocol => _tls?.SslProtocol;

    /// <summary>Where the proxy's connection comes from.</summary>
    public IPAddress Source { get; }

    /// <summary>The subject of the certificate that the proxy showed, null when it showed none.</summary>
    public string? ClientSubject { get; private set; }

    /// <summary>The cipher suite agreed on.</summary>
    public TlsCipherSuite? CipherSuite => _tls?.NegotiatedCipherSuite;

    public async Task HandshakeAsync(SslServerAuthenticationOptions options)
    {
        _wire = new RecordCountingStream(_socket);
        _tls = new SslStream(_wire);
        await _tls.AuthenticateAsServerAsync(options, Stopping);
        ClientSubject = _tls.RemoteCertificate?.Subject;
    }

    /// <summary>The test's next query, or null when the proxy has closed; what the proxy asks for itself is answered here.</summary>
    public async Task<byte[]?> ReadQueryAsync()
    {
        while (await ReadMessageAsync() is { } query)
        {
            if (!IsOfTest(query))
            {
                _backend.Checks.Enqueue(query);
                if (!_backend.ScriptSeesChecks)
                {
                    await AnswerAsync(Message.Answer(query));
                    continue;
                }
            }
            else
            {
                Received.Enqueue(query);
                _backend.Received.Enqueue(query);
            }

            return query;
        }

        return null;
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

    /// <summary>Waits for bytes and leaves them in the socket, so that to close it then is a reset.</summary>
    public async Task UnreadAsync() => await _socket.ReceiveAsync(Memory<byte>.Empty, Stopping);

    /// <summary>Ends as a good server does: close_notify, then the end of the stream.</summary>
    public async Task CloseAsync()
    {
        if (_tls is not null)
        {
            await _tls.ShutdownAsync();
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (ObjectDisposedException)
        {
            // The proxy has answered close_notify by its own end, which the script heard first.
        }
    }

    /// <summary>Ends with a TCP reset.</summary>
    public void Reset() => _socket.Reset();

    /// <summary>Reads nothing, says nothing, until the backend goes away.</summary>
    public Task SilenceAsync() => new TaskCompletionSource().Task.WaitAsync(Stopping);

    public async ValueTask DisposeAsync()
    {
        if (_tls is not null)
        {
            await _tls.DisposeAsync();
        }

        await _plain.DisposeAsync();
        _socket.Dispose();
        _writing.Dispose();
    }

    private Stream Stream => (Stream?)_tls ?? _plain;

    private async Task<byte[]?> ReadMessageAsync()
    {
        byte[] length = new byte[2];
        if (await Stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, Stopping) < 2)
        {
            return null;
        }

        byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await Stream.ReadExactlyAsync(message, Stopping);
        return message;
    }

    /// <summary>The names that tests ask for are not those that the proxy checks by default.</summary>
    private static bool IsOfTest(byte[] query) => ParsedMessage.ParseQuery(query).QuestionName is not RogueBackend.CheckName;
}
