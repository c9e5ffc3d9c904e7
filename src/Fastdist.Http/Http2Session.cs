using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Fastdist.Http.Interop;

namespace Fastdist.Http;

/// <summary>
/// The server's side of an HTTP/2 connection (RFC 9113) as a machine over spans: bytes in, requests out; responses in,
/// bytes out. It sees no socket, and knows the time only as it is told. nghttp2 does the framing.
/// Invariant: nghttp2's user data is a handle to this object, and each open stream's a handle to its <see cref="Http2Stream"/>.
/// </summary>
public sealed unsafe partial class Http2Session : IDisposable
{
    /// <summary>Acknowledgements of PING and SETTINGS that may wait for a peer that does not read.</summary>
    private const int MaxWaitingAcknowledgements = 100;

    /// <summary>Bytes up to which a request is taken in whatever the others hold: nearly every DNS query's.</summary>
    private const int SmallRequest = 1024;

    /// <summary>CONTINUATION that one header may have, eight, times nine: nghttp2 counts each piece that the nine bytes of a frame's header come in.</summary>
    private const int MaxContinuationReads = 72;

    /// <summary>A burst and a rate that no peer reaches.</summary>
    private const ulong NoLimit = 1UL << 40;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    private readonly Http2Options _options;
    private readonly Http2Pool _pool;
    private readonly bool _isNegotiated;
    private readonly List<Http2Stream> _open = [];
    private readonly Queue<int> _complete = new();
    private GCHandle _self;
    private nint _session;
    private FrameBudget _control;
    private FrameBudget _resets;
    private byte* _chunk;
    private int _chunkLength;
    private bool _chunkEndsStream;
    private int _prefaceSeen;
    private int _unsent;
    private int _newest;
    private long _now;
    private long _progressAt;
    private int _progress;

    /// <summary>Begins with the server's SETTINGS to send.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="pool">What the sessions of the thread share.</param>
    /// <param name="isNegotiated">Whether the peer agreed on HTTP/2 (ALPN), so that it can be nothing else.</param>
    /// <exception cref="OutOfMemoryException">nghttp2 is out of memory.</exception>
    public Http2Session(Http2Options options, Http2Pool pool, bool isNegotiated = false)
        : this(options, pool, isNegotiated, null)
    {
    }

    internal Http2Session(Http2Options options, Http2Pool pool, bool isNegotiated, AllocatorFunctions* allocator)
    {
        (_options, _pool, _isNegotiated) = (options, pool, isNegotiated);
        _control = new FrameBudget(options.MaxControlFrames);
        _resets = new FrameBudget(options.MaxResets);
        _self = GCHandle.Alloc(this);
        nint session;
        if (NgHttp2.nghttp2_session_server_new3(&session, s_callbacks, (void*)GCHandle.ToIntPtr(_self), s_nativeOptions, allocator) != 0)
        {
            _self.Free();
            throw new OutOfMemoryException("nghttp2_session_server_new3");
        }

        _session = session;
        Setting* settings = stackalloc Setting[]
        {
            new Setting { Id = NgHttp2.SettingMaxConcurrentStreams, Value = (uint)options.MaxConcurrentStreams },
            new Setting { Id = NgHttp2.SettingMaxHeaderListSize, Value = (uint)options.MaxHeaderSize },
            new Setting { Id = NgHttp2.SettingNoPriorities, Value = 1 },
        };
        _ = NgHttp2.nghttp2_submit_settings(session, NgHttp2.FlagNone, settings, 3);
    }

    /// <summary>Why it takes no more requests.</summary>
    public Http2End End { get; private set; }

    /// <summary>Requests begun and not yet answered to the end.</summary>
    public int OpenStreams => _open.Count;

    /// <summary>Requests begun and not yet received to the end.</summary>
    public int IncompleteRequests { get; private set; }

    /// <summary>Bytes of responses that the peer has not taken yet.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Whether <see cref="Send"/> has something to give.</summary>
    public bool HasOutput => _chunkLength > 0 || (End is not (Http2End.Http1 or Http2End.NotHttp) && NgHttp2.nghttp2_session_want_write(_session) != 0);

