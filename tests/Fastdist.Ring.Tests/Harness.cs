using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Fastdist.Ring.Interop;
using Xunit;

namespace Fastdist.Ring.Tests;

/// <summary>What a ring told of one stream.</summary>
internal sealed class StreamLog
{
    public MemoryStream Bytes { get; } = new();

    public int? Connected { get; set; }

    public List<int> Sent { get; } = [];

    public List<int> Ends { get; } = [];

    public int Closed { get; set; }

    /// <summary>Callbacks of every kind.</summary>
    public int Events { get; set; }
}

/// <summary>What a ring told of one connected datagram socket.</summary>
internal sealed class PeerLog
{
    public List<(byte[] Payload, bool Truncated)> Datagrams { get; } = [];

    public List<int> Failures { get; } = [];

    /// <summary>Called after each datagram is written down.</summary>
    public Action? OnDatagram { get; set; }
}

/// <summary>A ring on the test's thread and a handler that writes down what it hears.</summary>
internal sealed class Harness : IRingHandler, IDisposable
{
    /// <summary>However busy the machine is.</summary>
    public const int PatienceMs = 60_000;

    private readonly Dictionary<uint, StreamLog> _logs = [];
    private readonly Dictionary<uint, PeerLog> _peers = [];
    private readonly List<IDisposable> _owned = [];

    public Harness(RingMode mode, RingOptions? options = null)
    {
        try
        {
            Ring = RingFactory.Create(mode, options ?? new RingOptions { ClientBuffers = 64, BackendBuffers = 16 }, this, out _);
        }
        catch (Win32Exception refused) when (mode == RingMode.IoUring)
        {
            Assert.Skip(refused.Message);
        }
    }

    public delegate int ReceivedCallback(uint tag, StreamHandle stream, ReadOnlySpan<byte> data);

    public delegate void DatagramCallback(int tag, ReadOnlySpan<byte> payload, in DatagramRoute route, bool truncated);

    public Ring Ring { get; }

    /// <summary>Replaces the default, which writes everything to the log.</summary>
    public ReceivedCallback? OnReceived { get; set; }

    public DatagramCallback? OnDatagram { get; set; }

    public Action<uint, StreamHandle>? OnSent { get; set; }

    public Action<int, int>? OnAccepted { get; set; }

    public List<(int Tag, int Descriptor)> Connections { get; } = [];

    public List<int> ClosedListeners { get; } = [];

    public int Wakes { get; private set; }

    /// <summary>Callbacks of every kind since the start.</summary>
    public int Events { get; private set; }

    public StreamLog this[uint tag] => _logs.TryGetValue(tag, out StreamLog? log) ? log : _logs[tag] = new StreamLog();

    /// <summary>What was told of the connected datagram sockets with a tag.</summary>
    public PeerLog Peer(uint tag) => _peers.TryGetValue(tag, out PeerLog? log) ? log : _peers[tag] = new PeerLog();

    /// <summary>A stream of the ring and its other end.</summary>
    public StreamHandle Adopt(uint tag, out Socket peer, StreamClass kind = StreamClass.Client, int receiveBuffer = 0)
    {
        int descriptor = Accept(out peer, receiveBuffer);
        return Ring.Adopt(descriptor, tag, kind);
    }

    /// <summary>A connected descriptor no ring owns yet, and its other end.</summary>
    public int Accept(out Socket peer, int receiveBuffer = 0)
    {
        int listener = Sockets.Listen(new(new IPEndPoint(IPAddress.Loopback, 0)), 16);
        if (receiveBuffer > 0)
        {
            SetReceiveBuffer(listener, receiveBuffer);
        }

        peer = Own(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        peer.Connect(Sockets.GetLocal(listener).ToEndPoint());
        int descriptor = AcceptOne(listener);
        Sockets.Close(listener);
        return descriptor;
    }

    /// <summary>A listening socket of the ring.</summary>
    public IPEndPoint Listen(int tag, out int listener, int backlog = 128)
    {
        int descriptor = Sockets.Listen(new(new IPEndPoint(IPAddress.Loopback, 0)), backlog);
        IPEndPoint address = Sockets.GetLocal(descriptor).ToEndPoint();
        listener = Ring.AddListener(descriptor, tag);
        return address;
    }

    public NativeBuffer Buffer(int length, int seed = 1)
    {
        NativeBuffer buffer = Own(new NativeBuffer(length));
        new Random(seed).NextBytes(buffer.Span);
        return buffer;
    }

    public T Own<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }

