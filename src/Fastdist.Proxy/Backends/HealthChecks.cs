using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// The health checks a shard owns: one shard asks for all, as an ordinary query over the connection
/// it keeps to that backend, and tells the others what it found.
/// </summary>
internal sealed class HealthChecks : Asker
{
    private const long LeastPauseMicroseconds = 100_000;

    private readonly ShardContext _shard;
    private readonly Action<Backend, bool> _publish;

    /// <summary>The checks by their backends' slots.</summary>
    private HealthCheck?[] _checks = [];

    /// <summary>Those that are not under way by when they begin, microseconds, each once.</summary>
    private readonly PriorityQueue<HealthCheck, long> _planned = new();

    /// <param name="shard">The shard.</param>
    /// <param name="publish">Tells every shard that a backend is up or down.</param>
    public HealthChecks(ShardContext shard, Action<Backend, bool> publish)
    {
        (_shard, _publish) = (shard, publish);
        shard.Table.Register(this);
    }

    /// <summary>Checks that wait for their time.</summary>
    public int PlannedCount => _planned.Count;

    /// <summary>The shard that checks a backend.</summary>
    public static int Owner(int backend, int shards) => backend % shards;

    /// <summary>Checks a backend from now on, when it falls to this shard.</summary>
    public void Add(Backend backend)
    {
        if (Owner(backend.Index, _shard.Options.Shards) != _shard.Id)
        {
            return;
        }

        if (backend.Index >= _checks.Length)
        {
            Array.Resize(ref _checks, backend.Index + 1);
        }

        var check = new HealthCheck(backend);
        _checks[backend.Index] = check;
        Plan(check, at: 0);
    }

    /// <summary>Forgets a backend.</summary>
    public void Remove(Backend backend)
    {
        if (Find(backend.Index) is { } check)
        {
            _checks[backend.Index] = null;
            _planned.Remove(check, out _, out _);
        }
    }

    /// <summary>Goes by a backend's settings of now, with the check that comes next.</summary>
    public void Edited(Backend backend)
    {
        if (Find(backend.Index) is { } check)
        {
            check.Rename();
            Plan(check, Math.Min(check.NextAt, _shard.Clock.Now + check.IntervalMicroseconds));
        }
    }

    /// <summary>Has the next check decide alone, as after a start: the operator gave up deciding.</summary>
    public void Restart(int backend)
    {
        if (Find(backend) is { } check)
        {
            check.Restart();
            Plan(check, _shard.Clock.Now);
        }
    }

    /// <summary>Begins the next check whose time has come.</summary>
    /// <param name="message">Receives the query, <see cref="QueryWriter.MaxSize"/> bytes at most.</param>
    /// <param name="backend">Whom to ask.</param>
    /// <param name="length">Bytes of the query.</param>
    /// <returns>False when there is none.</returns>
    public bool TryBegin(Span<byte> message, [NotNullWhen(true)] out Backend? backend, out int length)
    {
        while (_planned.TryPeek(out HealthCheck? check, out long at) && _shard.Clock.Now >= at)
        {
            _planned.Dequeue();
            if (check.Backend is not { Mode.IsChecked: true, IsLeaving: false })
            {
                continue;
            }

            if (check.IsCalm && !TrySuspect(check))
            {
                Plan(check, at: _shard.Clock.Now + check.IntervalMicroseconds);
            }
            else
            {
                backend = check.Backend;
                length = Begin(check, message);
                return true;
            }
        }

        (backend, length) = (null, 0);
        return false;
    }

    /// <summary>Somebody saw the backend fail, or come back: it is checked now instead of later.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="isBetter">Whether it came back.</param>
    public void CheckSoon(int backend, bool isBetter)
    {
        // Every shard that loses its connection reports it; that is one reason to look, not as many failures.
        if (Find(backend) is { } check && (isBetter || check is not { IsLazy: true, Verdict: false }))
        {
            long soonest = isBetter ? _shard.Clock.Now : Math.Max(_shard.Clock.Now, check.EndedAt + LeastPauseMicroseconds);
            if (soonest < check.NextAt)
            {
                Plan(check, soonest);
            }
        }
    }

    /// <summary>
    /// A backend that had been lost for a short time answers a query: that it was marked down meanwhile is undone at once. Its next
    /// check says more.
    /// </summary>
    public void Returned(int backend)
    {
        if (Find(backend) is { Verdict: false, Backend: { Mode.IsChecked: true, IsLeaving: false } } check)
        {
            check.Failures = 0;
            Decide(check, isUp: true, "");
            PlanLazily(check);
        }
    }

    /// <inheritdoc/>
    public override void Answered(in InFlightEntry entry, ReadOnlySpan<byte> answer)
    {
        if (Find(entry.PinnedTo) is not { } check)
        {
            return;
        }

        Rcode rcode = Header.Rcode(answer);
        bool mustResolve = check.Backend.Options.MustResolve;
        bool failed = rcode == Rcode.ServFail || (mustResolve && rcode is Rcode.NXDomain or Rcode.Refused);
        if (failed)
        {
            EndBadly(check, new BackendFailure(HealthCheckFailure.Invalid, $"health check was answered {rcode}"));
        }
        else
        {
            EndWell(check);
        }
    }