    /// <summary>Whether nothing more will be read or, once the output has left, sent.</summary>
    public bool IsOver => End is not (Http2End.None or Http2End.Finished) || NgHttp2.nghttp2_session_want_read(_session) == 0;

    /// <summary>Whether nothing that was answered has still to leave.</summary>
    public bool IsSettled => !HasOutput && (IsOver || _unsent == 0);

    /// <summary>Takes bytes from the peer. Requests they complete wait for <see cref="TryTake"/>.</summary>
    /// <param name="bytes">The next bytes of the connection. What they ask for comes out before the next call does, so a caller with a budget gives few at a time.</param>
    /// <param name="now">The time, microseconds of any clock that does not go back.</param>
    /// <returns>False when the session is over: <see cref="End"/> says why.</returns>
    public bool Receive(ReadOnlySpan<byte> bytes, long now)
    {
        if (IsOver || !IsHttp2(bytes, out ReadOnlySpan<byte> frames))
        {
            return false;
        }

        _now = now;
        _control.Refill(now);
        _resets.Refill(now);
        ReadOnlySpan<byte> judged = JudgeFrames(bytes, frames);
        if (!IsOver)
        {
            Give(judged);
        }

        if (End == Http2End.None && IsOver)
        {
            End = Http2End.Finished;
        }

        return !IsOver;
    }

    /// <summary>Takes the next request that is complete.</summary>
    public bool TryTake(out HttpRequest request)
    {
        while (_complete.TryDequeue(out int id))
        {
            // The peer may have reset it meanwhile.
            if (Find(id) is { } stream)
            {
                request = new HttpRequest(stream);
                return true;
            }
        }

        request = default;
        return false;
    }

    /// <summary>Gives bytes for the peer.</summary>
    /// <returns>How many were written; when the destination was filled there may be more.</returns>
    public int Send(Span<byte> destination) => Fill(destination, mayPassEnd: true);

    /// <summary>Gives bytes for the peer, up to the end of a response at most, so that no two need share what they are put into.</summary>
    /// <returns>How many were written; there may be more as long as it is not 0.</returns>
    public int SendOne(Span<byte> destination) => Fill(destination, mayPassEnd: false);

    /// <summary>Tells the peer to ask no more (GOAWAY); what was asked is answered.</summary>
    public void Finish()
    {
        if (End == Http2End.None)
        {
            End = Http2End.Finished;

            // Requests that the peer began before it hears of this are ignored, their bodies too (RFC 9113 section 6.8).
            _newestReset = int.MaxValue;
            _ = NgHttp2.nghttp2_submit_goaway(_session, NgHttp2.FlagNone, NgHttp2.nghttp2_session_get_last_proc_stream_id(_session), NgHttp2.NoError, null, 0);
        }
    }

