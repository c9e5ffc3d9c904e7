using System;
using System.Collections.Generic;
using Fastdist.Ring;

namespace Fastdist.Simulation.Network;

/// <summary>
/// One end of a TCP connection, with the kernel's manners: bytes arrive in order and in pieces; who closes with bytes unread resets;
/// what comes for a closed end is answered by a reset; a reader that does not read holds the sender back.
/// </summary>
internal sealed class SimSocket(World world, SocketAddress remote) : IDescriptor
{
    /// <summary>Bytes that may be under way or unread in one direction.</summary>
    private const int Capacity = 128 * 1024;

    private const int LargestSegment = 1448;

    private SimSocket? _peer;
    private long _latency;
    private long _lastArrival;
    private int _unread;
    private long _sent;
    private long _arrived;
    private long _read;

    /// <summary>Up to which of the bytes that arrived each segment goes, and when it was sent.</summary>
    private readonly Queue<(long End, long SentAt)> _segments = [];

    /// <summary>Of what was sent, what had arrived when the other end sent its FIN.</summary>
    private long _acknowledged;
    private bool _isBlocked;

    /// <summary>What the kernel has to say of the reset; it says it once, to whoever asks first.</summary>
    private int _error;

    /// <summary>Grows by one when what is still under way to this end gets lost.</summary>
    private int _epoch;

    /// <summary>Who is told.</summary>
    public ISocketOwner? Owner { get; set; }

    /// <summary>A number of the owner's.</summary>
    public int Tag { get; set; }

    /// <summary>The other end.</summary>
    public SocketAddress Remote => remote;

    /// <summary>What arrived and was not read.</summary>
    public ByteQueue Received { get; } = new();

    /// <summary>When the first byte of that was sent, microseconds.</summary>
    public long FirstSentAt => _segments.Peek().SentAt;

    /// <summary>The other end's FIN arrived.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>The other end reset the connection.</summary>
    public bool IsReset { get; private set; }

    /// <summary>Whether what was sent last was lost with a reset.</summary>
    public bool HasLostBytes { get; private set; }

    /// <summary>Its owner closed it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>FIN was sent.</summary>
    public bool IsShut { get; private set; }

    /// <summary>Whether it has another end.</summary>
    public bool IsConnected => _peer is not null;

    /// <summary>Bytes sent that the other end has not acknowledged, which it does at once and for the last time with its FIN.</summary>
    public int Unacknowledged => (int)(_sent - (HasEnd ? _acknowledged : _peer?._arrived ?? 0));

    /// <summary>Bytes that can be sent now.</summary>
    public int Room => _peer is null || IsClosed || IsShut ? 0 : Capacity - _unread;

    /// <summary>Joins two ends.</summary>
    /// <param name="one">An end.</param>
    /// <param name="other">The other.</param>
    /// <param name="latency">Microseconds from one end to the other.</param>
    public static void Join(SimSocket one, SimSocket other, long latency) =>
        (one._peer, other._peer, one._latency, other._latency) = (other, one, latency, latency);

    /// <summary>Sends as much as there is room for.</summary>
    /// <returns>Bytes taken, or a negative errno.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (IsReset)
        {
            return -(TakeError() is > 0 and int errno ? errno : Errno.BrokenPipe);
        }

        int count = Math.Min(bytes.Length, Room);
        _isBlocked = count < bytes.Length;
        _unread += count;
        _sent += count;
        for (ReadOnlySpan<byte> rest = bytes[..count]; !rest.IsEmpty;)
        {
            int part = world.Random.Next(8) == 0 ? 1 + world.Random.Next(rest.Length) : Math.Min(rest.Length, LargestSegment * 10);
            byte[] segment = rest[..part].ToArray();
            rest = rest[part..];
            SimSocket peer = _peer!;
            int epoch = peer._epoch;
            long sentAt = world.Now;
            Deliver(() => peer.Arrive(segment, epoch, sentAt));
        }

        return count;
    }

    /// <summary>Takes bytes that arrived.</summary>
    public void Read(int count)
    {
        Received.Drop(count);
        _read += count;
        while (_segments.TryPeek(out (long End, long SentAt) segment) && segment.End <= _read)
        {
            _segments.Dequeue();
        }

        SimSocket peer = _peer!;
        peer._unread -= count;
        if (peer._isBlocked)
        {
            peer._isBlocked = false;
            world.After(_latency, () => peer.Owner?.Writable(peer));
        }
    }

    /// <summary>Why there is nothing more to receive: 0 is the other end's FIN, or a reset that a send was told of.</summary>
    public int TakeError()
    {
        int errno = _error;
        _error = 0;
        return errno;
    }

    /// <summary>Sends FIN.</summary>
    public void Shut()
    {
        if (!IsShut && !IsClosed && !IsReset && _peer is { } peer)
        {
            IsShut = true;
            long acknowledged = _arrived;
            Deliver(() => peer.ArriveEnd(acknowledged));
        }
    }

    /// <summary>close(2): FIN, or a reset when there are bytes unread.</summary>
    public void Close()
    {
        if (Received.Length > 0 && !IsReset)
        {
            Abort();
            return;
        }

        Shut();
        IsClosed = true;
    }

    /// <summary>Closes with a reset. What was sent before it arrives, or what was still waiting to leave is lost with it.</summary>
    public void Abort()
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        if (!IsReset && _peer is { } peer)
        {
            if (world.Random.Next(2) == 0)
            {
                peer._epoch++;
                HasLostBytes = _lastArrival > world.Now;
            }

            Deliver(peer.ArriveReset);
        }
    }

    /// <summary>Throws away what is unread, then closes, as a ring does.</summary>
    public void CloseQuietly()
    {
        if (Received.Length > 0 && _peer is not null)
        {
            Read(Received.Length);
        }

        Close();
    }

    private void Arrive(byte[] segment, int epoch, long sentAt)
    {
        if (IsReset || epoch != _epoch)
        {
            return;
        }

        if (IsClosed)
        {
            SimSocket peer = _peer!;
            Deliver(peer.ArriveReset);
            return;
        }

        _arrived += segment.Length;
        Received.Append(segment);
        _segments.Enqueue((_arrived, sentAt));
        Owner?.Readable(this);
    }

    private void ArriveEnd(long acknowledged)
    {
        if (!IsReset && !HasEnd)
        {
            _acknowledged = acknowledged;
            HasEnd = true;
            Owner?.Readable(this);
        }
    }

    private void ArriveReset()
    {
        if (!IsReset)
        {
            IsReset = true;
            _error = HasEnd ? Errno.BrokenPipe : Errno.ConnectionReset;
            if (!IsClosed)
            {
                Owner?.Readable(this);
                Owner?.Writable(this);
            }
        }
    }

    /// <summary>Has something happen at the other end, after all that was sent before.</summary>
    private void Deliver(Action arrival)
    {
        _lastArrival = Math.Max(_lastArrival, world.Now + _latency + world.Random.NextInt64((_latency / 4) + 2));
        world.At(_lastArrival, arrival);
    }
}
