using System;
using System.Collections.Generic;
using CsCheck;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.InFlight;

/// <summary>The table of IDs beside a plain model of it, over long random rows of operations.</summary>
public class IdTableModelTests
{
    private static readonly Gen<int> s_size = Gen.OneOf(Gen.Int[1, 8], Gen.Int[9, 1000], Gen.Int[1001, 65536]);

    [Fact]
    public void Any_row_of_operations_does_what_the_model_does() =>
        Gen.Select(s_size, Gen.UInt.Array[0, 4000]).Sample((size, row) =>
        {
            var model = new Model(size);
            foreach (uint operation in row)
            {
                model.Apply(operation);
            }

            model.CheckAll();
        }, iter: 300);

    [Fact]
    public void The_largest_table_does_what_the_model_does_for_a_million_operations()
    {
        var random = new Random(65536);
        var model = new Model(65536);
        for (int i = 0; i < 1_000_000; i++)
        {
            model.Apply((uint)random.NextInt64(1L << 32));
        }

        model.CheckAll();
        Assert.True(model.Refusals > 0, "the row never filled the table");
    }

    /// <summary>A queue of free IDs, and a dictionary of those in use: entry, or -1 when abandoned.</summary>
    private sealed class Model
    {
        private readonly IdTable _table;
        private readonly Queue<ushort> _free = new();
        private readonly Dictionary<ushort, int> _used = [];
        private readonly List<ushort> _inFlight = [];
        private readonly List<ushort> _abandoned = [];
        private readonly HashSet<ushort> _checks = [];
        private int _entry;

        public Model(int size)
        {
            _table = new IdTable(size);
            Refill();
        }

        public int Refusals { get; private set; }

        /// <summary>The low bits say what to do, the others with which ID. Takes outnumber releases, so that tables fill.</summary>
        public void Apply(uint operation)
        {
            uint pick = operation >> 4;
            switch (operation & 15)
            {
                case < 8:
                    Take();
                    break;
                case < 12:
                    Release(_inFlight, pick);
                    break;
                case < 14:
                    Abandon(pick);
                    break;
                case 14:
                    Release(_abandoned, pick);
                    break;
                default:
                    Reset(pick);
                    break;
            }

            Check(_free.Count == _table.FreeCount && _abandoned.Count == _table.AbandonedCount && _inFlight.Count == _table.InFlightCount, "counts");
            Check(_checks.Count == _table.CheckCount, "counts checks, in flight or abandoned");
            CheckId((ushort)pick);
        }

        public void CheckAll()
        {
            for (int id = 0; id <= ushort.MaxValue; id++)
            {
                CheckId((ushort)id);
            }
        }

        private void Take()
        {
            bool isCheck = ++_entry % 3 == 0;
            bool taken = _table.TryTake(_entry, out ushort id, isCheck);
            Check(taken == _free.Count > 0, "refuses when, and only when, none is free");
            if (!taken)
            {
                Refusals++;
                return;
            }

            Check(id == _free.Dequeue(), "first in, first out");
            Check(_used.TryAdd(id, _entry), "never an ID in flight or abandoned");
            _inFlight.Add(id);
            if (isCheck)
            {
                _checks.Add(id);
            }
        }

        private void Release(List<ushort> ids, uint pick)
        {
            if (TryRemove(ids, pick, out ushort id))
            {
                _table.Release(id);
                _used.Remove(id);
                _checks.Remove(id);
                _free.Enqueue(id);
            }
        }

        private void Abandon(uint pick)
        {
            if (TryRemove(_inFlight, pick, out ushort id))
            {
                _table.Abandon(id);
                _used[id] = -1;
                _abandoned.Add(id);
            }
        }

        private void Reset(uint pick)
        {
            // Rare, or no table would ever fill.
            if (pick % 100_000 != 0)
            {
                return;
            }

            _table.Reset();
            _used.Clear();
            _checks.Clear();
            _inFlight.Clear();
            _abandoned.Clear();
            Refill();
        }

        private void Refill()
        {
            _free.Clear();
            for (int id = 0; id < _table.Size; id++)
            {
                _free.Enqueue((ushort)id);
            }
        }

        private void CheckId(ushort id)
        {
            IdState state = _table.Find(id, out int entry);
            if (!_used.TryGetValue(id, out int expected))
            {
                Check(state == IdState.Unknown, "not in use");
            }
            else if (expected < 0)
            {
                Check(state == IdState.Abandoned, "abandoned");
            }
            else
            {
                Check(state == IdState.InFlight && entry == expected, "in flight");
            }
        }

        private static bool TryRemove(List<ushort> ids, uint pick, out ushort id)
        {
            id = 0;
            if (ids.Count == 0)
            {
                return false;
            }

            int index = (int)(pick % (uint)ids.Count);
            id = ids[index];
            ids[index] = ids[^1];
            ids.RemoveAt(ids.Count - 1);
            return true;
        }

        private static void Check(bool holds, string rule)
        {
            if (!holds)
            {
                throw new InvalidOperationException($"broken: {rule}");
            }
        }
    }
}
