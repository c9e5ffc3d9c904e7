using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>An HTTP/2 client that sends the frames it is told to, and shows those it gets. Header blocks stay unread.</summary>
internal sealed class Http2Client : IAsyncDisposable
{
    /// <summary>The largest window there is (RFC 9113 section 6.9.1).</summary>
    public const int WideOpen = int.MaxValue;

    private const int DefaultWindow = 65_535;

    private readonly Socket _socket;
    private readonly Stream _stream;
    private int _lastStream = -1;

    private Http2Client(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
    }

    /// <summary>Records with application data that came, over TLS.</summary>
    public int Records => _records?.Records ?? 0;

    private RecordCountingStream? _records { get; init; }

    /// <summary>Connects, and says what a client says first.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="clear">Whether to do without TLS.</param>
    /// <param name="source">The address to come from, when it matters.</param>
    /// <param name="window">What a stream may be sent before its window is opened further.</param>
    /// <param name="receiveBuffer">Bytes of the socket's receive buffer.</param>
    /// <param name="before">Sent in the clear before anything else, a PROXY header for instance.</param>
    /// <param name="inside">Sent before the preface.</param>
    public static async Task<Http2Client> ConnectAsync(
        IPEndPoint server, bool clear = false, IPAddress? source = null, int window = WideOpen, int? receiveBuffer = null,
        byte[]? before = null, byte[]? inside = null)
    {
        Http2Client client = await ConnectSilentlyAsync(server, clear, source, receiveBuffer, before);
        await client.SendAsync(
            inside ?? [],
            Http2Frame.Preface.ToArray(),
            Http2Frame.Settings((Http2Frame.SettingInitialWindow, window)),
            window == WideOpen ? Http2Frame.WindowUpdate(0, WideOpen - DefaultWindow) : []);
        return client;
    }

    /// <summary>Connects, and says nothing of HTTP.</summary>
    public static async Task<Http2Client> ConnectSilentlyAsync(
        IPEndPoint server, bool clear = false, IPAddress? source = null, int? receiveBuffer = null, byte[]? before = null, string alpn = "h2")
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
        await socket.SendAsync(before ?? []);
        if (clear)
        {
            return new(socket, new NetworkStream(socket, ownsSocket: true));
        }

        var records = new RecordCountingStream(socket);
        var tls = new SslStream(records);
        var client = new Http2Client(socket, tls) { _records = records };
        try
        {
            await Patience.ForAsync(
                async token =>
                {
                    await tls.AuthenticateAsClientAsync(
                        new SslClientAuthenticationOptions
                        {
                            TargetHost = Lab.BackendName,
                            AllowTlsResume = false,
                            ApplicationProtocols = [new SslApplicationProtocol(alpn)],
                            RemoteCertificateValidationCallback = (_, _, _, _) => true,
                        },
                        token);
                    return true;
                },
                "a handshake");
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>The ID of the next stream of ours (RFC 9113 section 5.1.1).</summary>
    public int NextStream() => _lastStream += 2;

    /// <summary>All of these bytes in one write.</summary>
    public Task SendAsync(params byte[][] frames) => Patience.ForAsync(
        async token =>
        {
            byte[] bytes = frames.Length == 1 ? frames[0] : Join(frames);
            await _stream.WriteAsync(bytes, token);
            await _stream.FlushAsync(token);
            return true;
        },
        "room to send");

    /// <summary>As <see cref="SendAsync"/>, to a server that may have closed.</summary>
    /// <returns>False when it has.</returns>
    public async Task<bool> TrySendAsync(params byte[][] frames)
    {
        try
        {
            await SendAsync(frames);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The next frame, whichever; null when the server has closed.</summary>
    public async Task<Http2Frame?> ReceiveAsync()
    {
        try
        {
            byte[] header = new byte[Http2Frame.HeaderSize];
            if (await FillAsync(header) < header.Length)
            {
                return null;
            }

            byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header) >>> 8];
            return await FillAsync(payload) == payload.Length
                ? new((Http2FrameType)header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue, payload)
                : throw new InvalidOperationException("closed inside a frame");
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The next frame that is the wanted one; null when the server has closed before.</summary>
    public async Task<Http2Frame?> FirstAsync(Func<Http2Frame, bool> wanted)
    {
        while (await ReceiveAsync() is { } frame)
        {
            if (wanted(frame))
            {
                return frame;
            }
        }

        return null;
    }

    /// <summary>The next GOAWAY, after which a server takes no more requests; null when it has closed without one.</summary>
    public Task<Http2Frame?> GoAwayAsync() => FirstAsync(frame => frame.Type == Http2FrameType.GoAway);

    /// <summary>Bodies of this many responses, in order of their ends, by stream.</summary>
    public async Task<Dictionary<int, byte[]>> ReceiveBodiesAsync(int count)
    {
        var bodies = new Dictionary<int, MemoryStream>();
        var whole = new Dictionary<int, byte[]>();
        while (whole.Count < count)
        {
            Http2Frame frame = await ReceiveAsync() ?? throw new InvalidOperationException($"the server closed after {whole.Count} of {count} responses");
            if (frame.Type is not (Http2FrameType.Data or Http2FrameType.Headers))
            {
                continue;
            }

            MemoryStream body = bodies.TryGetValue(frame.Stream, out MemoryStream? begun) ? begun : bodies[frame.Stream] = new();
            if (frame.Type == Http2FrameType.Data)
            {
                body.Write(frame.Payload);
            }

            if (frame.Ends)
            {
                whole.Add(frame.Stream, body.ToArray());
            }
        }

        return whole;
    }

    /// <summary>POSTs a query on a stream of its own, and reads its answer.</summary>
    public async Task<ParsedMessage> AskAsync(byte[] query)
    {
        int stream = NextStream();
        await SendAsync(Http2Frame.Post(stream, query));
        return ParsedMessage.Parse((await ReceiveBodiesAsync(1))[stream]);
    }

    /// <summary>Reads until the server has closed.</summary>
    public Task UntilClosedAsync() => FirstAsync(_ => false);

    /// <summary>One query on a connection of its own.</summary>
    public static async Task<ParsedMessage> AskAsync(IPEndPoint server, byte[] query, bool clear = false)
    {
        await using Http2Client client = await ConnectAsync(server, clear);
        return await client.AskAsync(query);
    }

    /// <summary>Whatever comes, as it comes; empty when the server has closed.</summary>
    public async Task<byte[]> ReceiveRawAsync()
    {
        byte[] buffer = new byte[16_384];
        try
        {
            int read = await Patience.ForAsync(token => _stream.ReadAsync(buffer, token).AsTask(), "bytes from the server, or its end");
            return buffer[..read];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Ends without ceremony: the server sees a reset.</summary>
    public void Reset() => _socket.Reset();

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private static byte[] Join(byte[][] frames)
    {
        using var bytes = new MemoryStream();
        foreach (byte[] frame in frames)
        {
            bytes.Write(frame);
        }

        return bytes.ToArray();
    }

    private Task<int> FillAsync(Memory<byte> buffer) => Patience.ForAsync(
        token => _stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, token).AsTask(),
        "bytes from the server, or its end");
}
