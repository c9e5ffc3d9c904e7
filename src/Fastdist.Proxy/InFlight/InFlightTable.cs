using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Dns;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// The slab of a shard's queries in flight. Invariant: an index handed out by <see cref="TryAdd"/>
/// addresses valid memory until <see cref="Remove"/>; free slots are a stack, so a quiet shard touches
/// few of them.
/// </summary>
internal sealed unsafe class InFlightTable : IDisposable
{
    private readonly InFlightEntry* _entries;
    private readonly int* _free;
    private readonly LongFrames _longFrames;
    private readonly List<Asker> _askers = [];
    private readonly DecisionTable _decisions = new();
    private int _freeCount;

    public InFlightTable(int capacity, int longFrameBudget)
    {
        Debug.Assert(sizeof(InFlightEntry) <= 256);
        Capacity = capacity;
        _entries = (InFlightEntry*)NativeMemory.AlignedAlloc((nuint)capacity * 256, 64);
        _free = (int*)NativeMemory.Alloc((nuint)capacity, sizeof(int));
        for (int i = 0; i < capacity; i++)
        {
            _free[i] = capacity - 1 - i;
        }

        _freeCount = capacity;
        _longFrames = new LongFrames(longFrameBudget);
    }

    public int Capacity { get; }

    public int Count => Capacity - _freeCount;

    /// <summary>Buffers that long queries hold.</summary>
    public int LongFrames => _longFrames.Taken;

    public bool IsFull => _freeCount == 0;

    /// <summary>Takes back the tags of a query that ends.</summary>
    public Action<int>? ReleaseTags { get; set; }

    /// <summary>Decisions that are kept for queries.</summary>
    public int Decisions => _decisions.Count;

    public ref InFlightEntry this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref *(InFlightEntry*)((byte*)_entries + ((nuint)(uint)index * 256));
    }

    /// <summary>Takes in somebody who asks; done before the first query.</summary>
    public void Register(Asker asker)
    {
        asker.Number = (byte)_askers.Count;
        _askers.Add(asker);
    }

    /// <summary>Who waits for a query's answer.</summary>
    public Asker AskerOf(in InFlightEntry entry) => _askers[entry.Asker];

    /// <summary>Takes a slot and keeps the message in it, framed for a stream.</summary>
    /// <returns>False when the table is full, or the byte budget for long messages is.</returns>
    public bool TryAdd(ReadOnlySpan<byte> message, out int index)
    {
        index = -1;
        if (_freeCount == 0)
        {
            return false;
        }

        int frameLength = StreamFraming.PrefixSize + message.Length;
        int longFrame = -1;
        if (frameLength > InFlightEntry.InlineCapacity && !_longFrames.TryTake(frameLength, out longFrame))
        {
            return false;
        }

        index = _free[--_freeCount];
        ref InFlightEntry entry = ref this[index];
        entry.Clear();
        entry.LongFrame = longFrame;
        entry.MessageLength = (ushort)message.Length;
        Span<byte> frame = Frame(index);
        StreamFraming.WritePrefix(frame, message.Length);
        message.CopyTo(frame[StreamFraming.PrefixSize..]);
        return true;
    }

    /// <summary>Keeps what was decided about a query; done once.</summary>
    public void Decide(int index, in Decision decision)
    {
        ref InFlightEntry entry = ref this[index];
        entry.Notes |= QueryNotes.HasDecision;
        entry.Decision = _decisions.Add(in decision);
    }

    /// <summary>What was decided about a query of which <see cref="InFlightEntry.HasDecision"/> is true.</summary>
    public ref Decision DecisionOf(in InFlightEntry entry) => ref _decisions[entry.Decision];

    /// <summary>A copy of what was decided about a query; that of one about which nothing was.</summary>
    public Decision DecisionOrNone(in InFlightEntry entry) => entry.HasDecision ? DecisionOf(in entry) : new Decision();

    /// <summary>The number of the pool that a query is for.</summary>
    public short PoolOf(in InFlightEntry entry) => entry.HasDecision ? DecisionOf(in entry).Pool : (short)0;

    /// <summary>The query as it goes to a backend: length prefix and message.</summary>
    public Span<byte> Frame(int index)
    {
        ref InFlightEntry entry = ref this[index];
        return entry.LongFrame < 0
            ? MemoryMarshal.CreateSpan(ref Unsafe.As<InFlightEntry.InlineFrame, byte>(ref entry.Frame), entry.FrameLength)
            : _longFrames[entry.LongFrame][..entry.FrameLength];
    }

    /// <summary>The query's message.</summary>
    public Span<byte> Message(int index) => Frame(index)[StreamFraming.PrefixSize..];

    /// <summary>Cuts the kept message to a shorter length, as after taking options out.</summary>
    public void Shorten(int index, int messageLength)
    {
        this[index].MessageLength = (ushort)messageLength;
        StreamFraming.WritePrefix(Frame(index), messageLength);
    }

    public void Remove(int index)
    {
        ref InFlightEntry entry = ref this[index];
        if (entry.LongFrame >= 0)
        {
            _longFrames.Return(entry.LongFrame);
        }

        if (entry.HasDecision)
        {
            ReleaseTags?.Invoke(_decisions[entry.Decision].Tags);
            _decisions.Remove(entry.Decision);
        }

        entry.Notes = QueryNotes.None;
        _free[_freeCount++] = index;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_entries);
        NativeMemory.Free(_free);
        _longFrames.Dispose();
    }
}
