using System;
using System.Diagnostics;

namespace Fastdist.Proxy.InFlight;

/// <summary>What an ID of a backend connection stands for.</summary>
internal enum IdState : byte
{
    /// <summary>Not in use: an answer with it was never asked for.</summary>
    Unknown,

    /// <summary>A query waits for it.</summary>
    InFlight,

    /// <summary>Its query is gone but the backend may still answer, so it is not used again until then.</summary>
    Abandoned,
}

/// <summary>
/// The message IDs of one backend connection: 0 up to the size, handed out first-in first-out so that
/// an ID rests as long as possible before its next use. Refuses when all are in use; never wraps.
/// </summary>
internal sealed class IdTable
{
    private const int FreeMark = -1;
    private const int AbandonedMark = -2;
    private const int AbandonedCheckMark = -3;

    /// <summary>Added to the entry of a query of our own; entries are far below.</summary>
    private const int CheckBit = 1 << 30;

    private readonly int[] _entries;
    private readonly ushort[] _free;
    private int _freeHead;

    /// <param name="size">1 to 65,536 IDs.</param>
    public IdTable(int size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 65536);
        _entries = new int[size];
        _free = new ushort[size];
        Reset();
    }

    public int Size => _entries.Length;

    public int FreeCount { get; private set; }

    public int AbandonedCount { get; private set; }

    public int InFlightCount => Size - FreeCount - AbandonedCount;

    /// <summary>Of those in flight and abandoned, the ones that are queries of our own.</summary>
    public int CheckCount { get; private set; }

    /// <summary>Claims an ID for an entry.</summary>
    /// <param name="entry">The query.</param>
    /// <param name="id">The ID.</param>
    /// <param name="isCheck">Whether it is a query of our own, which no client waits for.</param>
    /// <returns>False when every ID is in flight or abandoned.</returns>
    public bool TryTake(int entry, out ushort id, bool isCheck = false)
    {
        if (FreeCount == 0)
        {
            id = 0;
            return false;
        }

        id = _free[_freeHead];
        _freeHead = Next(_freeHead);
        FreeCount--;
        _entries[id] = isCheck ? entry | CheckBit : entry;
        CheckCount += isCheck ? 1 : 0;
        return true;
    }

    /// <summary>Tells what an ID stands for, and whose it is when in flight.</summary>
    public IdState Find(ushort id, out int entry)
    {
        entry = id < _entries.Length ? _entries[id] : FreeMark;
        if (entry < 0)
        {
            return entry == FreeMark ? IdState.Unknown : IdState.Abandoned;
        }

        entry &= ~CheckBit;
        return IdState.InFlight;
    }

    /// <summary>Frees an ID whose answer came.</summary>
    public void Release(ushort id)
    {
        Debug.Assert(_entries[id] != FreeMark);
        AbandonedCount -= _entries[id] < 0 ? 1 : 0;
        CheckCount -= IsCheck(id) ? 1 : 0;
        _entries[id] = FreeMark;
        int tail = _freeHead + FreeCount;
        _free[tail >= _free.Length ? tail - _free.Length : tail] = id;
        FreeCount++;
    }

    /// <summary>Keeps an ID out of use: its query no longer waits, but its answer may still come.</summary>
    public void Abandon(ushort id)
    {
        Debug.Assert(_entries[id] >= 0);
        _entries[id] = IsCheck(id) ? AbandonedCheckMark : AbandonedMark;
        AbandonedCount++;
    }

    /// <summary>Makes every ID free, for a new connection.</summary>
    public void Reset()
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            _entries[i] = FreeMark;
            _free[i] = (ushort)i;
        }

        _freeHead = 0;
        FreeCount = _entries.Length;
        AbandonedCount = CheckCount = 0;
    }

    private bool IsCheck(ushort id) => _entries[id] is AbandonedCheckMark or >= CheckBit;

    private int Next(int position) => position + 1 == _free.Length ? 0 : position + 1;
}
