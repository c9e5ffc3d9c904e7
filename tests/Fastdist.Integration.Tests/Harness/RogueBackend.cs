using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>
/// A server of DNS over TLS, or over plain TCP, that does what its script says, right or wrong, and remembers what it was sent.
/// </summary>
internal sealed class RogueBackend : IAsyncDisposable
{
    /// <summary>What fastdist asks to see whether a backend is well, unless told otherwise.</summary>
    public const string CheckName = "a.root-servers.net.";

    private readonly Socket _listener;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly Func<RogueSession, Task> _script;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<RogueSession> _sessions = new();
    private readonly ConcurrentQueue<Task> _running = new();
    private readonly Task _accepting;
    private int _handshakes;

    /// <param name="listener">A bound, listening socket.</param>
    /// <param name="certificate">Shown in the handshake; without one the script gets the bare connection.</param>
    /// <param name="script">Runs once for each connection, after its handshake.</param>
    /// <param name="protocols">TLS versions offered; the system's by default.</param>
    /// <param name="asksForCertificate">Whether a client must show a certificate, whichever.</param>
    /// <param name="protocol">The only ALPN protocol it takes; a client that offers others gets an alert.</param>
    public RogueBackend(
        Socket listener,
        ServerCertificate? certificate,
        Func<RogueSession, Task> script,
        SslProtocols protocols = SslProtocols.None,
        bool asksForCertificate = false,
        string protocol = "dot")
    {
        _listener = listener;
        _script = script;

        // One context for all connections, so that a later one may resume an earlier one's session.
        _tls = certificate is null ? null : new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate.Certificate, null, offline: true),
            EnabledSslProtocols = protocols,
            ApplicationProtocols = [new SslApplicationProtocol(protocol)],
            ClientCertificateRequired = asksForCertificate,
            RemoteCertificateValidationCallback = asksForCertificate ? (_, shown, _, _) => shown is not null : null,
        };
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        Transport = _tls is null ? "tcp" : "dot";
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Over which of the <see cref="Exchanges"/> it is asked.</summary>
    public string Transport { get; init; }

    /// <summary>Every query of the test that arrived, in order of arrival.</summary>
    public ConcurrentQueue<byte[]> Received { get; } = new();

    /// <summary>Every query for <see cref="CheckName"/>.</summary>
    public ConcurrentQueue<byte[]> Checks { get; } = new();

    /// <summary>Runs before a connection's handshake, which waits for it.</summary>
    public Func<RogueSession, Task>? BeforeHandshake { get; init; }

    /// <summary>Whether the script answers the checks too; otherwise they are answered well.</summary>
    public bool ScriptSeesChecks { get; init; }

    /// <summary>Connections accepted so far, dead ones included.</summary>
    public int Connections => _sessions.Count;

    /// <summary>Handshakes that came to their end.</summary>
    public int Handshakes => Volatile.Read(ref _handshakes);

    public RogueSession[] Sessions => [.. _sessions];

    public static Socket Listen(IPAddress address)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, Ports.NextNumber()));
        listener.Listen(512);
        return listener;
    }

    /// <summary>How many queries it got; over UDP those that came again as they were, for want of an answer in time, once.</summary>
    public int Asked => AskedOf(Received);

    /// <summary>How many of them were for this name, written with its last dot.</summary>
    public int CountOf(string name) => AskedOf(Received.Where(query => Message.Name(query) == name));

    public Task ReceivedAsync(int count) =>
        Patience.UntilAsync(() => Received.Count >= count, $"{count} queries at the backend");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (RogueSession session in _sessions)
        {
            await session.DisposeAsync();
        }

        await Task.WhenAll(_running);
        _stopping.Dispose();
    }

    private int AskedOf(IEnumerable<byte[]> queries) =>
        Transport == "udp" ? queries.DistinctBy(query => (Message.Id(query), Message.Name(query))).Count() : queries.Count();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync(_stopping.Token);
                socket.NoDelay = true;
                var session = new RogueSession(this, socket, Connections + 1, _stopping.Token);
                _sessions.Enqueue(session);
                _running.Enqueue(RunAsync(session));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end of the test.
        }
    }

    private async Task RunAsync(RogueSession session)
    {
        try
        {
            if (BeforeHandshake is { } wait)
            {
                await wait(session);
            }

            if (_tls is not null)
            {
                await session.HandshakeAsync(_tls);
                Interlocked.Increment(ref _handshakes);
            }

            await _script(session);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException
            or SocketException or AuthenticationException or InvalidOperationException)
        {
            // The proxy may end a connection at any point; tests judge by what was received.
        }
        finally
        {
            await session.DisposeAsync();
        }
    }
}
