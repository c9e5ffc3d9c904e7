using System.Collections.Generic;
using System.Net;
using System.Threading;

namespace Fastdist.Control.Web;

/// <summary>
/// Wrong passwords and keys by the address they came from: after <see cref="MostFailures"/> within <see cref="WindowMilliseconds"/>
/// one every <see cref="IntervalMilliseconds"/> is still looked at: behind a proxy everybody has one address, and strangers must not
/// lock the operator out. Secrets known to be right are let in before this is asked, so that nobody behind the same
/// address is locked out by another.
/// </summary>
internal sealed class FailedAttempts
{
    /// <summary>Failures of one address within the window.</summary>
    public const int MostFailures = 10;

    /// <summary>How long failures count, milliseconds from the first of them.</summary>
    public const long WindowMilliseconds = 60_000;

    /// <summary>How far apart attempts are let through after too many failures, milliseconds.</summary>
    public const long IntervalMilliseconds = 1000;

    /// <summary>Addresses remembered; while there are as many, unknown ones have to wait.</summary>
    public const int MostAddresses = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, (long Began, long Last, int Failures)> _failures = [];

    /// <summary>Whether an address may try; the attempt counts as failed until <see cref="Succeeded"/>.</summary>
    /// <param name="address">Where the request came from.</param>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    public bool TryBegin(IPAddress address, long now)
    {
        lock (_lock)
        {
            bool isNew = !_failures.TryGetValue(address, out (long Began, long Last, int Failures) seen) || now - seen.Began >= WindowMilliseconds;
            if (isNew && !_failures.ContainsKey(address) && _failures.Count >= MostAddresses)
            {
                Forget(now);
            }

            if (isNew ? _failures.Count >= MostAddresses && !_failures.ContainsKey(address) : seen.Failures >= MostFailures && now - seen.Last < IntervalMilliseconds)
            {
                return false;
            }

            _failures[address] = isNew ? (now, now, 1) : seen with { Last = now, Failures = seen.Failures + 1 };
            return true;
        }
    }

    /// <summary>The attempt was right, so the address starts anew.</summary>
    public void Succeeded(IPAddress address)
    {
        lock (_lock)
        {
            _failures.Remove(address);
        }
    }

    private void Forget(long now)
    {
        foreach ((IPAddress address, (long began, _, _)) in _failures)
        {
            if (now - began >= WindowMilliseconds)
            {
                _failures.Remove(address);
            }
        }
    }
}
