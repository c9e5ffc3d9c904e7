using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>
/// Has a server of streams answer datagrams at the same port, too: those of each sender are a connection to it, so that what a script does to a
/// connection it does to a port of fastdist's. A connection that ends is the end of what was sent on it, and nobody hears of it.
/// </summary>
internal sealed class DatagramGateway : IAsyncDisposable
{
    private readonly IPEndPoint _server;
    private readonly Socket _front;
    private readonly ConcurrentDictionary<SocketAddress, DnsTcpClient> _connections = [];
    private readonly ConcurrentQueue<Task> _running = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _receiving;

    public DatagramGateway(IPEndPoint server)
    {
        _server = server;
        _front = Datagrams.Bind(server);
        _receiving = ForwardAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _receiving;
        foreach (DnsTcpClient connection in _connections.Values)
        {
            connection.Dispose();
        }

        await Task.WhenAll(_running);
        _front.Dispose();
        _stopping.Dispose();
    }

    private async Task ForwardAsync()
    {
        await foreach ((byte[] query, SocketAddress sender) in Datagrams.ReceiveAsync(_front, _stopping.Token))
        {
            try
            {
                if (!_connections.TryGetValue(sender, out DnsTcpClient? connection))
                {
                    connection = _connections[sender] = await DnsTcpClient.ConnectAsync(_server);
                    _running.Enqueue(ReturnAsync(connection, sender));
                }

                await connection.SendAsync(query);
            }
            catch (Exception e) when (IsEnd(e))
            {
                // The query is lost.
            }
        }
    }

    private async Task ReturnAsync(DnsTcpClient connection, SocketAddress sender)
    {
        try
        {
            while (await connection.ReceiveRawAsync() is { } answer)
            {
                Datagrams.Try(() => _front.SendTo(answer, SocketFlags.None, sender));
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // What was to come on it is lost.
        }

        _connections.TryRemove(sender, out _);
        connection.Dispose();
    }

    private static bool IsEnd(Exception e) => e is IOException or SocketException or ObjectDisposedException or InvalidOperationException or TimeoutException;
}
