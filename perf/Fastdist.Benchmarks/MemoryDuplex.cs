using System;
using System.IO;
using System.Threading;

namespace Fastdist.Benchmarks;

/// <summary>One end of a stream held in memory. A read waits only in the handshake: afterwards what is read was written before.</summary>
internal sealed class MemoryDuplex : Stream
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly byte[] _buffer = new byte[256 * 1024];
    private MemoryDuplex _peer = null!;
    private int _start, _end;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static (MemoryDuplex Near, MemoryDuplex Far) Pair()
    {
        var near = new MemoryDuplex();
        var far = new MemoryDuplex { _peer = near };
        near._peer = far;
        return (near, far);
    }

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_start < _end || buffer.IsEmpty)
                {
                    var count = Math.Min(buffer.Length, _end - _start);
                    _buffer.AsSpan(_start, count).CopyTo(buffer);
                    _start += count;
                    if (_start == _end)
                    {
                        _start = _end = 0;
                    }
                    return count;
                }
            }
            _arrived.Wait();
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer) => _peer.Deliver(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Deliver(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            bytes.CopyTo(_buffer.AsSpan(_end));
            _end += bytes.Length;
        }
        if (_arrived.CurrentCount == 0)
        {
            _arrived.Release();
        }
    }
}
