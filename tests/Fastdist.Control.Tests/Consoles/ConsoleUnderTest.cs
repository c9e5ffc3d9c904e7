using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Control.Consoles;
using Fastdist.Control.Secrets;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Tests.Consoles;

/// <summary>A console on a port of its own, whose clock stands still.</summary>
internal sealed class ConsoleUnderTest : IDisposable
{
    private readonly EndsLog _ends = new();

    private ConsoleUnderTest(ConsoleOptions options)
    {
        Key = options.Key!;
        Server = ConsoleServer.Bind(options, _ends, Clock);
        Server.Start(Commands);
    }

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public SharedKey Key { get; }

    public ManualClock Clock { get; } = new();

    public TestCommands Commands { get; } = new();

    public ConsoleServer Server { get; }

    /// <summary>How important each message of its log was.</summary>
    public IReadOnlyCollection<LogLevel> LevelsLogged => _ends.Levels;

    public ConsoleCounters Counters => Server.Counters;

    public static ConsoleUnderTest Start(Func<ConsoleOptions, ConsoleOptions>? change = null)
    {
        var options = new ConsoleOptions { Address = new IPEndPoint(IPAddress.Loopback, 0), Key = SharedKey.Create() };
        return new ConsoleUnderTest(change?.Invoke(options) ?? options);
    }

    /// <summary>A client of ours that has the key.</summary>
    public Task<ConsoleConnection> ConnectAsync() => ConsoleConnection.OpenAsync(Server.Address, Key, ConsoleSettings.DefaultMaxReply);

    /// <summary>A client that says what the test has it say.</summary>
    public async Task<NetworkStream> ConnectRawAsync()
    {
        var socket = Server.Address is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Server.Address);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>A client that has exchanged nonces, and the channel that they make.</summary>
    public async Task<(NetworkStream Stream, SecretChannel Channel)> ConnectOpenAsync(SharedKey? key = null)
    {
        NetworkStream stream = await ConnectRawAsync();
        var channel = new SecretChannel(key ?? Key);
        await stream.WriteAsync(channel.OwnNonce);
        byte[] theirs = new byte[SecretChannel.NonceSize];
        await stream.ReadExactlyAsync(theirs).AsTask().WaitAsync(Patience);
        channel.Open(theirs);
        return (stream, channel);
    }

    /// <summary>A client that has shown its key besides.</summary>
    public async Task<(NetworkStream Stream, SecretChannel Channel)> ConnectAuthenticatedAsync()
    {
        (NetworkStream stream, SecretChannel channel) = await ConnectOpenAsync();
        await SendAsync(stream, Frame(channel.Seal([])));
        return channel.TryOpen(await ReadFrameAsync(stream), out _) ? (stream, channel) : throw new InvalidDataException("the console has another key");
    }

    /// <summary>Waits until a further connection has ended and its place is free.</summary>
    public Task EndAsync() => _ends.NextAsync();

    /// <summary>Lets this much time pass whenever that is all that something waits for, until a connection has ended.</summary>
    public async Task AdvanceUntilEndAsync(TimeSpan step)
    {
        for (Task end = EndAsync(); !end.IsCompletedSuccessfully;)
        {
            await await Task.WhenAny(end, Clock.TimerOfAsync(step));
            Clock.Advance(step);
        }
    }

    public static Task SendAsync(Stream stream, byte[] bytes) => stream.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    public static byte[] Frame(byte[] body)
    {
        byte[] frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        return frame;
    }

    public static async Task<byte[]> ReadFrameAsync(Stream stream)
    {
        byte[] length = new byte[4];
        await stream.ReadExactlyAsync(length).AsTask().WaitAsync(Patience);
        byte[] body = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(body).AsTask().WaitAsync(Patience);
        return body;
    }

    /// <summary>Waits until the server has closed the connection without a further byte.</summary>
    public static async Task<bool> IsClosedAsync(Stream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience) == 0;
        }
        catch (IOException)
        {
            // With bytes of ours unread, its close is a reset.
            return true;
        }
    }

    public void Dispose()
    {
        Task end = Task.Run(Server.Dispose);
        if (!end.Wait(Patience))
        {
            // What a test that failed has left behind is waited for as long as the clock stands still.
            Clock.Advance(Patience);
            end.Wait();
        }
    }
}
