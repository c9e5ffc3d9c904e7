using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Rules.Addresses;

namespace Fastdist.Rules.Blocks;

/// <summary>
/// What all clients did in the last seconds: of each the sums that the rules ask for, to which each second is added when it comes and from which it is taken off when
/// it leaves a rule's sight. At most a million records, one for a client, a second and a shard; where there are more of a second than its share of them, those of
/// clients that were seen least are left out. A record takes 4 bytes and 4 a column, a client 24 and 8 a sum, so with five of each it is 100 MB at worst. Work is done
/// in pieces. By one thread.
/// </summary>
internal sealed class ClientWindow
{
    /// <summary>Records of all seconds together.</summary>
    public const int MostRecords = 1_000_000;

    private readonly BlockPlan _plan;
    private readonly ClientIndex _clients;
    private readonly SecondRecords[] _records;
    private readonly int[] _lengths;
    private readonly int _mostOfTable;

    /// <summary>Nobody has done anything yet.</summary>
    /// <param name="plan">What is asked for.</param>
    /// <param name="shards">Tables that come each second.</param>
    /// <param name="mostRecords">Records that there is room for.</param>
    public ClientWindow(BlockPlan plan, int shards, int mostRecords = MostRecords)
    {
        _plan = plan;
        _clients = new ClientIndex(plan.Sums.Length);
        _mostOfTable = Math.Max(mostRecords / plan.Longest / shards, 1);
        _lengths = [.. plan.Sums.Select(static sum => sum.Seconds).Append(plan.Longest).Distinct()];
        var pool = new Stack<uint[]>();
        _records = [.. Enumerable.Range(0, plan.Longest).Select(_ => new SecondRecords(plan.Columns, pool))];
    }

    /// <summary>The last second that is in it.</summary>
    public long Newest { get; private set; }

    /// <summary>Clients' numbers are below.</summary>
    public int End => _clients.End;

    /// <summary>Clients that did something.</summary>
    public int Count => _clients.Count;

    /// <summary>Goes on to a later second; what is too long ago then is taken off.</summary>
    /// <returns>After each piece, how many records it were.</returns>
    public IEnumerable<int> AdvanceTo(long second)
    {
        // After a long pause it is enough to go as far as nothing is left.
        for (long left = second - Newest; left > 0; left--)
        {
            if (left > _plan.Longest && _clients.Count == 0)
            {
                Newest = second - _plan.Longest;
                left = _plan.Longest;
            }

            Newest++;
            foreach (int length in _lengths)
            {
                SecondRecords records = RecordsOf(Newest - length);
                for (int i = 0; i < records.Count; i += SecondRecords.PieceSize)
                {
                    yield return TakeOff(records, i, length);
                }
            }

            RecordsOf(Newest).Clear();
            yield return 1;
        }
    }

    /// <summary>Adds what a shard counted.</summary>
    /// <param name="counts">What it counted.</param>
    /// <param name="second">When; not after <see cref="Newest"/>. When it is too long ago nothing is added.</param>
    /// <returns>After each piece, how many places of the table it were.</returns>
    public IEnumerable<int> Add(ClientCounts counts, long second)
    {
        if (second <= Newest - _plan.Longest || counts.Count == 0)
        {
            yield break;
        }

        uint least = counts.Count > _mostOfTable ? counts.LeastOf(_mostOfTable) : 1;
        for (int place = 0; place < counts.Places; place += SecondRecords.PieceSize)
        {
            yield return AddPiece(counts, second, place, least);
        }
    }

    /// <summary>What a client did.</summary>
    /// <param name="client">Below <see cref="End"/>.</param>
    /// <param name="key">Who it is.</param>
    /// <param name="sums">As many as the plan has sums.</param>
    /// <returns>False when nobody has the number.</returns>
    public bool TryRead(int client, out AddressKey key, out ReadOnlySpan<long> sums)
    {
        key = _clients.KeyOf(client);
        sums = _clients.SumsOf(client);
        return _clients.IsUsed(client);
    }

    private SecondRecords RecordsOf(long second) => _records[((second % _records.Length) + _records.Length) % _records.Length];

    private int TakeOff(SecondRecords records, int first, int length)
    {
        int end = Math.Min(first + SecondRecords.PieceSize, records.Count);
        for (int i = first; i < end; i++)
        {
            ReadOnlySpan<uint> counts = records.Read(i, out int client);
            Span<long> sums = _clients.SumsOf(client);
            for (int sum = 0; sum < sums.Length; sum++)
            {
                sums[sum] -= _plan.Sums[sum].Seconds == length ? counts[_plan.Sums[sum].Column] : 0;
            }

            if (length == _plan.Longest)
            {
                _clients.Unuse(client);
            }
        }

        return end - first;
    }

    private int AddPiece(ClientCounts counts, long second, int first, uint least)
    {
        SecondRecords records = RecordsOf(second);
        int end = Math.Min(first + SecondRecords.PieceSize, counts.Places);
        for (int place = first; place < end; place++)
        {
            if (counts.Read(place, out AddressKey key, out ReadOnlySpan<uint> columns) is not 0 and uint seen && seen >= least)
            {
                int client = _clients.Use(key);
                records.Add(client, columns);
                AddTo(_clients.SumsOf(client), columns, second);
            }
        }

        return end - first;
    }

    private void AddTo(Span<long> sums, ReadOnlySpan<uint> columns, long second)
    {
        for (int sum = 0; sum < sums.Length; sum++)
        {
            // Of a second that came late, only to those that still see it.
            sums[sum] += second > Newest - _plan.Sums[sum].Seconds ? columns[_plan.Sums[sum].Column] : 0;
        }
    }
}
