using System;
using System.Collections.Generic;
using Xunit;

namespace Fastdist.Cache.Tests.Storage;

/// <summary>What is left out of the order that code asks for, to show that it is needed.</summary>
public enum Omission
{
    None,
    ReadBarrier,
    WriteBarrier,
    Acquire,
    Release,
}

/// <summary>
/// A memory between a writer and a reader that shows all that a weakly ordered machine might, and the search through it. The writer's code runs first; what it
/// stores is kept with the order that it asked for and no other: a store is before another one if a barrier is between them, if the latter is a release, or if
/// both are to the same word. Then the reader's code runs again and again, until each of its loads has returned every value that it can. Of the loads a reader
/// does, one is before another if it is an acquire or a barrier is between them; neither dependencies nor being of the same word count, so that this is weaker
/// than any machine (and than the memory model of .NET, which knows both).
/// </summary>
/// <remarks>
/// An execution says for each load which store it reads. It can happen if there is an order of all loads and stores in which those orders hold, each load is
/// behind the store that it reads, and before the next one to the same word: if the graph of these has no circle. This is the axiomatic form of memory models of
/// machines on which a store is seen by all others at once, as x86, ARMv8 and RISC-V are. As the last store to a word can always be read, every beginning of an
/// execution can be ended, so that choosing load by load among what makes no circle reaches all executions and no others.
/// </remarks>
internal sealed class WeakMemory(Omission omission)
{
    private readonly Dictionary<nuint, uint> _beginning = [];
    private readonly Dictionary<nuint, List<StoreEvent>> _stores = [];
    private readonly List<StoreEvent> _storesInOrder = [];
    private readonly List<(int Index, int Count)> _choices = [];

    /// <summary>For each event the events that are behind it, a bit each: stores first, then loads.</summary>
    private UInt128[] _behind = [];

    private int _writeBarriers;
    private int _loads;
    private UInt128 _loadsSoFar;
    private UInt128 _loadsBeforeNext;
    private bool _isReading;

    /// <summary>Executions there were.</summary>
    public int Executions { get; private set; }

    /// <summary>What was stored until now was so before the writer that races and the reader began.</summary>
    public void BeginRace()
    {
        foreach ((nuint address, List<StoreEvent> stores) in _stores)
        {
            _beginning[address] = stores[^1].Value;
        }

        _stores.Clear();
        _storesInOrder.Clear();
        _writeBarriers = 0;
    }

    /// <summary>Runs a reader's code in all executions there are.</summary>
    /// <returns>What it returned in each.</returns>
    public IEnumerable<T> Explore<T>(Func<T> reader)
    {
        _isReading = true;
        do
        {
            _loads = 0;
            _loadsSoFar = 0;
            _loadsBeforeNext = 0;
            _behind = OrderOfStores();
            Executions++;
            yield return reader();
        }
        while (TryNextExecution());

        _isReading = false;
    }

    public void Store(nuint address, uint value, bool isRelease)
    {
        // What a reader stores (a mark) is advice, and read by no one here. A word that is stored again as it was is no event: whether a load is before or
        // behind it makes no difference to anybody.
        if (_isReading || value == Latest(address))
        {
            return;
        }

        if (!_stores.TryGetValue(address, out List<StoreEvent>? stores))
        {
            _stores[address] = stores = [];
        }

        var store = new StoreEvent(_storesInOrder.Count, address, value, _writeBarriers, isRelease && omission != Omission.Release);
        stores.Add(store);
        _storesInOrder.Add(store);
    }

    public uint Load(nuint address, bool isAcquire)
    {
        if (!_isReading || !_stores.TryGetValue(address, out List<StoreEvent>? stores))
        {
            return Latest(address);
        }

        int load = _storesInOrder.Count + _loads;
        List<(int Store, UInt128[] Behind)> possible = [];
        for (int store = -1; store < stores.Count; store++)
        {
            if (TryOrder(load, store, stores) is { } behind)
            {
                possible.Add((store, behind));
            }
        }

        if (_loads == _choices.Count)
        {
            _choices.Add((0, possible.Count));
        }

        Assert.Equal(possible.Count, _choices[_loads].Count);
        (int chosen, _behind) = possible[_choices[_loads].Index];
        _loads++;
        _loadsSoFar |= UInt128.One << load;
        _loadsBeforeNext |= isAcquire && omission != Omission.Acquire ? UInt128.One << load : 0;
        return chosen < 0 ? _beginning.GetValueOrDefault(address) : stores[chosen].Value;
    }

    public void WriteBarrier() => _writeBarriers += omission == Omission.WriteBarrier ? 0 : 1;

    public void ReadBarrier() => _loadsBeforeNext = omission == Omission.ReadBarrier ? _loadsBeforeNext : _loadsSoFar;

    /// <summary>Puts a load behind the loads that it must follow and the store that it reads, and before the next store to the same word.</summary>
    /// <returns>The order; null when there is none.</returns>
    private UInt128[]? TryOrder(int load, int store, List<StoreEvent> stores)
    {
        UInt128[] behind = [.. _behind];
        bool isPossible = store < 0 || TryPut(behind, stores[store].Number, load);
        for (int before = _storesInOrder.Count; isPossible && before < load; before++)
        {
            isPossible = (_loadsBeforeNext & (UInt128.One << before)) == 0 || TryPut(behind, before, load);
        }

        return isPossible && (store + 1 == stores.Count || TryPut(behind, load, stores[store + 1].Number)) ? behind : null;
    }

    private static bool TryPut(UInt128[] behind, int former, int latter)
    {
        UInt128 formerBit = UInt128.One << former;
        if ((behind[latter] & formerBit) != 0)
        {
            return false;
        }

        UInt128 added = behind[latter] | (UInt128.One << latter);
        for (int i = 0; i < behind.Length; i++)
        {
            behind[i] |= i == former || (behind[i] & formerBit) != 0 ? added : 0;
        }

        return true;
    }

    private UInt128[] OrderOfStores()
    {
        UInt128[] behind = new UInt128[128];
        foreach (StoreEvent latter in _storesInOrder)
        {
            for (int i = 0; i < latter.Number; i++)
            {
                StoreEvent former = _storesInOrder[i];
                if (former.Barriers < latter.Barriers || latter.IsRelease || former.Address == latter.Address)
                {
                    Assert.True(TryPut(behind, former.Number, latter.Number));
                }
            }
        }

        return behind;
    }

    /// <summary>Takes the last choice that has another side, and forgets those behind it.</summary>
    private bool TryNextExecution()
    {
        for (int last = _choices.Count - 1; last >= 0; last--)
        {
            (int index, int count) = _choices[last];
            _choices.RemoveAt(last);
            if (index + 1 < count)
            {
                _choices.Add((index + 1, count));
                return true;
            }
        }

        return false;
    }

    private uint Latest(nuint address) => _stores.TryGetValue(address, out List<StoreEvent>? stores) ? stores[^1].Value : _beginning.GetValueOrDefault(address);

    private readonly record struct StoreEvent(int Number, nuint Address, uint Value, int Barriers, bool IsRelease);
}
