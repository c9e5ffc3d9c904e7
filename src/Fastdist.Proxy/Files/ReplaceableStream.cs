using System;
using System.IO;
using System.Threading;

namespace Fastdist.Proxy.Files;

/// <summary>
/// A stream to write to whose end may be replaced from another thread. The writing thread makes the change with its next write, so
/// that neither a write is lost in between nor whoever replaces it waits for one that hangs.
/// </summary>
/// <param name="first">Where it leads; owned by it from now on, like every later one.</param>
internal sealed class ReplaceableStream(Stream first) : Stream
{
    private Stream _current = first;
    private Stream? _next;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Has the next write go elsewhere.</summary>
    public void Replace(Stream next) => Interlocked.Exchange(ref _next, next)?.Dispose();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Interlocked.Exchange(ref _next, null) is { } next)
        {
            _current.Dispose();
            _current = next;
        }

        if (!buffer.IsEmpty)
        {
            _current.Write(buffer);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Interlocked.Exchange(ref _next, null)?.Dispose();
        _current.Dispose();
        base.Dispose(disposing);
    }
}
