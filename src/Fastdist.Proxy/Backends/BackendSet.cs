using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// The backends of one shard. Each has a slot, by which queries in flight and messages name it; one that was removed
/// keeps its slot until its last query has ended. Changed between turns only.
/// </summary>
internal sealed class BackendSet
{
    /// <summary>Place for what a busy turn brings.</summary>
    private const int NewsAtFirst = 256;

    private Backend?[] _slots = [];

    /// <summary>Their connections.</summary>
    public ConnectionTable Connections { get; } = new();

    /// <summary>Their datagram sockets.</summary>
    public NumberedTable<DatagramSocket> Sockets { get; } = new();

    /// <summary>What they have to tell, in order.</summary>
    public Queue<BackendNews> News { get; } = new(NewsAtFirst);

    /// <summary>Whom ticks look at.</summary>
    public Agenda Agenda { get; } = new();

    /// <summary>Every one in the order they were added, those that are leaving included.</summary>
    public Backend[] All { get; private set; } = [];

    /// <summary>The backend of a slot that is taken.</summary>
    public Backend this[int slot] => _slots[slot]!;

    /// <summary>The backend that a connection is of.</summary>
    public Backend HomeOf(BackendConnection connection) => this[connection.Slot];

    /// <summary>The backend that a query was sent to.</summary>
    public Backend HomeOf(Leg leg) => this[leg.IsDatagram ? Sockets[leg.Socket].Slot : Connections[leg.Connection].Slot];

    /// <summary>Takes in a backend; its slot is free.</summary>
    public void Add(Backend backend)
    {
        if (backend.Index >= _slots.Length)
        {
            Array.Resize(ref _slots, backend.Index + 1);
        }

        _slots[backend.Index] = backend;
        All = [.. All, backend];
        Agenda.Wake(backend.Index);
    }

    /// <summary>Hears health's verdict, which may come late for a backend that is gone, or early for one that is still to come.</summary>
    public void Judge(int slot, bool isUp) => Find(slot)?.Judge(isUp);

    /// <summary>Lets no further query go to a backend; what is on its way is waited for.</summary>
    public void Remove(int slot)
    {
        if (Find(slot) is { IsLeaving: false } backend)
        {
            backend.Leave();
            backend.FlushIfUnavailable();
        }
    }

    /// <summary>Lets those sleep that have nothing to do.</summary>
    /// <param name="now">Microseconds of the shard's clock.</param>
    public void LetSleep(long now)
    {
        for (int place = Agenda.Count - 1; place >= 0; place--)
        {
            Backend backend = this[Agenda[place]];
            if (backend.DueAt is var due && due > now)
            {
                Agenda.Sleep(backend.Index, due);
            }
        }
    }

    /// <summary>One of those that have something to do, as all have that are coming or going.</summary>
    public Backend? FindAwake(Predicate<Backend> match)
    {
        for (int place = 0; place < Agenda.Count; place++)
        {
            if (match(this[Agenda[place]]))
            {
                return this[Agenda[place]];
            }
        }

        return null;
    }

    /// <summary>Forgets a backend that has left, when there is one.</summary>
    public bool TryForget([NotNullWhen(true)] out Backend? left)
    {
        left = FindAwake(static b => b.HasLeft);
        if (left is null)
        {
            return false;
        }

        Agenda.Sleep(left.Index, until: long.MaxValue);
        _slots[left.Index] = null;
        All = [.. All.Except([left])];
        left.Dispose();
        return true;
    }

    private Backend? Find(int slot) => slot < _slots.Length ? _slots[slot] : null;
}
