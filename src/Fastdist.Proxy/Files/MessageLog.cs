using System;
using System.Buffers;
using System.IO;
using System.Linq;
using System.Threading;

namespace Fastdist.Proxy.Files;

/// <summary>
/// A file that shards note messages for and a thread of its own writes. A shard never waits, takes no lock and allocates nothing: what does not fit into its ring,
/// or cannot be written, is dropped and counted.
/// </summary>
internal sealed class MessageLog : IDisposable
{
    /// <summary>Bytes of a shard's ring: some 3,500 messages.</summary>
    private const int RingSize = 256 * 1024;

    /// <summary>How long the thread lets messages gather while some come, milliseconds: at this pace a shard can note 350,000 a second.</summary>
    private const int GatherTime = 10;

    private const int MostBytesAtOnce = 64 * 1024;

    /// <summary>How long the end waits for a disk that takes nothing.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly MessageRing[] _rings;
    private readonly ReplaceableStream _stream;
    private readonly AutoResetEvent _wake = new(false);
    private readonly ArrayBufferWriter<byte> _output = new(MostBytesAtOnce);
    private readonly Thread _thread;
    private int _isAsleep;
    private volatile bool _isEnding;
    private long _unwritten;
    private int _pending;

    /// <param name="path">The file.</param>
    /// <param name="file">It, open; owned from now on.</param>
    /// <param name="shards">Shards that note messages.</param>
    public MessageLog(string path, Stream file, int shards)
    {
        Path = path;
        _rings = [.. Enumerable.Range(0, shards).Select(static _ => new MessageRing(RingSize))];
        _stream = new ReplaceableStream(file);
        _thread = new Thread(Run) { IsBackground = true, Name = "rule-log" };
        _thread.Start();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Messages dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _unwritten) + _rings.Sum(static ring => ring.Dropped);

    /// <summary>Those of them that the log has told of.</summary>
    public long ToldDropped { get; set; }

    /// <summary>Notes a message, on the thread of its shard.</summary>
    public void Add(int shard, ref LoggedMessage message, ReadOnlySpan<byte> name)
    {
        if (_rings[shard].TryAdd(ref message, name))
        {
            // With this either we see that the thread sleeps, or it sees the message before it does.
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _isAsleep) != 0)
            {
                Wake();
            }
        }
    }

    /// <summary>Has what is written from now on go to another file, and the old one be let go of soon.</summary>
    public void Use(Stream file)
    {
        _stream.Replace(file);
        Wake();
    }

    /// <summary>Has what was noted be written and the file be closed, and waits for neither.</summary>
    public void End()
    {
        _isEnding = true;
        Wake();
    }

    /// <summary>Writes what was noted, and closes the file; gives up on a disk that takes nothing for two seconds.</summary>
    public void Dispose()
    {
        End();
        if (_thread.Join(s_patience))
        {
            _wake.Dispose();
        }
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _isAsleep, 0) != 0)
        {
            _wake.Set();
        }
    }

    private void Run()
    {
        for (bool isLast = false; !isLast;)
        {
            isLast = _isEnding;
            if (WriteAll() && !isLast)
            {
                Thread.Sleep(GatherTime);
            }
            else if (!isLast)
            {
                Rest();
            }
        }

        _stream.Dispose();
    }

    /// <summary>Sleeps until somebody notes something.</summary>
    private void Rest()
    {
        Interlocked.Exchange(ref _isAsleep, 1);
        if (Array.TrueForAll(_rings, static ring => ring.IsEmpty) && !_isEnding)
        {
            _wake.WaitOne();
        }

        Volatile.Write(ref _isAsleep, 0);
    }

    /// <summary>Writes what is there now.</summary>
    /// <returns>Whether there was something.</returns>
    private bool WriteAll()
    {
        bool hasWritten = false;
        Span<byte> name = stackalloc byte[byte.MaxValue];
        foreach (MessageRing ring in _rings)
        {
            for (long end = ring.End; ring.TryTake(end, out LoggedMessage message, name); hasWritten = true)
            {
                MessageText.Write(_output, in message, name[..message.NameLength]);
                _pending++;
                if (_output.WrittenCount >= MostBytesAtOnce / 2)
                {
                    Flush();
                }
            }
        }

        Flush();
        return hasWritten;
    }

    // A disk that is full must not end the process.
    private void Flush()
    {
        try
        {
            _stream.Write(_output.WrittenSpan);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            Interlocked.Add(ref _unwritten, _pending);
        }

        _output.ResetWrittenCount();
        _pending = 0;
    }
}
