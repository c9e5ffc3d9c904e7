using System;
using Fastdist.Ring;

namespace Fastdist.Streams;

/// <summary>
/// What the streams of one kind share on a thread: buffers that each has only while it holds something, room for the bytes of a moment,
/// and the bound of what all their peers together leave untaken.
/// </summary>
public sealed class StreamMemory : IDisposable
{
    /// <summary>Where records are opened to; a whole record of the largest kind fits.</summary>
    private const int OpenedCapacity = 16 * 1024 + 64;

    /// <param name="bufferSize">Bytes of a buffer as a stream first gets it.</param>
    /// <param name="largestPiece">Most bytes added to a stream at once.</param>
    /// <param name="outputBudget">Most bytes of the buffers with what was added to the streams and has not left.</param>
    public StreamMemory(int bufferSize, int largestPiece, long outputBudget = long.MaxValue)
    {
        Buffers = new BufferPool(bufferSize);
        Piece = new NativeBuffer(largestPiece);
        OutputBudget = outputBudget;
    }

    /// <summary>Buffers that streams hold, whatever is in them.</summary>
    public int BuffersTaken => Buffers.Taken;

    /// <summary>Bytes of those with output.</summary>
    public long OutputBytes { get; private set; }

    /// <summary>Most of those.</summary>
    public long OutputBudget { get; }

    internal BufferPool Buffers { get; }

    /// <summary>Where a piece is put together that is sealed on its own; used up before the next one.</summary>
    internal NativeBuffer Piece { get; }

    /// <summary>Where records are opened to that begin with nothing kept; used up, or kept, before the next ones.</summary>
    internal NativeBuffer Opened { get; } = new(OpenedCapacity);

    /// <summary>Makes so many more buffers, so that a load that needs no more of them finds them made.</summary>
    public void Prepare(int buffers) => Buffers.Prepare(buffers);

    /// <inheritdoc/>
    public void Dispose()
    {
        Buffers.Dispose();
        Piece.Dispose();
        Opened.Dispose();
    }

    /// <summary>Gives a stream a buffer for output, or has its one grow, to at least so many bytes.</summary>
    /// <param name="buffer">The buffer; null before it has one.</param>
    /// <param name="used">Bytes in it.</param>
    /// <param name="needed">Bytes that have to fit.</param>
    /// <returns>False when the budget is used up.</returns>
    internal bool TryGrow(ref NativeBuffer? buffer, int used, int needed)
    {
        if (buffer is null)
        {
            buffer = Buffers.Take();
            OutputBytes += buffer.Length;
        }

        if (needed <= buffer.Length)
        {
            return true;
        }

        int length = Math.Max(needed, buffer.Length * 2);
        if (OutputBytes - buffer.Length + length > OutputBudget)
        {
            return false;
        }

        OutputBytes += length - buffer.Length;
        buffer.Resize(length, used);
        return true;
    }

    /// <summary>A buffer is one for output no longer.</summary>
    internal void Uncount(NativeBuffer buffer) => OutputBytes -= buffer.Length;

    /// <summary>Takes back a buffer for output.</summary>
    internal void ReturnOutput(ref NativeBuffer? buffer)
    {
        if (buffer is not null)
        {
            Uncount(buffer);
            Buffers.Return(buffer);
            buffer = null;
        }
    }
}
