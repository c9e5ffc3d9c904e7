using System;
using System.Collections.Generic;
using Fastdist.Ring;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// Buffers for queries too long for an entry, in three sizes under one byte budget. Buffers once made
/// are kept, so a shard that has seen its traffic allocates no more.
/// </summary>
internal sealed class LongFrames : IDisposable
{
    private static readonly int[] s_sizes = [512, 4096, 65537 + 63];

    private readonly List<(NativeBuffer Buffer, int Class)> _buffers = [];
    private readonly Stack<int>[] _free = [new(), new(), new()];
    private long _budget;

    /// <param name="budget">Bytes all buffers together may take.</param>
    public LongFrames(long budget) => _budget = budget;

    public Span<byte> this[int slot] => _buffers[slot].Buffer.Span;

    public bool TryTake(int length, out int slot)
    {
        int wanted = length <= s_sizes[0] ? 0 : length <= s_sizes[1] ? 1 : 2;
        if (_free[wanted].TryPop(out slot))
        {
            return true;
        }

        slot = -1;
        if (_budget < s_sizes[wanted])
        {
            return false;
        }

        _budget -= s_sizes[wanted];
        slot = _buffers.Count;
        _buffers.Add((new NativeBuffer(s_sizes[wanted]), wanted));
        return true;
    }

    public void Return(int slot) => _free[_buffers[slot].Class].Push(slot);

    public void Dispose() => _buffers.ForEach(item => item.Buffer.Dispose());
}
