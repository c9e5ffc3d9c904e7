using System;
using System.Linq;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// The frontends of one shard. Each has a number, by which queries, clients and messages name it, and which another may have once it has left.
/// Changed between turns only.
/// </summary>
internal sealed class FrontendSet
{
    private Frontend?[] _slots = [];

    /// <summary>Every one in the order they were added, those that are leaving included.</summary>
    public Frontend[] All { get; private set; } = [];

    /// <summary>The frontend of a number that is taken.</summary>
    public Frontend this[int number] => _slots[number]!;

    /// <summary>The frontend of a number; null when none has it.</summary>
    public Frontend? Find(int number) => number < _slots.Length ? _slots[number] : null;

    /// <summary>Takes in a frontend; its number is free.</summary>
    public void Add(Frontend frontend)
    {
        if (frontend.Number >= _slots.Length)
        {
            Array.Resize(ref _slots, frontend.Number + 1);
        }

        _slots[frontend.Number] = frontend;
        All = [.. All, frontend];
    }

    /// <summary>Forgets a frontend that has left.</summary>
    public void Remove(Frontend frontend)
    {
        _slots[frontend.Number] = null;
        All = [.. All.Except([frontend])];
    }
}
