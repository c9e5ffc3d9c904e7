using System.Threading;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// What became of the latest queries of one shard to a backend, a bit each. That shard writes; another one reads how many there are and
/// how many failed, and has them forgotten by going on to the next period.
/// </summary>
/// <param name="size">Queries that are remembered, at least 1.</param>
internal sealed class ResultSamples(int size)
{
    private const int BitsOfWord = 64;

    private readonly ulong[] _failed = new ulong[(size + BitsOfWord - 1) / BitsOfWord];
    private int _period;
    private int _next;

    /// <summary>How many there are, and in the upper half how many of them failed: one number, as both are read at once.</summary>
    private long _totals;

    /// <summary>Remembers one.</summary>
    /// <param name="isFailure">Whether it failed.</param>
    /// <param name="period">The period of now; what is of another is forgotten.</param>
    public void Add(bool isFailure, int period)
    {
        if (period != _period)
        {
            _next = 0;
            Volatile.Write(ref _totals, 0);
            Volatile.Write(ref _period, period);
        }

        (int count, int failures) = Split(_totals);
        ref ulong word = ref _failed[_next / BitsOfWord];
        ulong bit = 1UL << (_next % BitsOfWord);
        failures -= count == size && (word & bit) != 0 ? 1 : 0;
        failures += isFailure ? 1 : 0;
        word = isFailure ? word | bit : word & ~bit;
        _next = (_next + 1) % size;
        Volatile.Write(ref _totals, ((long)failures << 32) | (uint)(count < size ? count + 1 : size));
    }

    /// <summary>How many of a period there are, and how many of them failed; on any thread.</summary>
    public (int Count, int Failures) Of(int period) => Volatile.Read(ref _period) == period ? Split(Volatile.Read(ref _totals)) : (0, 0);

    private static (int Count, int Failures) Split(long totals) => ((int)totals, (int)(totals >> 32));
}
