using System;
using System.Diagnostics.CodeAnalysis;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// The backends of one shard. Each has a slot, by which queries in flight and messages name it; one that was removed
/// keeps its slot until its last query has ended. Changed between turns only.
/// </summary>
internal sealed class BackendSet
{
    private readonly Func<Backend[], Policy> _createPolicy;
    private Backend?[] _slots = [];

    /// <param name="createPolicy">Makes what chooses among backends.</param>
    public BackendSet(Func<Backend[], Policy> createPolicy)
    {
        _createPolicy = createPolicy;
        Policy = createPolicy([]);
    }

    /// <summary>Their connections.</summary>
    public ConnectionTable Connections { get; } = new();

    /// <summary>Every one, those that are leaving included.</summary>
    public Backend[] All { get; private set; } = [];

    /// <summary>Those that may be asked, whatever their health.</summary>
    public Backend[] Active { get; private set; } = [];

    /// <summary>What chooses among them.</summary>
    public Policy Policy { get; private set; }

    /// <summary>The backend of a slot that is taken.</summary>
    public Backend this[int slot] => _slots[slot]!;

    /// <summary>Takes in a backend; its slot is free.</summary>
    public void Add(Backend backend)
    {
        if (backend.Index >= _slots.Length)
        {
            Array.Resize(ref _slots, backend.Index + 1);
        }

        _slots[backend.Index] = backend;
        Update();
    }

    /// <summary>Hears health's verdict, which may come late for a backend that is gone.</summary>
    public void Judge(int slot, bool isUp) => _slots[slot]?.Judge(isUp);

    /// <summary>Lets no further query go to a backend; what is on its way is waited for.</summary>
    public void Remove(int slot)
    {
        if (_slots[slot] is { IsLeaving: false } backend)
        {
            backend.Leave();
            Update();
            backend.FlushQueue();
        }
    }

    /// <summary>Forgets a backend that has left, when there is one.</summary>
    public bool TryForget([NotNullWhen(true)] out Backend? left)
    {
        left = Array.Find(All, static b => b.HasLeft);
        if (left is null)
        {
            return false;
        }

        _slots[left.Index] = null;
        left.Dispose();
        Update();
        return true;
    }

    private void Update()
    {
        All = [.. Array.FindAll(_slots, static b => b is not null)!];
        Active = Array.FindAll(All, static b => !b.IsLeaving);
        Policy = _createPolicy(Active);
    }
}
