using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Rules;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy;

/// <summary>
/// Who is blocked for a time, and the groups of rules by which clients and names come to be. What shards counted in the seconds that are over is looked at by a thread of its own, once a second
/// for groups that somebody applies, so that neither a shard nor the control thread nor a script waits for it. From any thread.
/// </summary>
public sealed partial class DynamicBlocks : IDisposable
{
    /// <summary>A group that nobody has applied for so long is none any more, seconds: its configuration was replaced.</summary>
    private const int MostIdleSeconds = 15;

    /// <summary>Groups that are counted for; each costs every query.</summary>
    private const int MostGroups = 32;

    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly Lock _lock = new();
    private readonly BlockTable _table = new();
    private readonly BlockOffenders _offenders = new();
    private readonly List<Member> _members = [];
    private readonly Func<BlockSnapshot, bool> _useSnapshot;
    private readonly Func<Func<int, BlockCounter[]>, bool> _useCounters;
    private readonly ILogger _log;
    private readonly Func<long>? _clock;
    private readonly ManualResetEventSlim _end = new();
    private BlockSnapshot? _told = BlockSnapshot.Empty;
    private bool _areCountersTold = true;
    private Thread? _thread;
    private bool _hasEnded;
    private long _purged;

    /// <param name="shards">How many shards count.</param>
    /// <param name="useSnapshot">Has every shard go by who is blocked; false when one could not be told.</param>
    /// <param name="useCounters">Has every shard count; given a shard's number it is told into what. False as before.</param>
    /// <param name="log">Told of new blocks.</param>
    /// <param name="clock">The time, microseconds, where <see cref="Round"/> is called by whoever moves it; null for that of the machine, and a thread.</param>
    internal DynamicBlocks(int shards, Func<BlockSnapshot, bool> useSnapshot, Func<Func<int, BlockCounter[]>, bool> useCounters, ILogger log, Func<long>? clock = null) =>
        (Shards, _useSnapshot, _useCounters, _log, _clock) = (shards, useSnapshot, useCounters, log, clock);

    /// <summary>The time by which blocks end, microseconds.</summary>
    public long Now => _clock?.Invoke() ?? ShardClock.Read();

    /// <summary>Tells the share of hits among all queries that were looked for in caches, 0 to 1.</summary>
    internal Func<double> ShareOfHits { get; init; } = static () => 0;

    /// <summary>How many shards count.</summary>
    public int Shards { get; }

    /// <summary>Seconds between two purges of blocks that are over.</summary>
    public int PurgeInterval { get; set; } = 60;

    /// <summary>What is done about blocks that do not say it themselves.</summary>
    public BlockAction DefaultAction
    {
        get => _table.DefaultAction;
        set => Change(() => _table.DefaultAction = value);
    }

    /// <summary>Blocks of clients that are not over.</summary>
    public int RangeCount => All.Count(static block => block.Range is not null);

    /// <summary>All blocks that are not over: clients, then names.</summary>
    public IReadOnlyList<Block> All
    {
        get
        {
            lock (_lock)
            {
                long now = Now;
                return [.. _table.All.Where(block => block.Until > now)];
            }
        }
    }

    /// <summary>Which blocks were met most in the last minute, with how often a second.</summary>
    /// <param name="areNames">Whether blocks of names are meant, or those of clients.</param>
    public IReadOnlyList<(Block Block, double Rate)> Offenders(bool areNames)
    {
        lock (_lock)
        {
            return _offenders.Top(areNames, Now / MicrosecondsPerSecond);
        }
    }

    /// <summary>What is done about a block.</summary>
    public BlockAction ActionOf(Block block)
    {
        lock (_lock)
        {
            return _table.Snapshot().ActionOf(block);
        }
    }

    /// <summary>Has a group be looked at within a second; shards count for it from its first time on.</summary>
    /// <param name="group">The group.</param>
    /// <param name="isQuiet">Whether the log is told nothing of its blocks.</param>
    /// <returns>False when there are as many groups as may be.</returns>
    public bool Apply(BlockGroup group, bool isQuiet = false) => Join(group, isQuiet, isOurs: true);

    /// <summary>Looks at a group at once, on this thread, on which all of its are; shards count for it from its first time on.</summary>
    /// <inheritdoc cref="Apply"/>
    public bool ApplyHere(BlockGroup group, bool isQuiet = false)
    {
        bool isMember = Join(group, isQuiet, isOurs: false);
        if (isMember)
        {
            try
            {
                Pass(group, _table);
            }
            finally
            {
                Publish();
            }
        }

        return isMember;
    }

    /// <summary>Looks at a group at once, as <see cref="ApplyHere"/> does, and blocks nobody.</summary>
    /// <inheritdoc cref="Apply"/>
    public bool Look(BlockGroup group)
    {
        bool isMember = Join(group, isQuiet: true, isOurs: false);
        if (isMember)
        {
            Pass(group, new BlockTable(most: 0));
        }

        return isMember;
    }

    /// <summary>Blocks clients, or prolongs it.</summary>
    public BlockOutcome Add(BlockedRange range, BlockTerms terms)
    {
        BlockOutcome outcome = default;
        Change(() => outcome = _table.Add(range, terms, Now));
        return outcome;
    }

    /// <summary>Blocks a name with all below it, or prolongs it.</summary>
    public BlockOutcome Add(DomainName name, BlockTerms terms)
    {
        BlockOutcome outcome = default;
        Change(() => outcome = _table.Add(name, terms, Now));
        return outcome;
    }

    /// <summary>Takes a block away by what it is listed as.</summary>
    /// <returns>False when there is none.</returns>
    public bool Remove(string what)
    {
        bool isRemoved = false;
        Change(() => isRemoved = _table.All.FirstOrDefault(block => block.What == what) is { } block && (block.Range is { } range ? _table.Remove(range) : _table.Remove(block.Name!)));
        return isRemoved;
    }

    /// <summary>Takes all blocks away.</summary>
    public void Clear() => Change(_table.Clear);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _hasEnded = true;
        }

        _end.Set();
        _thread?.Join();
        _end.Dispose();
    }

    private bool Join(BlockGroup group, bool isQuiet, bool isOurs)
    {
        lock (_lock)
        {
            if (_members.Find(member => member.Group == group) is { } member)
            {
                member.Applied = Now;
                return true;
            }

            if (_members.Count == MostGroups)
            {
                return false;
            }

            group.Inserted += block => Tell(block, isQuiet);
            _members.Add(new Member(group, isOurs) { Applied = Now });
            UseCounters();
            Start();
            return true;
        }
    }

    private void UseCounters()
    {
        BlockGroup[] groups = [.. _members.Select(static member => member.Group)];
        _areCountersTold = _useCounters(shard => [.. groups.Select(group => group.Counters[shard])]);
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
        }

        Publish();
    }

    private void Publish()
    {
        lock (_lock)
        {
            BlockSnapshot snapshot = _table.Count == 0 ? BlockSnapshot.Empty : _table.Snapshot();
            if (snapshot != _told)
            {
                // Who was told and who was not is not known then, so the next round tells all again.
                _told = _useSnapshot(snapshot) ? snapshot : null;
                Start();
            }
        }
    }

    private void Tell(Block block, bool isQuiet)
    {
        if (!isQuiet)
        {
            _log.BlockInserted(block.Terms.IsWarning ? "(warning) dynamic block" : "dynamic block", block.What, block.Terms.Seconds, block.Terms.Reason);
        }
    }

    private sealed record Member(BlockGroup Group, bool IsOurs)
    {
        /// <summary>When somebody last wanted it looked at, microseconds.</summary>
        public long Applied { get; set; }
    }
}
