using System;
using System.IO;
using System.Threading;
using System.Threading.Channels;

namespace Fastdist.Proxy.Files;

/// <summary>
/// A bounded queue of lines that one thread drains to a stream. Whoever adds one never waits; what does
/// not fit, or cannot be written, is dropped and counted.
/// </summary>
public sealed class LineQueue : IDisposable
{
    /// <summary>Lines that fit.</summary>
    public const int Capacity = 8192;

    /// <summary>How long the end waits for a reader that has stopped reading.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Stream _stream;
    private readonly Func<long, byte[]>? _describeDropped;
    private readonly Thread _thread;
    private long _dropped;
    private long _describedDropped;

    /// <summary>Starts draining into a stream.</summary>
    /// <param name="stream">Where lines go, each with one write; without a buffer of its own. It stays the caller's.</param>
    /// <param name="describeDropped">Makes the line that tells how many were dropped, once there is room for it; null when nobody is told.</param>
    public LineQueue(Stream stream, Func<long, byte[]>? describeDropped = null)
    {
        _stream = stream;
        _describeDropped = describeDropped;
        _thread = new Thread(Drain) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Lines dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds a line.</summary>
    /// <param name="line">Its bytes, the line feed included; the queue's from now on.</param>
    /// <returns>False when it was dropped.</returns>
    public bool TryAdd(byte[] line)
    {
        if (_lines.Writer.TryWrite(line))
        {
            return true;
        }

        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Writes what is queued, then stops; gives up on a stream that takes nothing for two seconds.</summary>
    public void Dispose()
    {
        if (_lines.Writer.TryComplete())
        {
            _thread.Join(s_patience);
        }
    }

    private void Drain()
    {
        while (_lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            // What was dropped found the queue full, so its place is after about as many lines.
            for (int count = 0; count < Capacity && _lines.Reader.TryRead(out byte[]? line); count++)
            {
                Interlocked.Add(ref _dropped, TryWrite(line) ? 0 : 1);
            }

            DescribeDropped();
        }
    }

    private void DescribeDropped()
    {
        long dropped = Dropped;
        if (_describeDropped is not null && dropped > _describedDropped && TryWrite(_describeDropped(dropped - _describedDropped)))
        {
            _describedDropped = dropped;
        }
    }

    // A disk that is full, or a pipe that nobody reads any more, must not end the process.
    private bool TryWrite(byte[] line)
    {
        try
        {
            _stream.Write(line);
            return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
