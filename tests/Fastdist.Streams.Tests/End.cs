using System;
using System.IO;
using Fastdist.Ring;

namespace Fastdist.Streams.Tests;

/// <summary>One end: a stream and an owner that takes bytes as a test tells it to.</summary>
internal sealed class End
{
    /// <summary>Most bytes of a piece.</summary>
    public const int LargestPiece = 70_000;

    /// <summary>Bytes of a buffer, so few that much has to grow.</summary>
    public const int BufferSize = 4096;

    public End(StreamMemory memory, HandRing ring)
    {
        Memory = memory;
        Stream = new RingStream(memory);
        Handle = ring.Add();
        Wire = ring[Handle];
        Stream.Begin(ring, Handle);
    }

    public StreamMemory Memory { get; }

    public RingStream Stream { get; }

    public StreamHandle Handle { get; }

    public Wire Wire { get; }

    /// <summary>What was taken, in order.</summary>
    public MemoryStream Taken { get; } = new();

    /// <summary>How the last look at what arrived ended.</summary>
    public StreamStatus Status { get; private set; }

    public bool IsShaking { get; set; }

    /// <summary>How much of what it is given the owner takes; it may pause the stream meanwhile.</summary>
    public Func<ReadOnlySpan<byte>, int> Take { get; set; } = static bytes => bytes.Length;

    public byte[] Bytes => Taken.ToArray();

    /// <summary>Adds a piece.</summary>
    public bool Add(ReadOnlySpan<byte> piece)
    {
        if (!Stream.TryReserve(piece.Length, out Span<byte> room))
        {
            return false;
        }

        piece.CopyTo(room);
        return Stream.TryAdd(piece.Length);
    }

    /// <summary>Flushes, and has the whole send be over.</summary>
    public bool Flush(long now = 0)
    {
        bool isSent = Stream.TryFlush(now, out int sent);
        while (Stream.IsSending && !Stream.Sent(0, now))
        {
        }

        return isSent;
    }

    /// <summary>Bytes arrive.</summary>
    /// <returns>How many were taken over.</returns>
    public int Receive(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> data = bytes;
        if (IsShaking)
        {
            Status = Stream.Handshake(ref data);
            IsShaking = Status == StreamStatus.Dry;
        }

        if (!IsShaking && !Stream.HasFailed)
        {
            Open(ref data);
        }

        return bytes.Length - data.Length;
    }

    /// <summary>Goes on after a pause.</summary>
    public void GoOn()
    {
        ReadOnlySpan<byte> nothing = default;
        Stream.Unpause();
        Open(ref nothing);
        Stream.Resume();
    }

    private void Open(ref ReadOnlySpan<byte> data)
    {
        Status = StreamStatus.More;
        while (Status == StreamStatus.More && !Stream.IsPaused)
        {
            Status = Stream.Open(ref data, out ReadOnlySpan<byte> opened);
            int taken = opened.IsEmpty ? 0 : Take(opened);
            Taken.Write(opened[..taken]);
            Stream.Keep(opened[taken..]);
        }
    }
}