    /// <summary>Runs turns until something is so; fails the test when it never is.</summary>
    public void Until(Func<bool> condition)
    {
        var time = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(time.ElapsedMilliseconds < PatienceMs, "the ring did not come to it in time");
            Ring.Turn(256, timeout: 2);
        }
    }

    /// <summary>Waits until a descriptor has something to read, or an error to tell, and leaves it there: the kernel may be late with what was sent.</summary>
    public static unsafe void Await(int descriptor)
    {
        int epoll = Libc.EpollCreate(Libc.EPOLL_CLOEXEC);
        var change = new EpollEvent { Events = Libc.EPOLLIN };
        Assert.Equal(0, Libc.EpollControl(epoll, Libc.EPOLL_CTL_ADD, descriptor, &change));
        var time = Stopwatch.StartNew();
        while (Libc.EpollWait(epoll, &change, 1, 1000) != 1)
        {
            // A signal of the runtime ends a wait early.
            Assert.True(time.ElapsedMilliseconds < PatienceMs, "nothing came in time");
        }

        Sockets.Close(epoll);
    }

    /// <summary>What a descriptor of this process is, which for a socket is its own name; null when it is closed.</summary>
    public static string? LinkOf(int descriptor) => new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;

    /// <summary>What all descriptors of this process are: how many there are says little, since the runtime opens a file now and then.</summary>
    public static IEnumerable<string?> Links() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(static path => new FileInfo(path).LinkTarget);

    /// <summary>Runs turns for a while, to show that something does not happen.</summary>
    public void RunFor(int milliseconds)
    {
        var time = Stopwatch.StartNew();
        while (time.ElapsedMilliseconds < milliseconds)
        {
            Ring.Turn(256, timeout: 2);
        }
    }

    public void Accepted(int listenerTag, int descriptor)
    {
        Events++;
        Connections.Add((listenerTag, descriptor));
        OnAccepted?.Invoke(listenerTag, descriptor);
    }

    public void ListenerClosed(int listenerTag) => ClosedListeners.Add(listenerTag);

    public void DatagramReceived(int socketTag, ReadOnlySpan<byte> payload, in DatagramRoute route, bool truncated)
    {
        Events++;
        OnDatagram?.Invoke(socketTag, payload, in route, truncated);
    }

    public void PeerDatagramReceived(uint tag, ReadOnlySpan<byte> payload, bool truncated)
    {
        Events++;
        Peer(tag).Datagrams.Add((payload.ToArray(), truncated));
        Peer(tag).OnDatagram?.Invoke();
    }

    public void PeerDatagramFailed(uint tag, int errno)
    {
        Events++;
        Peer(tag).Failures.Add(errno);
    }

    public void Connected(uint tag, StreamHandle stream, int errno) => Note(tag).Connected = errno;

    public int Received(uint tag, StreamHandle stream, ReadOnlySpan<byte> data)
    {
        StreamLog log = Note(tag);
        if (OnReceived is { } callback)
        {
            return callback(tag, stream, data);
        }

        log.Bytes.Write(data);
        return data.Length;
    }

    public void ReceiveEnded(uint tag, StreamHandle stream, int errno) => Note(tag).Ends.Add(errno);

    public void Sent(uint tag, StreamHandle stream, int errno)
    {
        Note(tag).Sent.Add(errno);
        OnSent?.Invoke(tag, stream);
    }

    public void Closed(uint tag) => Note(tag).Closed++;

    public void Woken() => Wakes++;

    public void Dispose()
    {
        Ring?.Dispose();
        Connections.ForEach(connection => Sockets.Close(connection.Descriptor));
        _owned.ForEach(item => item.Dispose());
    }

    internal static unsafe int AcceptOne(int listener) =>
        Libc.Accept(listener, null, null, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);

    internal static unsafe void SetReceiveBuffer(int descriptor, int bytes) =>
        Libc.SetSocketOption(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUF, &bytes, sizeof(int));

    private StreamLog Note(uint tag)
    {
        Events++;
        StreamLog log = this[tag];
        log.Events++;
        return log;
    }
}