    /// <inheritdoc/>
    public override void Failed(in InFlightEntry entry, ReadOnlySpan<byte> query, in QueryFailure failure)
    {
        if (failure.Kind == FailureKind.NotSent)
        {
            Unsent(entry.PinnedTo);
        }
        else if (Find(entry.PinnedTo) is { } check)
        {
            EndBadly(check, failure.Cause);
        }
    }

    /// <summary>A check could not be sent.</summary>
    public void Unsent(int backend)
    {
        if (Find(backend) is { } check)
        {
            Unsent(check);
        }
    }

    private HealthCheck? Find(int backend) => backend < _checks.Length ? _checks[backend] : null;

    /// <summary>Has a check begin at a time; one that is under way is planned again when it ends.</summary>
    private void Plan(HealthCheck check, long at)
    {
        check.NextAt = at;
        if (!check.IsPending)
        {
            _planned.Remove(check, out _, out _);
            _planned.Enqueue(check, at);
        }
    }

    /// <summary>A check is under way no longer.</summary>
    private void Finish(HealthCheck check)
    {
        check.IsPending = false;
        if (Find(check.Backend.Index) == check)
        {
            _planned.Enqueue(check, check.NextAt);
        }
    }

    private int Begin(HealthCheck check, Span<byte> message)
    {
        BackendOptions options = check.Backend.Options;
        check.NextAt = _shard.Clock.Now + check.IntervalMicroseconds;
        check.IsPending = true;
        check.StartedAt = _shard.Clock.Now;
        check.Backend.Counters.HealthChecks++;
        return QueryWriter.Write(message, (ushort)_shard.Random.Next(), check.Name, options.CheckType, options.CheckClass, options.SetCd);
    }

    private void Unsent(HealthCheck check)
    {
        switch (check.Backend.Reachability)
        {
            case Readiness.Unavailable:
                EndBadly(check, check.Backend.LastFailure);
                break;
            case Readiness.Suspect:
                EndBadly(check, new BackendFailure(HealthCheckFailure.Timeout, "its connection is silent"));
                break;
            default:
                // A backend that is busy to its limits is not ill: no check, no verdict.
                Finish(check);
                break;
        }
    }

    private void EndWell(HealthCheck check)
    {
        if (!EndCounts(check))
        {
            return;
        }

        BackendCounters counters = check.Backend.Counters;
        counters.LastCheckMicroseconds = check.EndedAt - check.StartedAt;
        counters.CheckLatency.Record(counters.LastCheckMicroseconds);
        check.Failures = 0;
        check.Successes++;
        check.Clear();
        if (check.Verdict != true && check.Successes >= Needed(check, check.Backend.Options.Rise))
        {
            Decide(check, isUp: true, "");
        }

        PlanLazily(check);
    }

    private void EndBadly(HealthCheck check, in BackendFailure failure)
    {
        if (!EndCounts(check))
        {
            return;
        }

        BackendCounters counters = check.Backend.Counters;
        counters.HealthCheckFailures++;
        counters.CheckFailures[(int)failure.Kind]++;
        check.Successes = 0;
        check.Failures++;
        _shard.Log.HealthCheckFailed(_shard.Options.VerboseHealthChecks ? LogLevel.Information : LogLevel.Debug, check.Backend.Options.Name, failure.Reason);
        if (check.Verdict != false && check.Failures >= Needed(check, check.Backend.Options.MaxCheckFailures))
        {
            Decide(check, isUp: false, failure.Reason);
        }

        PlanLazily(check);
    }

    /// <summary>Looks whether so many queries fail that their backend is to be asked about itself.</summary>
    private bool TrySuspect(HealthCheck check)
    {
        (int count, int failures) = check.Backend.Shared.Results();
        if (!check.TrySuspect(count, failures))
        {
            return false;
        }

        _shard.Log.BackendSuspected(check.Backend.Options.Name, failures, count);
        return true;
    }

    /// <summary>What is checked lazily is looked at, or asked again, when that follows from how the last check ended.</summary>
    private void PlanLazily(HealthCheck check)
    {
        if (check.IsLazy)
        {
            Plan(check, _shard.Clock.Now + check.PauseMicroseconds);
        }
    }

    /// <summary>A check is over.</summary>
    /// <returns>Whether it says anything: nobody asks about who is removed, or what the operator decides.</returns>
    private bool EndCounts(HealthCheck check)
    {
        Finish(check);
        check.EndedAt = _shard.Clock.Now;
        return check.Backend is { Mode.IsChecked: true, IsLeaving: false };
    }

    /// <summary>How many checks in a row decide: the first verdict of all is believed at once, as nothing is known before it.</summary>
    private static int Needed(HealthCheck check, int usual) => check.Verdict is null ? 1 : usual;

    private void Decide(HealthCheck check, bool isUp, string reason)
    {
        check.Decide(isUp);
        string name = check.Backend.Options.Name;
        if (isUp)
        {
            _shard.Log.BackendUp(name);
        }
        else
        {
            check.Backend.Shared.DownReason = reason;
            _shard.Log.BackendDown(name, reason);
        }

        _publish(check.Backend, isUp);
    }
}
