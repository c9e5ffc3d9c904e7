using System;
using System.Diagnostics;
using System.Threading;
using Fastdist.Dns;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Blocks;

/// <summary>
/// What one shard counts for a group. It counts into one of three tables, and gives that away when the second is over; the control thread reads it and gives it back
/// empty. Should it be late by two seconds nothing is counted until it has caught up: seconds are never mixed, which would make a client's look like more than it was.
/// </summary>
public sealed class BlockCounter
{
    private const long MicrosecondsPerSecond = 1_000_000;
    private const int Tables = 3;

    private readonly BlockPlan _plan;
    private readonly CountedSecond[] _tables;

    // Whether the control thread has a table: set by the shard, taken back by the control thread.
    private readonly bool[] _isGiven = new bool[Tables];
    private CountedSecond? _current;
    private long _second = -1;

    internal BlockCounter(BlockPlan plan, int places, bool countsNames)
    {
        _plan = plan;
        _tables = [new(plan, places, countsNames), new(plan, places, countsNames), new(plan, places, countsNames)];
    }

    /// <summary>
    /// Tells the time, at the beginning of each turn: what is counted next is counted for this second. A shard that slept is woken by the control thread to say so.
    /// </summary>
    /// <param name="now">Microseconds.</param>
    public void Tick(long now)
    {
        long second = now / MicrosecondsPerSecond;
        if (second == _second && _current is not null)
        {
            return;
        }

        // An empty one is as good for the next second.
        if (_current is { IsEmpty: false } && second > _second)
        {
            Volatile.Write(ref _isGiven[Array.IndexOf(_tables, _current)], true);
            _current = null;
        }

        _second = second;
        for (int i = 0; i < Tables && _current is null; i++)
        {
            _current = Volatile.Read(ref _isGiven[i]) ? null : _tables[i];
        }

        if (_current is not null)
        {
            _current.Second = second;
        }
    }

    /// <summary>Counts a query.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="type">What type it asks for.</param>
    public void CountQuery(in SocketAddress client, RecordType type)
    {
        int typeColumn = _plan.TypeColumn(type);
        if (_current?.Clients is not { } clients || (_plan.QueryColumn < 0 && typeColumn < 0))
        {
            return;
        }

        Span<uint> columns = clients.See(_plan.Masks.KeyOf(client));
        Add(columns, _plan.QueryColumn, 1);
        Add(columns, typeColumn, 1);
    }

    /// <summary>Counts a response.</summary>
    /// <param name="client">Who gets it.</param>
    /// <param name="name">The question's name, validated.</param>
    /// <param name="rcode">The header's response code, 0 to 15.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="isHit">Whether it comes from the cache.</param>
    public void CountResponse(in SocketAddress client, ReadOnlySpan<byte> name, int rcode, int bytes, bool isHit)
    {
        _current?.Names?.CountOne(name, NameStatistics.OfResponse(rcode, bytes, isHit));
        if (_plan.CountsResponses && _current?.Clients is { } clients)
        {
            Span<uint> columns = clients.See(_plan.Masks.KeyOf(client));
            Add(columns, _plan.ResponseColumn, 1);
            Add(columns, _plan.BytesColumn, (uint)bytes);
            Add(columns, _plan.MissColumn, isHit ? 0u : 1);
            Add(columns, _plan.RcodeColumn(rcode), 1);
            Add(columns, _plan.UnwantedColumn(rcode), 1);
        }
    }

    /// <summary>Counts a query that no backend answered.</summary>
    /// <param name="name">The question's name, validated.</param>
    public void CountDrop(ReadOnlySpan<byte> name) => _current?.Names?.CountOne(name, NameStatistics.OfDrop);

    /// <summary>The oldest second that is over, for the control thread; null when there is none.</summary>
    /// <param name="last">Later ones are left for another time.</param>
    internal CountedSecond? Take(long last)
    {
        CountedSecond? oldest = null;
        for (int i = 0; i < Tables; i++)
        {
            if (Volatile.Read(ref _isGiven[i]) && _tables[i].Second <= last && !(oldest?.Second <= _tables[i].Second))
            {
                oldest = _tables[i];
            }
        }

        return oldest;
    }

    /// <summary>Empties a table and gives it back to the shard.</summary>
    internal void GiveBack(CountedSecond table)
    {
        int index = Array.IndexOf(_tables, table);
        Debug.Assert(index >= 0 && _isGiven[index], "it is one of ours, and was taken");
        table.Clear();
        Volatile.Write(ref _isGiven[index], false);
    }

    private static void Add(Span<uint> columns, int column, uint count)
    {
        // Neither the column that nobody asks for nor the columns of who was not let in.
        if ((uint)column < (uint)columns.Length)
        {
            uint sum = columns[column] + count;
            columns[column] = sum < count ? uint.MaxValue : sum;
        }
    }
}
