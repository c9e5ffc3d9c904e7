using System;
using System.Collections.Generic;
using System.Globalization;

namespace Fastdist.Http;

/// <summary>What the sessions of one thread share: streams to use again, and the time as HTTP writes it.</summary>
public sealed class Http2Pool : IDisposable
{
    /// <summary>Streams kept for use again; each may hold some 20 kB that peers made it grow to.</summary>
    internal const int MaxKept = 4096;

    // Room from the start, so that a moderate load makes none grow.
    private const int Prepared = 1024;

    private readonly Stack<Http2Stream> _free = new(Prepared);
    // Pinned, as nghttp2 is given a pointer to it.
    private readonly byte[] _date = GC.AllocateUninitializedArray<byte>(DateLength, pinned: true);

    /// <summary>Length of a date such as <c>Sun, 06 Nov 1994 08:49:37 GMT</c>.</summary>
    internal const int DateLength = 29;

    /// <summary>Begins at the epoch; <see cref="SetDate"/> tells the time.</summary>
    public Http2Pool() => SetDate(DateTimeOffset.UnixEpoch);

    /// <summary>The date of responses (RFC 9110 section 5.6.7).</summary>
    internal ReadOnlySpan<byte> Date => _date;

    /// <summary>Bytes of responses that peers have not taken yet, all sessions.</summary>
    public long HeldBytes { get; internal set; }

    /// <summary>Bytes of requests that were received and not yet answered, all sessions.</summary>
    public long RequestBytes { get; internal set; }

    /// <summary>Bytes that requests may hold; beyond, only small ones are taken in.</summary>
    public long RequestBudget { get; init; } = 64 << 20;

    /// <summary>Sets the date of responses; once a second will do.</summary>
    public void SetDate(DateTimeOffset now) =>
        now.ToUniversalTime().TryFormat(_date, out _, "R", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_free.TryPop(out Http2Stream? stream))
        {
            stream.Dispose();
        }
    }

    internal Http2Stream Take() => _free.TryPop(out Http2Stream? stream) ? stream : new Http2Stream();

    /// <summary>Streams at hand.</summary>
    internal int Kept => _free.Count;

    internal void Return(Http2Stream stream)
    {
        if (_free.Count == MaxKept)
        {
            stream.Dispose();
            return;
        }

        stream.Reset();
        _free.Push(stream);
    }
}
