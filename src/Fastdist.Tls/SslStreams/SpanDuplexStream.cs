using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Fastdist.Tls.SslStreams;

/// <summary>
/// A stream over the spans of one call. A read for which there are no bytes yet waits until <see cref="Feed"/> has
/// some and then completes inside that call, on the caller's thread, together with everything that awaited it; a
/// write is over when it returns. Invariant: at most one read waits, and none does while the window has input.
/// </summary>
/// <param name="window">What to read from and write into; native memory of the session's.</param>
internal sealed unsafe class SpanDuplexStream(SpanWindow* window) : Stream, IValueTaskSource<int>
{
    // Its continuations run inside SetResult, which is what keeps the session on its thread.
    private ManualResetValueTaskSourceCore<int> _completion;
    private Memory<byte> _destination;
    private bool _hasEnded;

    /// <summary>Whether a read waits for bytes.</summary>
    public bool IsReading { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gives the window's input to the read that waits; whoever awaited it runs, and may read on, before this returns.</summary>
    public void Feed()
    {
        if (IsReading && window->InputLength > 0)
        {
            Complete(Take(_destination));
        }
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Debug.Assert(!IsReading);
        if (_hasEnded || window->InputLength > 0 || buffer.IsEmpty)
        {
            return new ValueTask<int>(_hasEnded ? 0 : Take(buffer));
        }

        _completion.Reset();
        _destination = buffer;
        IsReading = true;
        return new ValueTask<int>(this, _completion.Version);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* source = buffer)
        {
            window->Write(source, buffer.Length);
        }
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
    int IValueTaskSource<int>.GetResult(short token) => _completion.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _completion.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    /// <summary>Ends the read that waits as if the peer had gone, so that nothing is left to run later.</summary>
    protected override void Dispose(bool disposing)
    {
        _hasEnded = true;
        if (IsReading)
        {
            Complete(0);
        }

        base.Dispose(disposing);
    }

    private int Take(Memory<byte> buffer)
    {
        fixed (byte* destination = buffer.Span)
        {
            return window->Read(destination, buffer.Length);
        }
    }

    private void Complete(int count)
    {
        IsReading = false;
        _destination = default;

        // A task posts what awaits it to the thread's context, if there is one, rather than run it here.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _completion.SetResult(count);
        SynchronizationContext.SetSynchronizationContext(context);
    }
}
