using System;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Which backends of a shard a tick has to look at: those that are awake, since something has happened to them or is under way. Who has nothing to do
/// sleeps until a time of its own, so that many that are idle cost a tick next to nothing. Backends are known by their slots.
/// </summary>
internal sealed class Agenda
{
    private int[] _awake = [];

    /// <summary>Where each slot stands among those that are awake, and when it is to wake by itself, microseconds of the shard's clock.</summary>
    private int[] _places = [];
    private long[] _wakesAt = [];

    /// <summary>When the first of those that sleep wakes, or before that.</summary>
    private long _firstAt = long.MaxValue;

    /// <summary>How many are awake.</summary>
    public int Count { get; private set; }

    /// <summary>The slot of one that is awake; further ones come last.</summary>
    public int this[int place] => _awake[place];

    /// <summary>Whether a backend is awake.</summary>
    public bool IsAwake(int slot) => slot < _places.Length && _places[slot] >= 0;

    /// <summary>When one that sleeps wakes by itself, microseconds of the shard's clock; the greatest number when it does not.</summary>
    public long WakesAt(int slot) => _wakesAt[slot];

    /// <summary>Something happened to a backend.</summary>
    public void Wake(int slot)
    {
        if (!IsAwake(slot))
        {
            GetUp(slot);
        }
    }

    /// <summary>Wakes those whose time has come.</summary>
    /// <param name="now">Microseconds of the shard's clock.</param>
    public void WakeDue(long now)
    {
        if (now < _firstAt)
        {
            return;
        }

        _firstAt = long.MaxValue;
        for (int slot = 0; slot < _places.Length; slot++)
        {
            if (_wakesAt[slot] <= now)
            {
                GetUp(slot);
            }

            _firstAt = Math.Min(_firstAt, _wakesAt[slot]);
        }
    }

    /// <summary>One that is awake has nothing to do.</summary>
    /// <param name="slot">Its slot.</param>
    /// <param name="until">When it will have, microseconds of the shard's clock; the greatest number when it will not.</param>
    public void Sleep(int slot, long until)
    {
        int last = _awake[--Count];
        _places[last] = _places[slot];
        _awake[_places[slot]] = last;
        _places[slot] = -1;
        _wakesAt[slot] = until;
        _firstAt = Math.Min(_firstAt, until);
    }

    private void GetUp(int slot)
    {
        if (slot >= _places.Length)
        {
            Grow(slot + 1);
        }

        _wakesAt[slot] = long.MaxValue;
        _places[slot] = Count;
        _awake[Count++] = slot;
    }

    private void Grow(int size)
    {
        int known = _places.Length;
        Array.Resize(ref _awake, size);
        Array.Resize(ref _places, size);
        Array.Resize(ref _wakesAt, size);
        Array.Fill(_places, -1, known, size - known);
        Array.Fill(_wakesAt, long.MaxValue, known, size - known);
    }
}
