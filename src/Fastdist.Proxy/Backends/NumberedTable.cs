using System;
using System.Collections.Generic;

namespace Fastdist.Proxy.Backends;

/// <summary>What a shard has of a kind by number, which is how queries in flight and the ring's events name it.</summary>
/// <typeparam name="T">The kind.</typeparam>
internal class NumberedTable<T>
    where T : class
{
    private readonly List<T?> _all = [];
    private readonly Stack<int> _free = [];

    /// <summary>The one of that number.</summary>
    public T this[int number] => _all[number]!;

    /// <summary>Makes one with the next number, or with one that became free.</summary>
    public T Add(Func<int, T> create)
    {
        if (!_free.TryPop(out int number))
        {
            number = _all.Count;
            _all.Add(null);
        }

        T one = create(number);
        _all[number] = one;
        return one;
    }

    /// <summary>Forgets one that is closed and that no query names any more.</summary>
    public void Remove(int number)
    {
        _all[number] = null;
        _free.Push(number);
    }
}
