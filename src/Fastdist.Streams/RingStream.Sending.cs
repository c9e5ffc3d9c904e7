using System;
using System.Diagnostics;
using Fastdist.Ring;
using Fastdist.Tls;

namespace Fastdist.Streams;

/// <summary>From what is added to what is sent: gathered during a turn, one send in flight.</summary>
public sealed partial class RingStream
{
    /// <summary>Room for what a session wants to send besides data: a ticket, a key update, an alert.</summary>
    private const int WordsRoom = 1024;

    /// <summary>Bytes the kernel gets at once, few enough that each part that is done is progress of the peer's.</summary>
    private const int PartLength = 64 * 1024;

    // What was gathered; sealed already where each piece has records of its own.
    private NativeBuffer? _output;
    private int _outputLength;
    private int _recordsGathered;

    // Sealed pieces were dropped or lost, and the peer could open nothing that follows.
    private bool _isMute;

    // What the kernel is taking, the part that it was handed included.
    private NativeBuffer? _sending;
    private int _sendingOffset;
    private int _sendingLength;

    /// <summary>Bytes that were added and wait for the flush.</summary>
    public int Gathered => _outputLength;

    /// <summary>A send is on its way.</summary>
    public bool IsSending => _sending is not null;

    /// <summary>When the peer last made progress with the send that is on its way, as the owner's clock told.</summary>
    public long SendingSince { get; private set; }

    /// <summary>Records that hold data in the send begun last.</summary>
    public int Records { get; private set; }

    /// <summary>
    /// Whether pieces may share records. Where they may not, each is sealed when it is added, which costs a record's cryptography and no
    /// memory. Changed only while nothing is gathered.
    /// </summary>
    public bool Coalesces
    {
        get;
        set
        {
            Debug.Assert(field == value || Gathered == 0);
            field = value;
        }
    }

    /// <summary>Whether there is something for a flush to send.</summary>
    public bool HasOutput => Gathered > 0 || _session is { HasPendingOutput: true };

    /// <summary>Whether each piece is sealed when it is added.</summary>
    public bool SealsEach => _session is not null && !Coalesces;

    /// <summary>Room for one piece; <see cref="TryAdd"/> says how much of it was filled, before anything else is asked of the stream.</summary>
    /// <param name="least">Bytes that there have to be.</param>
    /// <param name="room">All there are.</param>
    /// <returns>False when the peers leave too much untaken.</returns>
    public bool TryReserve(int least, out Span<byte> room)
    {
        Debug.Assert(least <= _memory.Piece.Length);
        if (SealsEach)
        {
            room = _memory.Piece.Span;
            return true;
        }

        bool isThere = _memory.TryGrow(ref _output, _outputLength, _outputLength + least);
        room = isThere ? _output!.Span[_outputLength..] : default;
        return isThere;
    }

    /// <summary>Adds the piece that was put into the room.</summary>
    /// <returns>False when the session is dead, or there is no room for it sealed.</returns>
    public bool TryAdd(int length)
    {
        if (SealsEach)
        {
            return TrySeal(_session!, _memory.Piece.Span[..length]);
        }

        _outputLength += length;
        return true;
    }

    /// <summary>Sends what was gathered, and what the session has to say, unless the last send is still on its way.</summary>
    /// <param name="now">The owner's clock.</param>
    /// <param name="sent">Bytes of the send that was begun; 0 when none was.</param>
    /// <returns>False when what was gathered cannot be sent: the session is dead and has had its last word, or there is no room.</returns>
    public bool TryFlush(long now, out int sent)
    {
        sent = 0;
        if (IsSending)
        {
            return true;
        }

        bool isSealed = _session is null || (Coalesces && Gathered > 0 ? TrySealGathered(_session) : TryAddWords(_session));
        sent = _outputLength;
        return TrySend(now) || isSealed;
    }

    /// <summary>The ring ended a send.</summary>
    /// <returns>False while more of what was flushed follows.</returns>
    public bool Sent(int errno, long now)
    {
        if (errno == 0 && _sendingOffset < _sendingLength)
        {
            SendPart(now);
            return false;
        }

        _memory.ReturnOutput(ref _sending);
        return true;
    }

    /// <summary>Bytes flushed that the peer's kernel has not acknowledged.</summary>
    public int Unacknowledged => _ring!.Unacknowledged(_handle) + (IsSending ? _sendingLength - _sendingOffset : 0);

    /// <summary>Forgets what was gathered; a session whose records were among it can say nothing any more.</summary>
    public void DropGathered()
    {
        _isMute |= SealsEach && Gathered > 0;
        _outputLength = _recordsGathered = 0;
    }

    /// <summary>Bytes that so many take at most once they are sealed.</summary>
    private static int SealedLength(int plain) => plain + (((plain / TlsContext.MaxRecordPayload) + 1) * TlsSession.RecordOverhead);

    /// <summary>Seals what was gathered plain; it counts no longer, as the same bytes are not to count twice.</summary>
    private bool TrySealGathered(TlsSession session)
    {
        NativeBuffer gathered = _output!;
        ReadOnlySpan<byte> plain = gathered.Span[.._outputLength];
        _memory.Uncount(gathered);
        _output = null;
        _outputLength = 0;
        bool isSealed = TrySeal(session, plain);
        _memory.Buffers.Return(gathered);
        return isSealed;
    }

    /// <summary>Seals plain bytes behind what was sealed before and anything the session wants to say.</summary>
    private bool TrySeal(TlsSession session, ReadOnlySpan<byte> plain)
    {
        _isResting = false;
        _recordsGathered += (plain.Length + TlsContext.MaxRecordPayload - 1) / TlsContext.MaxRecordPayload;
        TlsStatus status = TlsStatus.NeedOutput;
        while (status == TlsStatus.NeedOutput)
        {
            if (!_memory.TryGrow(ref _output, _outputLength, _outputLength + SealedLength(plain.Length)))
            {
                return false;
            }

            status = session.Send(plain, out int consumed, _output!.Span[_outputLength..], out int written);
            _outputLength += written;
            plain = plain[consumed..];
        }

        HasFailed |= status == TlsStatus.Failed;
        return status == TlsStatus.Ok;
    }

    /// <summary>Puts what the session wants to say behind what was sealed before.</summary>
    private bool TryAddWords(TlsSession session)
    {
        while (session.HasPendingOutput)
        {
            if (!_memory.TryGrow(ref _output, _outputLength, _outputLength + WordsRoom))
            {
                return false;
            }

            _outputLength += session.FlushPending(_output!.Span[_outputLength..]);
        }

        return true;
    }

    /// <summary>Hands the output to the kernel, which has its buffer until the send is over.</summary>
    /// <returns>False when there is none.</returns>
    private bool TrySend(long now)
    {
        if (_outputLength == 0)
        {
            _memory.ReturnOutput(ref _output);
            return false;
        }

        (_sending, _sendingOffset, _sendingLength) = (_output, 0, _outputLength);
        (_output, _outputLength) = (null, 0);
        (Records, _recordsGathered) = (_recordsGathered, 0);
        SendPart(now);
        return true;
    }

    private void SendPart(long now)
    {
        int length = Math.Min(_sendingLength - _sendingOffset, PartLength);
        SendingSince = now;
        _ring!.Send(_handle, _sending!, _sendingOffset, length);
        _sendingOffset += length;
    }
}
