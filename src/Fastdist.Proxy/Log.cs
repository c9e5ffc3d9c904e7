using System;
using System.IO;
using System.Threading;
using System.Threading.Channels;

namespace Fastdist.Proxy;

/// <summary>
/// The log: a bounded queue that one thread drains to a writer. Whoever logs never waits; what does
/// not fit is dropped and counted.
/// </summary>
public sealed class Log : IDisposable
{
    private const int Capacity = 8192;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly TextWriter _writer;
    private readonly Thread _thread;
    private long _dropped;

    /// <summary>Starts draining into a writer.</summary>
    public Log(TextWriter writer, bool verbose)
    {
        _writer = writer;
        IsVerbose = verbose;
        _thread = new Thread(Drain) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Whether <see cref="Verbose"/> lines are wanted.</summary>
    public bool IsVerbose { get; }

    /// <summary>Lines dropped because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Logs a line.</summary>
    public void Write(string line)
    {
        if (!_lines.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Logs a line when the operator asked for detail.</summary>
    public void Verbose(string line)
    {
        if (IsVerbose)
        {
            Write(line);
        }
    }

    /// <summary>Writes what is queued, then stops.</summary>
    public void Dispose()
    {
        if (_lines.Writer.TryComplete())
        {
            _thread.Join();
        }
    }

    private void Drain()
    {
        while (_lines.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_lines.Reader.TryRead(out string? line))
            {
                _writer.WriteLine(line);
            }

            _writer.Flush();
        }
    }
}
