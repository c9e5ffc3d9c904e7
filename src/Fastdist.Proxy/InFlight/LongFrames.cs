using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Ring;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// Buffers for queries too long for an entry, in three sizes under one byte budget. Buffers once made
/// are kept, so a shard that has seen its traffic allocates no more; when the budget is short, idle
/// ones of other sizes make room.
/// </summary>
internal sealed class LongFrames : IDisposable
{
    private static readonly int[] s_sizes = [512, 4096, 65537 + 63];

    private readonly List<(NativeBuffer? Buffer, int Class)> _slots = [];
    private readonly Stack<int>[] _free = [new(), new(), new()];
    private readonly Stack<int> _emptySlots = new();
    private long _budget;

    /// <param name="budget">Bytes all buffers together may take.</param>
    public LongFrames(long budget) => _budget = budget;

    /// <summary>Buffers that were taken and not returned.</summary>
    public int Taken => _slots.Count - _emptySlots.Count - _free.Sum(idle => idle.Count);

    public Span<byte> this[int slot] => _slots[slot].Buffer!.Span;

    /// <summary>Takes a buffer of at least this length.</summary>
    /// <returns>False when those in use take the whole budget.</returns>
    public bool TryTake(int length, out int slot)
    {
        int wanted = length <= s_sizes[0] ? 0 : length <= s_sizes[1] ? 1 : 2;
        if (_free[wanted].TryPop(out slot))
        {
            return true;
        }

        if (_budget < s_sizes[wanted] && !Reclaim(s_sizes[wanted]))
        {
            slot = -1;
            return false;
        }

        _budget -= s_sizes[wanted];
        if (!_emptySlots.TryPop(out slot))
        {
            slot = _slots.Count;
            _slots.Add(default);
        }

        _slots[slot] = (new NativeBuffer(s_sizes[wanted]), wanted);
        return true;
    }

    public void Return(int slot) => _free[_slots[slot].Class].Push(slot);

    public void Dispose() => _slots.ForEach(item => item.Buffer?.Dispose());

    /// <summary>Gives up idle buffers until the budget holds enough.</summary>
    private bool Reclaim(int length)
    {
        foreach (Stack<int> idle in _free)
        {
            while (_budget < length && idle.TryPop(out int slot))
            {
                _budget += s_sizes[_slots[slot].Class];
                _slots[slot].Buffer!.Dispose();
                _slots[slot] = default;
                _emptySlots.Push(slot);
            }
        }

        return _budget >= length;
    }
}
