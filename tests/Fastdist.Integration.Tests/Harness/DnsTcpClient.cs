using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A TCP client that frames messages, or sends whatever bytes a test wants sent.</summary>
internal sealed class DnsTcpClient : DnsStreamClient, IDisposable
{
    private readonly Socket _socket;

    private DnsTcpClient(Socket socket) => _socket = socket;

    /// <summary>Connects a socket made elsewhere, in another network namespace for instance.</summary>
    public static async Task<DnsTcpClient> ConnectAsync(Socket socket, IPEndPoint server)
    {
        socket.NoDelay = true;
        await socket.ConnectAsync(server);
        return new(socket);
    }

    public static async Task<DnsTcpClient> ConnectAsync(
        IPEndPoint server, IPAddress? source = null, int? receiveBuffer = null)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        if (source is not null)
        {
            socket.Bind(new IPEndPoint(source, 0));
        }

        return await ConnectAsync(socket, server);
    }

    public override async Task SendRawAsync(byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await Patience.ForAsync(
                token => _socket.SendAsync(bytes.AsMemory(sent), token).AsTask(), "room to send");
        }
    }

    /// <summary>What the kernel takes now, without waiting; 0 when the way is full.</summary>
    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        _socket.Blocking = false;
        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error is SocketError.Success ? sent
            : error is SocketError.WouldBlock ? 0
            : throw new SocketException((int)error);
    }

    public override async Task<byte[]?> ReceiveRawAsync()
    {
        byte[] length = new byte[2];
        if (!await FillAsync(length))
        {
            return null;
        }

        byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        return await FillAsync(message) ? message : throw new InvalidOperationException("closed inside a message");
    }

    /// <summary>As many bytes as one read gives; 0 when the server has closed, cleanly or by reset.</summary>
    public async Task<int> ReadSomeAsync(int most)
    {
        byte[] bytes = new byte[most];
        try
        {
            return await Patience.ForAsync(token => _socket.ReceiveAsync(bytes, token).AsTask(), "bytes from the server, or its end");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return 0;
        }
    }

    /// <summary>Reads until the server has ended, whatever it says before, an alert for instance.</summary>
    public async Task UntilEndedAsync()
    {
        while (await ReadSomeAsync(4_096) > 0)
        {
        }
    }

    /// <summary>Says that nothing more will be asked, and still reads.</summary>
    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends without ceremony: the server sees a reset.</summary>
    public void Reset() => _socket.Reset();

    /// <summary>One query on a connection of its own.</summary>
    public static async Task<ParsedMessage> AskAsync(IPEndPoint server, byte[] query)
    {
        using DnsTcpClient client = await ConnectAsync(server);
        return await client.AskAsync(query);
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> FillAsync(Memory<byte> buffer)
    {
        for (int filled = 0; filled < buffer.Length;)
        {
            int received;
            try
            {
                received = await Patience.ForAsync(
                    token => _socket.ReceiveAsync(buffer[filled..], token).AsTask(), "bytes from the server, or its end");
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
            {
                return false;
            }

            if (received == 0)
            {
                return filled == 0 ? false : throw new InvalidOperationException("closed inside a message");
            }

            filled += received;
        }

        return true;
    }
}
