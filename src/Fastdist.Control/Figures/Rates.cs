using System;
using System.Collections.Generic;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;

namespace Fastdist.Control.Figures;

/// <summary>What a backend did lately.</summary>
/// <param name="Queries">Queries a second.</param>
/// <param name="Drops">Queries a second that it left unanswered.</param>
/// <param name="LatencyMilliseconds">Mean time to an answer, of the last interval that had answers; 0 before the first one.</param>
public readonly record struct BackendRate(double Queries, double Drops, double LatencyMilliseconds);

/// <summary>
/// How fast counters of backends move: the differences between two ticks. The control thread ticks about once a second,
/// any thread reads.
/// </summary>
public sealed class Rates
{
    private volatile Dictionary<Guid, Sample> _samples = [];

    /// <summary>Takes the counters of the moment.</summary>
    /// <param name="backends">The backends there are; what is known of others is forgotten.</param>
    /// <param name="now">The time on a clock that never steps back.</param>
    public void Tick(IReadOnlyList<BackendView> backends, TimeSpan now)
    {
        var samples = new Dictionary<Guid, Sample>();
        foreach (BackendView backend in backends)
        {
            LatencyHistogram latency = backend.Latency();
            samples[backend.Id] = Next(_samples.GetValueOrDefault(backend.Id), new Sample(
                now, QueriesOf(backend), DropsOf(backend), latency.Count, latency.SumMicroseconds, default));
        }

        _samples = samples;
    }

    /// <summary>The rates of the last interval; zero for a backend that was not there in it.</summary>
    public BackendRate Of(BackendView backend) => _samples.TryGetValue(backend.Id, out Sample? sample) ? sample.Rate : default;

    /// <summary>Queries of clients sent to a backend, re-sent ones each time; health checks are none.</summary>
    public static long QueriesOf(BackendView backend) => backend.Sum(static c => c.ClientQueries);

    /// <summary>Queries that a backend left unanswered: late, or lost with their connections.</summary>
    public static long DropsOf(BackendView backend) => backend.Sum(static c => c.ClientDrops);

    private static Sample Next(Sample? before, Sample now)
    {
        before ??= now with { Answers = 0, Microseconds = 0 };
        double seconds = (now.At - before.At).TotalSeconds;
        long answers = now.Answers - before.Answers;
        double latency = answers > 0 ? (now.Microseconds - before.Microseconds) / 1000.0 / answers : before.Rate.LatencyMilliseconds;
        return now with
        {
            Rate = new BackendRate(PerSecond(now.Queries - before.Queries, seconds), PerSecond(now.Drops - before.Drops, seconds), latency),
        };
    }

    private static double PerSecond(long count, double seconds) => seconds > 0 ? Math.Max(count, 0) / seconds : 0;

    private sealed record Sample(TimeSpan At, long Queries, long Drops, long Answers, long Microseconds, BackendRate Rate);
}
