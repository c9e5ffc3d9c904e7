using System;
using System.Diagnostics;
using Fastdist.Ring;
using Fastdist.Tls;

namespace Fastdist.Streams;

/// <summary>
/// A byte stream over a ring, plain or through TLS: what arrives is taken from it opened, what is added leaves sealed, in one send a
/// turn. It never calls its owner, who passes on what the ring tells of it and flushes it when the turn ends. The object is used again
/// for the next stream; its buffers exist only while they hold something.
/// </summary>
/// <param name="memory">What it shares with others of its kind.</param>
public sealed partial class RingStream(StreamMemory memory)
{
    private readonly StreamMemory _memory = memory;
    private Ring.Ring? _ring;
    private StreamHandle _handle;
    private TlsSession? _session;

    // close_notify went out, or there is no session to end.
    private bool _isCloseNotified = true;
    private bool _isResting;

    /// <summary>Its TLS session; null on a plain stream.</summary>
    public TlsSession? Session => _session;

    /// <summary>The session is dead: nothing can be opened or sealed any more.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Begins the life of another stream.</summary>
    /// <param name="ring">The ring it is in.</param>
    /// <param name="handle">Its name there.</param>
    public void Begin(Ring.Ring ring, StreamHandle handle)
    {
        Debug.Assert(_session is null && _kept is null && _output is null && _sending is null);
        _ring = ring;
        _handle = handle;
    }

    /// <summary>Has everything from here on go through TLS; the next verb is <see cref="Handshake"/>.</summary>
    public void Secure(TlsSession session)
    {
        Debug.Assert(_session is null && Gathered == 0 && Kept == 0);
        _session = session;
    }

    /// <summary>Drives the handshake. What it has to say waits for the flush.</summary>
    /// <param name="data">What arrived; what is left of it afterwards is to be opened.</param>
    /// <returns><see cref="StreamStatus.More"/> when it is complete: some of what followed may have been taken over with it.</returns>
    public StreamStatus Handshake(ref ReadOnlySpan<byte> data)
    {
        TlsStatus status = _session!.Handshake(data, out int consumed, default, out _);
        data = data[consumed..];
        _isResting = false;
        if (status is TlsStatus.Failed or TlsStatus.Closed)
        {
            HasFailed = true;
            return StreamStatus.Failed;
        }

        if (!_session.IsEstablished)
        {
            return StreamStatus.Dry;
        }

        _isCloseNotified = false;
        return StreamStatus.More;
    }

    /// <summary>Whether it has buffers that it could do without.</summary>
    public bool CanRest => _session is not null && !_isResting && !IsSending;

    /// <summary>Does without the session's record buffers, some 20 kB, until bytes pass again.</summary>
    /// <returns>Whether it gave them back now.</returns>
    public bool TryRest()
    {
        if (!CanRest)
        {
            return false;
        }

        _isResting = true;
        _session!.ReleaseBuffers();
        return true;
    }

    /// <summary>Ends what is sent in order: says close_notify once everything else is out.</summary>
    /// <returns>False while something still has to leave.</returns>
    public bool TryFinish(long now)
    {
        if (IsSending || Gathered > 0)
        {
            return false;
        }

        if (_session is null || (_isCloseNotified && !_session.HasPendingOutput) || !_memory.TryGrow(ref _output, 0, WordsRoom))
        {
            return true;
        }

        _outputLength = WriteClose(_session, _output!.Span);
        return !TrySend(now);
    }

    /// <summary>
    /// Says close_notify, or the alert that a dead session has to tell, as far as it can leave at once. Behind what was sealed already:
    /// the peer could not open it without.
    /// </summary>
    public void SayGoodbye()
    {
        if (_session is null || _isMute || IsSending)
        {
            return;
        }

        if (SealsEach && Gathered > 0)
        {
            _isMute = !_ring!.SendLast(_handle, _output!.Span[.._outputLength]);
            _outputLength = 0;
        }

        Span<byte> words = stackalloc byte[WordsRoom];
        if (!_isMute && WriteClose(_session, words) is > 0 and int length)
        {
            _ring!.SendLast(_handle, words[..length]);
        }
    }

    /// <summary>Says FIN, after all that was sent; what still arrives is to be thrown away.</summary>
    public void Linger()
    {
        EndSession();
        DropKept();
        _ring!.ShutdownSend(_handle);
        Unpause();
        Resume();
    }

    /// <summary>Ends the stream now, with a goodbye; the ring will tell when it has let go of it.</summary>
    public void Close()
    {
        SayGoodbye();
        _ring!.Close(_handle);
    }

    /// <summary>The ring has let go of the stream: everything is given back, and the object waits for the next one.</summary>
    public void Release()
    {
        EndSession();
        DropKept();
        _memory.ReturnOutput(ref _output);
        _memory.ReturnOutput(ref _sending);
        _handle = StreamHandle.None;
        _outputLength = _recordsGathered = Records = 0;
        IsPaused = _isResting = _isMute = HasFailed = Coalesces = false;
        _isCloseNotified = true;
    }

    private void EndSession()
    {
        _session?.Dispose();
        _session = null;
    }

    private int WriteClose(TlsSession session, Span<byte> words)
    {
        if (_isCloseNotified)
        {
            return session.FlushPending(words);
        }

        _isCloseNotified = true;
        session.Close(words, out int written);
        return written;
    }
}
