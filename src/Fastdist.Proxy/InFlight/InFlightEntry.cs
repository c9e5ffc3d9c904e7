using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Dns;
using Fastdist.Ring;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// A place a query was sent to: a connection or datagram socket of this shard and the ID it has there. A query has two
/// while a suspect connection keeps the first and another was asked too.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(ushort))]
internal record struct Leg
{
    /// <summary>Added to the number of a datagram socket; connections are far below.</summary>
    private const int SocketBit = 1 << 30;

    /// <summary>Index among the shard's backend connections, that of a datagram socket with <see cref="SocketBit"/>; -1 for none.</summary>
    public int Connection;

    public ushort Id;

    public readonly bool IsUsed => Connection >= 0;

    /// <summary>Whether it is under an ID of a connection.</summary>
    public readonly bool IsStream => (uint)Connection < SocketBit;

    /// <summary>Whether it is under an ID of a datagram socket.</summary>
    public readonly bool IsDatagram => Connection >= SocketBit;

    /// <summary>The number of that socket.</summary>
    public readonly int Socket => Connection - SocketBit;

    public static Leg None => new() { Connection = -1 };

    /// <summary>Under an ID of a datagram socket.</summary>
    public static Leg OnSocket(int socket, ushort id) => new() { Connection = socket + SocketBit, Id = id };
}

/// <summary>
/// A query between its arrival and its answer: whom to answer, where it was sent, its bytes for
/// re-sending. Blittable and 256 bytes, four cache lines of which the first two are the bookkeeping.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InFlightEntry
{
    /// <summary>Size of a frame kept inside the entry; longer ones get a buffer of their own.</summary>
    public const int InlineCapacity = 120;

    /// <summary>UDP: the client and the address it asked.</summary>
    public DatagramRoute Route;

    /// <summary>Stream: the client connection's slot.</summary>
    public int Client;

    /// <summary>Stream: which tenant of the slot.</summary>
    public uint ClientGeneration;

    /// <summary>When it arrived, microseconds of the shard's clock.</summary>
    public long Arrived;

    public Leg First;
    public Leg Second;

    /// <summary>Where it stands in the <see cref="DeadlineList"/>.</summary>
    public EntryLinks Deadline;

    /// <summary>Where it stands in the backend's <see cref="WaitingQueue"/>.</summary>
    public EntryLinks Queue;

    /// <summary>Slot of the buffer that holds a long frame, -1 when it is inline.</summary>
    public int LongFrame;

    /// <summary>The backend whose timeout rules, and whose queue the query waits in, or where in <see cref="Reminders"/> it is.</summary>
    public short DeadlineClass;
    public short QueuedAt;

    /// <summary>Number of the frontend; that of a pinned query is <see cref="PinnedTo"/> in its place.</summary>
    public short Frontend;

    /// <summary>The client's own ID.</summary>
    public ushort OriginalId;

    /// <summary>Bytes of the message, without its length prefix.</summary>
    public ushort MessageLength;

    /// <summary>Offset in the message where the question ends.</summary>
    public ushort QuestionEnd;

    /// <summary>Largest answer the client takes, bytes.</summary>
    public ushort AnswerLimit;

    /// <summary>Number of the <see cref="Asker"/> that waits for the answer.</summary>
    public byte Asker;

    /// <summary>What its EDNS record says.</summary>
    public EdnsTraits Edns;
    public QueryNotes Notes;

    /// <summary>Times it was sent on a connection that then ended with nothing answered.</summary>
    public byte FruitlessSends;

    /// <summary>Times a connection ended that it may have ended, closes at about the same time counted as one.</summary>
    public byte Suspicions;

    /// <summary>When it was suspected last, milliseconds of the shard's clock, modulo 2^32.</summary>
    public uint SuspectedAt;

    public InlineFrame Frame;

    /// <summary>
    /// Place in the <see cref="DecisionTable"/> of what was decided about it, where its notes have <see cref="QueryNotes.HasDecision"/>; behind
    /// the frame, so that most queries need not touch it.
    /// </summary>
    public int Decision;

    /// <summary>Its group among the <see cref="EqualQueries"/>, where its notes have <see cref="QueryNotes.Leads"/> or <see cref="QueryNotes.Follows"/>.</summary>
    public int Group;

    /// <summary>Bytes of the frame: length prefix and message.</summary>
    public readonly int FrameLength => StreamFraming.PrefixSize + MessageLength;

    /// <summary>Everything but the frame's bytes becomes that of a query of which nothing is known yet.</summary>
    public void Clear()
    {
        Unsafe.InitBlock(ref Unsafe.As<InFlightEntry, byte>(ref this), 0, (uint)Unsafe.ByteOffset(ref this, ref Unsafe.As<InlineFrame, InFlightEntry>(ref Frame)));
        First = Second = Leg.None;
        Deadline = Queue = EntryLinks.Alone;
        LongFrame = -1;
        DeadlineClass = QueuedAt = -1;
    }

    /// <summary>It was sent to one more place, of which there are two at the most.</summary>
    public void AddLeg(Leg leg)
    {
        if (First.IsUsed)
        {
            Second = leg;
        }
        else
        {
            First = leg;
        }
    }

    /// <summary>Takes away the leg that ended.</summary>
    public void TakeLeg(Leg leg)
    {
        First = First == leg ? Second : First;
        Second = Leg.None;
    }

    /// <summary>DNS-over-HTTPS: the HTTP/2 stream it came on, in the place of the datagram socket that it did not.</summary>
    public int HttpStream
    {
        readonly get => Route.Socket;
        set => Route.Socket = value;
    }

    /// <summary>Whether only one backend may be asked, as the query is about it.</summary>
    public readonly bool IsPinned => Frontend < 0;

    /// <summary>Slot of that backend.</summary>
    public short PinnedTo
    {
        readonly get => (short)~Frontend;
        set => Frontend = (short)~value;
    }

    /// <summary>Whether something was decided about it that its answer side needs.</summary>
    public readonly bool HasDecision => (Notes & QueryNotes.HasDecision) != 0;

    [InlineArray(InlineCapacity)]
    internal struct InlineFrame
    {
        private byte _first;
    }
}
