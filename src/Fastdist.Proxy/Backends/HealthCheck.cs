using System;
using System.Diagnostics.CodeAnalysis;
using Fastdist.Dns;
using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>What is known of one backend's health: the checks in a row that went one way, and what follows for the next one.</summary>
internal sealed class HealthCheck
{
    private const long Second = 1_000_000;

    public HealthCheck(Backend backend)
    {
        Backend = backend;
        Rename();
    }

    public Backend Backend { get; }

    /// <summary>The name asked for, in wire form.</summary>
    public byte[] Name { get; private set; }

    /// <summary>Whether one is under way.</summary>
    public bool IsPending { get; set; }

    /// <summary>When the next one begins, microseconds of the shard's clock.</summary>
    public long NextAt { get; set; }

    public long StartedAt { get; set; }

    public long EndedAt { get; set; }

    public int Failures { get; set; }

    public int Successes { get; set; }

    /// <summary>Null until the first check ended.</summary>
    public bool? Verdict { get; private set; }

    /// <summary>Whether it is only made when queries fail.</summary>
    public bool IsLazy => Backend.Mode == HealthCheckMode.Lazy;

    /// <summary>Whether there is no reason to make one.</summary>
    public bool IsCalm => IsLazy && Verdict == true && !IsSuspected;

    /// <summary>Between two checks of a backend that is up, and between two looks at what becomes of its queries.</summary>
    public long IntervalMicroseconds => Backend.Options.CheckInterval * Second;

    /// <summary>From the end of a check to the next of one that is checked lazily.</summary>
    public long PauseMicroseconds => Verdict == false ? BackOff(Backend.Options.LazyHealthCheck) * Second : IntervalMicroseconds;

    /// <summary>Whether queries fail and checks have not told yet what that means.</summary>
    private bool IsSuspected { get; set; }

    /// <summary>Asks for the name that the backend's settings say.</summary>
    [MemberNotNull(nameof(Name))]
    public void Rename()
    {
        Span<byte> wire = stackalloc byte[Names.MaxWireLength];
        Names.TryParse(Backend.Options.CheckName, wire, out int length);
        Name = wire[..length].ToArray();
    }

    /// <summary>Begins anew, as after a start.</summary>
    public void Restart() => (Verdict, IsSuspected, Successes, Failures) = (null, false, 0, 0);

    /// <summary>Whether a backend is to be asked about itself from now on, by what became of its queries.</summary>
    public bool TrySuspect(int results, int failures)
    {
        LazyCheckOptions options = Backend.Options.LazyHealthCheck;
        if (results < options.MinSampleCount || failures == 0 || failures * 100L < (long)options.Threshold * results)
        {
            return false;
        }

        (IsSuspected, Successes, Failures) = (true, 0, 0);
        Backend.Shared.ForgetResults();
        return true;
    }

    /// <summary>A check went well: what was suspected is not so.</summary>
    public void Clear()
    {
        if (IsSuspected)
        {
            IsSuspected = false;
            Backend.Shared.ForgetResults();
        }
    }

    /// <summary>Enough of them went one way.</summary>
    public void Decide(bool isUp)
    {
        (Verdict, IsSuspected) = (isUp, false);
        if (IsLazy)
        {
            Failures = isUp ? 0 : 1;
            Backend.Shared.ForgetResults();
        }
    }

    /// <summary>Seconds between two checks while it is down; one that goes well is followed soon by the next.</summary>
    private long BackOff(LazyCheckOptions options)
    {
        // A shift by more is one by fewer.
        const int MostDoublings = 30;
        return options.UseExponentialBackOff && Successes == 0
            ? Math.Min((long)options.FailedInterval << Math.Min(Failures - 1, MostDoublings), options.MaxBackOff)
            : options.FailedInterval;
    }
}
