using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A way to a server of UDP on which packets get lost, are overtaken and arrive twice, in both directions; each sender has a port of its own there.</summary>
internal sealed class DatagramRelay : IAsyncDisposable
{
    private readonly IPEndPoint _server;
    private readonly Weather _weather;
    private readonly Socket _front;
    private readonly Dictionary<SocketAddress, Socket> _backs = [];
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _forwarding;
    private long _lost;

    public DatagramRelay(IPEndPoint server, Weather weather)
    {
        (_server, _weather) = (server, weather);
        _front = Datagrams.Bind(Ports.Next());
        EndPoint = (IPEndPoint)_front.LocalEndPoint!;
        _forwarding = ForwardAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Packets that got lost so far.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _forwarding;
        foreach (Socket back in _backs.Values)
        {
            back.Dispose();
        }

        await Task.WhenAll(_running);
        _front.Dispose();
        _stopping.Dispose();
    }

    private async Task ForwardAsync()
    {
        await foreach ((byte[] packet, SocketAddress sender) in Datagrams.ReceiveAsync(_front, _stopping.Token))
        {
            if (!_backs.TryGetValue(sender, out Socket? back))
            {
                back = Datagrams.Bind(new IPEndPoint(IPAddress.Any, 0));
                back.Connect(_server);
                _backs.Add(sender, back);
                _running.Add(ReturnAsync(back, sender));
            }

            Pass(packet, copy => back.Send(copy));
        }
    }

    private async Task ReturnAsync(Socket back, SocketAddress sender)
    {
        await foreach ((byte[] packet, _) in Datagrams.ReceiveAsync(back, _stopping.Token))
        {
            Pass(packet, copy => _front.SendTo(copy, SocketFlags.None, sender));
        }
    }

    private void Pass(byte[] packet, Action<byte[]> send)
    {
        int[] delays = _weather.Next();
        Interlocked.Add(ref _lost, delays.Length == 0 ? 1 : 0);
        foreach (int delay in delays)
        {
            if (delay == 0)
            {
                Datagrams.Try(() => send(packet));
            }
            else
            {
                _ = LaterAsync(delay);
            }
        }

        async Task LaterAsync(int delay)
        {
            await Task.Delay(delay);
            Datagrams.Try(() => send(packet));
        }
    }
}
