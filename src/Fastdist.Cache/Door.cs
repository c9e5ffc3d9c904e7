using System;
using System.Threading;

namespace Fastdist.Cache;

/// <summary>
/// Where threads that are no shards go in and out of what will be disposed of, such as an operator's who still has a cache in a variable: it is disposed of when nobody is
/// inside, and nobody comes in after that.
/// </summary>
/// <param name="guarded">What is disposed of.</param>
internal sealed class Door(IDisposable guarded) : IDisposable
{
    private readonly Lock _lock = new();
    private int _inside;
    private bool _isClosed;

    /// <summary>Goes in; whoever did goes out by <see cref="Exit"/>.</summary>
    /// <returns>False when it is closed.</returns>
    public bool TryEnter()
    {
        lock (_lock)
        {
            _inside += _isClosed ? 0 : 1;
            return !_isClosed;
        }
    }

    /// <summary>Goes out.</summary>
    public void Exit()
    {
        bool isLast;
        lock (_lock)
        {
            _inside--;
            isLast = _isClosed && _inside == 0;
        }

        if (isLast)
        {
            guarded.Dispose();
        }
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        bool isEmpty;
        lock (_lock)
        {
            isEmpty = !_isClosed && _inside == 0;
            _isClosed = true;
        }

        if (isEmpty)
        {
            guarded.Dispose();
        }
    }
}
