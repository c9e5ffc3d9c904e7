using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>
/// A UDP client. Its socket is connected, so the kernel hands it only what comes from the very address it asked.
/// </summary>
internal sealed class DnsUdpClient : IDisposable
{
    private readonly Socket _socket;

    public DnsUdpClient(IPEndPoint server, IPAddress? source = null)
    {
        _socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (source is not null)
        {
            _socket.Bind(new IPEndPoint(source, 0));
        }

        _socket.Connect(server);
    }

    /// <summary>Whether the kernel holds a datagram for us now.</summary>
    public bool HasAnswer => _socket.Available > 0;

    public async Task SendAsync(byte[] message) => await _socket.SendAsync(message);

    public async Task<byte[]> ReceiveRawAsync()
    {
        byte[] buffer = new byte[65_536];
        int length = await Patience.ForAsync(
            token => _socket.ReceiveAsync(buffer, token).AsTask(), $"a datagram from {_socket.RemoteEndPoint}");
        return buffer[..length];
    }

    public async Task<ParsedMessage> ReceiveAsync() => ParsedMessage.Parse(await ReceiveRawAsync());

    public async Task<ParsedMessage> AskAsync(byte[] query)
    {
        await SendAsync(query);
        return await ReceiveAsync();
    }

    /// <summary>One query from a socket of its own.</summary>
    public static async Task<ParsedMessage> AskAsync(IPEndPoint server, byte[] query)
    {
        using var client = new DnsUdpClient(server);
        return await client.AskAsync(query);
    }

    public void Dispose() => _socket.Dispose();
}
