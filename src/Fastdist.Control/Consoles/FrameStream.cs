using System;
using System.Buffers.Binary;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Control.Consoles;

/// <summary>How reading from, or writing to, the other end went.</summary>
internal enum FrameStatus
{
    /// <summary>All of it came or went.</summary>
    Complete,

    /// <summary>The connection ended first, or we are stopping.</summary>
    Closed,

    /// <summary>The other end did not do its part in time.</summary>
    TimedOut,

    /// <summary>A longer frame than allowed was announced.</summary>
    Oversized,

    /// <summary>A frame was not sealed with our key.</summary>
    WrongKey,
}

/// <summary>
/// Frames over a stream: four bytes of length, big-endian, then as many bytes. Between frames the other end may be
/// silent; one that it has begun must come, and ours must be taken, in time.
/// </summary>
/// <param name="stream">The connection.</param>
/// <param name="timeout">From a frame's first byte to its last, and for each 64 kB of ours to be taken.</param>
/// <param name="clock">Measures it.</param>
internal sealed class FrameStream(Stream stream, TimeSpan timeout, TimeProvider clock)
{
    private const int LengthSize = 4;

    /// <summary>A frame's memory grows as its bytes come, from this.</summary>
    private const int FirstPiece = 4096;

    private const int WritePiece = 65536;

    /// <summary>Reads bytes that are no frame.</summary>
    /// <param name="buffer">Is filled.</param>
    /// <param name="deadline">Its time is up.</param>
    /// <param name="stop">We are stopping.</param>
    public async Task<FrameStatus> ReadAsync(Memory<byte> buffer, CancellationToken deadline, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline, stop);
        return await FillAsync(buffer, stop, either.Token).ConfigureAwait(false);
    }

    /// <summary>Reads the next frame.</summary>
    /// <param name="largest">Bytes it may have.</param>
    /// <param name="deadline">Its time is up, whether it has begun or not.</param>
    /// <param name="stop">We are stopping.</param>
    public async Task<(FrameStatus Status, byte[] Body)> ReadFrameAsync(int largest, CancellationToken deadline, CancellationToken stop)
    {
        byte[] prefix = new byte[LengthSize];
        FrameStatus status = await ReadAsync(prefix.AsMemory(0, 1), deadline, stop).ConfigureAwait(false);
        if (status != FrameStatus.Complete)
        {
            return (status, []);
        }

        using var whole = new CancellationTokenSource(timeout, clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, deadline, stop);
        status = await FillAsync(prefix.AsMemory(1), stop, any.Token).ConfigureAwait(false);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (status != FrameStatus.Complete || length > largest)
        {
            return (status == FrameStatus.Complete ? FrameStatus.Oversized : status, []);
        }

        byte[] body = new byte[Math.Min(length, FirstPiece)];
        for (int filled = 0; filled < length; filled = body.Length)
        {
            if (filled > 0)
            {
                Array.Resize(ref body, (int)Math.Min(length, 2L * filled));
            }

            status = await FillAsync(body.AsMemory(filled), stop, any.Token).ConfigureAwait(false);
            if (status != FrameStatus.Complete)
            {
                return (status, []);
            }
        }

        return (FrameStatus.Complete, body);
    }

    /// <summary>Writes a frame.</summary>
    public async Task<FrameStatus> WriteFrameAsync(ReadOnlyMemory<byte> body)
    {
        byte[] frame = new byte[LengthSize + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame.AsMemory(LengthSize));
        return await WriteAsync(frame).ConfigureAwait(false);
    }

    /// <summary>Writes bytes as they are.</summary>
    public async Task<FrameStatus> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(bytes.Length, WritePiece)..])
        {
            using var deadline = new CancellationTokenSource(timeout, clock);
            try
            {
                await stream.WriteAsync(bytes[..Math.Min(bytes.Length, WritePiece)], deadline.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return FrameStatus.TimedOut;
            }
            catch (IOException)
            {
                return FrameStatus.Closed;
            }
        }

        return FrameStatus.Complete;
    }

    private async Task<FrameStatus> FillAsync(Memory<byte> buffer, CancellationToken stop, CancellationToken any)
    {
        try
        {
            while (buffer.Length > 0)
            {
                int count = await stream.ReadAsync(buffer, any).ConfigureAwait(false);
                if (count == 0)
                {
                    return FrameStatus.Closed;
                }

                buffer = buffer[count..];
            }

            return FrameStatus.Complete;
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? FrameStatus.Closed : FrameStatus.TimedOut;
        }
        catch (IOException)
        {
            return FrameStatus.Closed;
        }
    }
}