    /// <summary>When the oldest request began that is still incomplete, and since when the oldest answer has waited without the peer taking a fair amount of any; <see cref="long.MaxValue"/> where there is none.</summary>
    public (long Incomplete, long Unsent) Oldest()
    {
        long incomplete = long.MaxValue, unsent = long.MaxValue;
        foreach (Http2Stream stream in _open)
        {
            if (!stream.IsComplete)
            {
                incomplete = Math.Min(incomplete, stream.Since);
            }
            else if (stream.IsAnswered)
            {
                unsent = Math.Min(unsent, stream.Since);
            }
        }

        return (incomplete, unsent == long.MaxValue ? unsent : Math.Max(unsent, _progressAt));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_session != 0)
        {
            // It calls back for no stream that is open then.
            NgHttp2.nghttp2_session_del(_session);
            _session = 0;
            _chunkLength = 0;
            foreach (Http2Stream stream in _open)
            {
                Release(stream);
            }

            _open.Clear();
            _self.Free();
        }
    }

    private void Hold(int bytes)
    {
        HeldBytes += bytes;
        _pool.HeldBytes += bytes;
    }

    /// <summary>Whether a request may keep so many bytes more: a small one always, others while there is budget.</summary>
    private bool TryCount(Http2Stream stream, int bytes)
    {
        bool isTaken = stream.CountedBytes + bytes <= SmallRequest || _pool.RequestBytes + bytes <= _pool.RequestBudget;
        stream.CountedBytes += isTaken ? bytes : 0;
        _pool.RequestBytes += isTaken ? bytes : 0;
        stream.IsOverBudget |= !isTaken;
        return isTaken;
    }

    private void Uncount(Http2Stream stream)
    {
        _pool.RequestBytes -= stream.CountedBytes;
        stream.CountedBytes = 0;
    }

    /// <summary>Lets go of a stream that has ended, and of what it still held.</summary>
    private void Release(Http2Stream stream)
    {
        Hold(stream.IsAnswered ? -stream.Body.Length : 0);
        Uncount(stream);
        _pool.Return(stream);
    }

    private Http2Stream? Find(int id) => Http2Stream.Of(NgHttp2.nghttp2_session_get_stream_user_data(_session, id));

    private void Give(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        fixed (byte* start = bytes)
        {
            switch (NgHttp2.nghttp2_session_mem_recv(_session, start, (nuint)bytes.Length))
            {
                case >= 0:
                    break;
                case NgHttp2.TooManyAcknowledgements or NgHttp2.TooManyContinuations:
                    Terminate(Http2End.ControlFlood, NgHttp2.EnhanceYourCalm);
                    break;
                default:
                    // A lack of memory; the protocol's errors make it say GOAWAY, and a flood that was seen here has ended the session.
                    Terminate(Http2End.ProtocolError, NgHttp2.InternalError);
                    break;
            }
        }
    }

    /// <summary>Looks at the first bytes, as nghttp2 only says that they are wrong.</summary>
    private bool IsHttp2(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> frames)
    {
        int look = Math.Min(Preface.Length - _prefaceSeen, bytes.Length);
        frames = bytes[look..];
        if (bytes[..look].SequenceEqual(Preface.Slice(_prefaceSeen, look)))
        {
            _prefaceSeen += look;
            return true;
        }

        // Who agreed on HTTP/2 cannot be told anything in HTTP/1.1, and need not be in HTTP/2 (RFC 9113 section 3.4).
        bool isHttp1 = !_isNegotiated && Http1.IsRequest(Preface[.._prefaceSeen], bytes);
        End = isHttp1 ? Http2End.Http1 : Http2End.NotHttp;
        return false;
    }

    private void Terminate(Http2End end, uint error)
    {
        if (End is Http2End.None or Http2End.Finished)
        {
            End = end;
            _ = NgHttp2.nghttp2_session_terminate_session(_session, error);
        }
    }

    private int Fill(Span<byte> destination, bool mayPassEnd)
    {
        int written = 0;
        while (written < destination.Length && (_chunkLength > 0 || TryNextChunk()))
        {
            int count = Math.Min(_chunkLength, destination.Length - written);
            new ReadOnlySpan<byte>(_chunk, count).CopyTo(destination[written..]);
            _chunk += count;
            _chunkLength -= count;
            written += count;
            if (_chunkLength == 0 && _chunkEndsStream && !mayPassEnd)
            {
                break;
            }
        }

        return written;
    }

    private bool TryNextChunk()
    {
        if (End is Http2End.Http1 or Http2End.NotHttp)
        {
            return false;
        }

        byte* bytes;
        nint length = NgHttp2.nghttp2_session_mem_send(_session, &bytes);
        _chunk = bytes;
        _chunkLength = (int)Math.Max(length, 0);
        // nghttp2 gives a frame at a time.
        _chunkEndsStream = _chunkLength >= FrameScan.HeaderLength && bytes[3] is NgHttp2.FrameData or NgHttp2.FrameHeaders && (bytes[4] & NgHttp2.FlagEndStream) != 0;
        return _chunkLength > 0;
    }
}
