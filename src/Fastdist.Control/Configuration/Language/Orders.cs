using System;
using System.Collections.Generic;

namespace Fastdist.Control.Configuration.Language;

/// <summary>
/// Changes that functions ordered while a query waited: the thread of scripts makes them within a second. Used by whoever has the script's lock.
/// </summary>
internal sealed class Orders
{
    /// <summary>Whoever orders more in a second orders them for each query.</summary>
    public const int Most = 1_000;

    private List<Action> _orders = [];

    /// <summary>Whether there is one.</summary>
    public bool Any => _orders.Count > 0;

    /// <summary>Orders a change.</summary>
    /// <exception cref="ScriptException">There are too many.</exception>
    public void Add(Action order)
    {
        if (_orders.Count == Most)
        {
            throw new ScriptException($"{Most:N0} changes wait that were ordered while queries waited: order them once, and not for each query");
        }

        _orders.Add(order);
    }

    /// <summary>Takes all of them out.</summary>
    public IReadOnlyList<Action> Take()
    {
        List<Action> taken = _orders;
        _orders = [];
        return taken;
    }
}
