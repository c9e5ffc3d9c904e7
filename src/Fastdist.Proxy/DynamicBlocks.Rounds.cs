using System;
using System.Linq;
using System.Threading;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Blocks;

namespace Fastdist.Proxy;

/// <summary>What is done once a second, by a thread of its own.</summary>
public sealed partial class DynamicBlocks
{
    /// <summary>After a second is over, the time that busy shards need to notice, microseconds; what comes later is counted for its second all the same.</summary>
    private const long Grace = 20_000;

    /// <summary>Begins with rounds, once there is something to look at.</summary>
    private void Start()
    {
        if (_thread is null && _clock is null && !_hasEnded)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "blocks" };
            _thread.Start();
        }
    }

    /// <summary>Looks at groups once a second, when the second is over and shards have given away what they counted.</summary>
    private void Run()
    {
        while (!_end.Wait(TimeSpan.FromMicroseconds(MicrosecondsPerSecond - (ShardClock.Read() % MicrosecondsPerSecond) + Grace)))
        {
            Round();
        }
    }

    /// <summary>What is done once a second. It throws nothing, as a thread ends with it: what a group runs into is written to the log.</summary>
    internal void Round()
    {
        long now = Now;
        BlockGroup[] groups;
        lock (_lock)
        {
            if (_members.RemoveAll(member => now - member.Applied > MostIdleSeconds * MicrosecondsPerSecond) > 0 || !_areCountersTold)
            {
                UseCounters();
            }

            groups = [.. _members.Where(member => member.IsOurs).Select(static member => member.Group)];
        }

        Array.ForEach(groups, TryPass);
        lock (_lock)
        {
            _offenders.Look(_table.All, now / MicrosecondsPerSecond);
            if (now - _purged >= PurgeInterval * MicrosecondsPerSecond)
            {
                _table.Purge(now);
                _purged = now;
            }
        }

        Publish();
    }

    private void TryPass(BlockGroup group)
    {
        try
        {
            Pass(group, _table);
        }
        catch (Exception exception)
        {
            _log.BlocksFailed(exception.Message);
        }
    }

    private void Pass(BlockGroup group, BlockTable table)
    {
        double shareOfHits = ShareOfHits();
        lock (_lock)
        {
            group.Begin(table, Now, shareOfHits);
        }

        for (bool isDone = false; !isDone;)
        {
            lock (_lock)
            {
                isDone = group.Step(BlockGroup.UsualBudget);
            }

            Thread.Yield();
        }
    }
}
