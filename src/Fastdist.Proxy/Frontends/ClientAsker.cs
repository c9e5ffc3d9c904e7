using System;
using System.Diagnostics.CodeAnalysis;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Frontends;

/// <summary>What all clients' queries have in common, whatever they came by: how their answers count, and that failures are answered.</summary>
/// <param name="shard">The shard.</param>
/// <param name="gate">Where its answers that are made here pass.</param>
internal abstract class ClientAsker(ShardContext shard, Gate gate) : Asker, IClients
{
    /// <summary>Room for an error and what rules add to it.</summary>
    private readonly byte[] _failure = new byte[4 * ErrorAnswer.MaxSize];

    /// <summary>Room for the longest message, once it is needed.</summary>
    private byte[] _stale = [];

    /// <summary>Who asks anew what a cache has had for long.</summary>
    public Refresher Refresher => field ??= new Refresher(shard, this);

    /// <inheritdoc/>
    public bool AreWaiting => true;

    /// <inheritdoc/>
    public sealed override void Answered(in InFlightEntry entry, ReadOnlySpan<byte> answer)
    {
        FrontendCounters count = CountersOf(entry.Frontend);
        count.InFlight--;
        count.Latency.Record(shard.Clock.Since(entry.Arrived));
        count.CountAnswer(Header.Rcode(answer));
        Deliver(in entry, answer, entry.HasDecision ? shard.Table.DecisionOf(in entry).Delay : 0);
    }

    /// <inheritdoc/>
    public sealed override void Dropped(in InFlightEntry entry)
    {
        FrontendCounters count = CountersOf(entry.Frontend);
        count.InFlight--;
        count.Latency.Record(shard.Clock.Since(entry.Arrived));
        count.RuleDrops++;
        Leave(in entry);
    }

    /// <inheritdoc/>
    public abstract Origin OriginOf([UnscopedRef] in InFlightEntry entry);

    /// <inheritdoc/>
    public sealed override void Failed(in InFlightEntry entry, ReadOnlySpan<byte> query, in QueryFailure failure)
    {
        FrontendCounters count = CountersOf(entry.Frontend);
        count.InFlight--;
        count.NoBackend += failure.Kind == FailureKind.NoBackend ? 1 : 0;
        if (TryGiveStale(in entry, query))
        {
            count.DownstreamTimeouts += failure.Kind == FailureKind.TimedOut ? 1 : 0;
            return;
        }

        if (shard.Blocks.IsCounting)
        {
            shard.Blocks.CountDrop(Query.NameOf(query, entry.QuestionEnd));
        }

        if (failure.Kind == FailureKind.Full && MayBeDropped)
        {
            count.DroppedOverload++;
            return;
        }

        if (failure.Kind == FailureKind.NoBackend && !shard.Options.ServFailWhenNoServer)
        {
            count.DroppedNoBackend++;
            Leave(in entry);
            return;
        }

        count.DownstreamTimeouts += failure.Kind == FailureKind.TimedOut ? 1 : 0;
        count.GaveUp += failure.Kind is FailureKind.RetriesUsedUp or FailureKind.EndsConnections ? 1 : 0;
        count.ServFail++;
        int length = ErrorAnswer.Write(query, Rcode.ServFail, _failure, failure.Reason, failure.Text, shard.Options.UdpMaxSize);
        if (Decide(in entry, ref length, out int delay))
        {
            Deliver(in entry, _failure.AsSpan(0, length), delay);
        }
        else
        {
            Leave(in entry);
        }
    }

    /// <inheritdoc/>
    public sealed override void TryGiveStale(int index)
    {
        ref InFlightEntry entry = ref shard.Table[index];
        if (TryGiveStale(in entry, shard.Table.Message(index)))
        {
            // Backends go on being waited for, for the cache's sake.
            CountersOf(entry.Frontend).InFlight--;
            entry.Asker = Refresher.Number;
        }
    }

    private bool TryGiveStale(in InFlightEntry entry, ReadOnlySpan<byte> query)
    {
        if (shard.Options.StaleCacheEntriesTtl == 0)
        {
            return false;
        }

        _stale = _stale.Length == 0 ? new byte[ushort.MaxValue] : _stale;
        int length = gate.Caches.FindStale(in entry, query, _stale);
        if (length == 0)
        {
            return false;
        }

        FrontendCounters count = CountersOf(entry.Frontend);
        AnswerNotes notes = NotesOf(in entry);
        (notes.IsStale, notes.Arrived) = (true, entry.Arrived);
        bool isSent = gate.Hits.Pass(_stale, ref length, OriginOf(in entry), ref notes);
        KeepTags(in entry, in notes);
        count.CacheHits++;
        count.Latency.Record(shard.Clock.Since(entry.Arrived));
        if (!isSent)
        {
            Leave(in entry);
            return true;
        }

        count.CountAnswer(Header.Rcode(_stale));
        if (shard.Blocks.IsCounting)
        {
            shard.Blocks.CountAnswer(in entry.Route.Peer, Query.NameOf(query, entry.QuestionEnd), _stale.AsSpan(0, length), isHit: true);
        }

        Deliver(in entry, _stale.AsSpan(0, length), notes.Delay);
        return true;
    }

    private AnswerNotes NotesOf(in InFlightEntry entry) => AnswerNotes.Of(shard.Table.DecisionOrNone(in entry));

    /// <summary>Tags go with the query, or at once where nothing else is kept of it.</summary>
    private void KeepTags(in InFlightEntry entry, in AnswerNotes notes)
    {
        if (entry.HasDecision)
        {
            shard.Table.DecisionOf(in entry).Tags = notes.Tags;
        }
        else
        {
            shard.Rules.Tags.Release(notes.Tags);
        }
    }

    /// <summary>Has a failure pass what is decided about answers made here.</summary>
    /// <returns>False when it is not to be sent.</returns>
    private bool Decide(in InFlightEntry entry, ref int length, out int delay)
    {
        AnswerNotes notes = NotesOf(in entry);
        if (entry.HasDecision)
        {
            DecisionUndo.Undo(in shard.Table.DecisionOf(in entry), _failure, ref length);
        }

        bool isSent = gate.Own.Pass(_failure, ref length, OriginOf(in entry), ref notes);
        delay = notes.Delay;
        KeepTags(in entry, in notes);
        return isSent;
    }

    /// <summary>Where a frontend counts those that come this way.</summary>
    public abstract FrontendCounters CountersOf(int frontend);

    /// <summary>Leaves a query without an answer.</summary>
    protected abstract void Leave(in InFlightEntry entry);

    /// <summary>Sends an answer to the client, cut to what it takes.</summary>
    /// <param name="entry">The query.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="delay">Milliseconds that it waits before, over UDP.</param>
    protected abstract void Deliver(in InFlightEntry entry, ReadOnlySpan<byte> answer, int delay);
}
