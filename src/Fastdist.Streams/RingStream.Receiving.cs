using System;
using System.Diagnostics;
using Fastdist.Ring;
using Fastdist.Tls;

namespace Fastdist.Streams;

/// <summary>From what arrives to what is taken, and how it is held back.</summary>
public sealed partial class RingStream
{
    /// <summary>Opened bytes that were not taken.</summary>
    private NativeBuffer? _kept;

    /// <summary>The same while they are given, with more behind them.</summary>
    private NativeBuffer? _given;

    /// <summary>They were left because the stream was paused, so that more can be taken of them as they are.</summary>
    private bool _isLeft;

    /// <summary>Bytes that were opened and not taken: the beginning of a message, and what followed when the stream was paused.</summary>
    public int Kept { get; private set; }

    /// <summary>The owner wants no more for now.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Opens what arrived, behind what was kept. The owner takes what it can use and has the rest kept.</summary>
    /// <param name="data">What arrived; what is left of it afterwards is to be opened next.</param>
    /// <param name="opened">Bytes to take, until the next call.</param>
    public StreamStatus Open(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> opened)
    {
        Debug.Assert(!IsPaused && _given is null);
        if (_isLeft && _kept is not null)
        {
            opened = Give(0);
            return StreamStatus.More;
        }

        if (_kept is null && _session is null)
        {
            opened = data;
            data = default;
            return StreamStatus.Dry;
        }

        if (_kept is not null && Kept == _kept.Length)
        {
            _kept.Resize(Kept * 2, Kept);
        }

        Span<byte> room = _kept is null ? _memory.Opened.Span : _kept.Span[Kept..];
        StreamStatus status = _session is null ? Append(ref data, room, out int length) : Unseal(_session, ref data, room, out length);
        opened = length == 0 ? default : _kept is null ? room[..length] : Give(length);
        return status;
    }

    /// <summary>Keeps the rest of what was given, so that what arrives next comes behind it.</summary>
    public void Keep(ReadOnlySpan<byte> rest)
    {
        NativeBuffer? buffer = _given;
        _given = null;
        if (rest.IsEmpty)
        {
            if (buffer is not null)
            {
                _memory.Buffers.Return(buffer);
            }

            return;
        }

        Debug.Assert(_kept is null);
        _kept = buffer ?? _memory.Buffers.Take(rest.Length);
        Kept = rest.Length;
        rest.CopyTo(_kept.Span);
    }

    /// <summary>Forgets what was kept.</summary>
    public void DropKept()
    {
        if (_kept is not null)
        {
            _memory.Buffers.Return(_kept);
            _kept = null;
            Kept = 0;
        }
    }

    /// <summary>Holds the peer back; what arrives stays with the ring.</summary>
    public void Pause()
    {
        if (!IsPaused)
        {
            IsPaused = true;
            _ring!.Pause(_handle);
        }
    }

    /// <summary>Wants more again: what was kept is to be opened first, without new bytes.</summary>
    public void Unpause()
    {
        IsPaused = false;
        _isLeft = true;
    }

    /// <summary>Has the ring go on, unless the stream was paused again.</summary>
    public void Resume()
    {
        if (!IsPaused)
        {
            _ring!.Resume(_handle);
        }
    }

    /// <summary>Gives what was kept with so many bytes behind it.</summary>
    private ReadOnlySpan<byte> Give(int more)
    {
        Span<byte> bytes = _kept!.Span[..(Kept + more)];
        _given = _kept;
        _kept = null;
        Kept = 0;
        _isLeft = false;
        return bytes;
    }

    private static StreamStatus Append(ref ReadOnlySpan<byte> data, Span<byte> room, out int length)
    {
        length = Math.Min(data.Length, room.Length);
        data[..length].CopyTo(room);
        data = data[length..];
        return data.IsEmpty ? StreamStatus.Dry : StreamStatus.More;
    }

    private StreamStatus Unseal(TlsSession session, ref ReadOnlySpan<byte> data, Span<byte> room, out int length)
    {
        TlsStatus status = session.Receive(data, out int consumed, room, out length);
        data = data[consumed..];
        _isResting = false;
        switch (status)
        {
            case TlsStatus.NeedOutput:
                return StreamStatus.More;
            case TlsStatus.Closed:
                return StreamStatus.Ended;
            case TlsStatus.Failed:
                HasFailed = true;
                return StreamStatus.Failed;
            default:
                return StreamStatus.Dry;
        }
    }
}
