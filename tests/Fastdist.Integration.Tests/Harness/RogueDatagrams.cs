using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A query as a server got it over UDP.</summary>
/// <param name="Query">The message.</param>
/// <param name="Source">Whom it came from.</param>
internal sealed record ReceivedDatagram(byte[] Query, IPEndPoint Source);

/// <summary>A server of UDP alone that does with each query what its script says, and remembers it; its answers may come from other ports.</summary>
internal sealed class RogueDatagrams : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Action<RogueDatagrams, ReceivedDatagram> _script;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _receiving;

    /// <param name="endPoint">Where it listens.</param>
    /// <param name="script">Runs for each query, one after the other.</param>
    public RogueDatagrams(IPEndPoint endPoint, Action<RogueDatagrams, ReceivedDatagram> script)
    {
        (EndPoint, _script) = (endPoint, script);
        _socket = Datagrams.Bind(endPoint);
        _receiving = ReceiveAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The test's queries, in order of arrival.</summary>
    public ConcurrentQueue<ReceivedDatagram> Received { get; } = new();

    /// <summary>Every query for <see cref="RogueBackend.CheckName"/>.</summary>
    public ConcurrentQueue<ReceivedDatagram> Checks { get; } = new();

    /// <summary>Whether the script answers the checks too; otherwise they are answered well.</summary>
    public bool ScriptSeesChecks { get; init; }

    public void Send(byte[] message, IPEndPoint to) => SendFrom(_socket, message, to);

    public static void SendFrom(Socket socket, byte[] message, IPEndPoint to) => Datagrams.Try(() => socket.SendTo(message, to));

    /// <summary>Answers as a good server does.</summary>
    public static void Answers(RogueDatagrams server, ReceivedDatagram datagram) => server.Send(Message.Answer(datagram.Query), datagram.Source);

    /// <summary>Answers nothing.</summary>
    public static void Never(RogueDatagrams server, ReceivedDatagram datagram)
    {
    }

    public Task ReceivedAsync(int count) => Patience.UntilAsync(() => Received.Count >= count, $"{count} datagrams at the backend");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var any = new IPEndPoint(IPAddress.Any, 0);
        await foreach ((byte[] query, SocketAddress sender) in Datagrams.ReceiveAsync(_socket, _stopping.Token))
        {
            var datagram = new ReceivedDatagram(query, (IPEndPoint)any.Create(sender));
            bool isCheck = Message.Name(query) == RogueBackend.CheckName;
            (isCheck ? Checks : Received).Enqueue(datagram);
            (isCheck && !ScriptSeesChecks ? Answers : _script)(this, datagram);
        }
    }
}
