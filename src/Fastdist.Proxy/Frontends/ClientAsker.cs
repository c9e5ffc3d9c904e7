using System;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Frontends;

/// <summary>What all clients' queries have in common, whatever they came by: how their answers count, and that failures are answered.</summary>
/// <param name="shard">The shard.</param>
internal abstract class ClientAsker(ShardContext shard) : Asker
{
    private readonly byte[] _failure = new byte[ErrorAnswer.MaxSize];

    /// <inheritdoc/>
    public sealed override void Answered(in InFlightEntry entry, ReadOnlySpan<byte> answer)
    {
        FrontendCounters count = CountersOf(entry.Frontend);
        count.InFlight--;
        count.Latency.Record(shard.Clock.Since(entry.Arrived));
        count.CountAnswer(Header.Rcode(answer));
        Deliver(in entry, answer);
    }

    /// <inheritdoc/>
    public sealed override void Failed(in InFlightEntry entry, ReadOnlySpan<byte> query, in QueryFailure failure)
    {
        FrontendCounters count = CountersOf(entry.Frontend);
        count.InFlight--;
        count.NoBackend += failure.Kind == FailureKind.NoBackend ? 1 : 0;
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
        Deliver(in entry, _failure.AsSpan(0, length));
    }

    /// <summary>Where a frontend counts those that come this way.</summary>
    public abstract FrontendCounters CountersOf(int frontend);

    /// <summary>Leaves a query without an answer.</summary>
    protected abstract void Leave(in InFlightEntry entry);

    /// <summary>Sends an answer to the client, cut to what it takes.</summary>
    protected abstract void Deliver(in InFlightEntry entry, ReadOnlySpan<byte> answer);
}
