using System;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// The budget for asking a second time what one backend does not answer: a part of its queries, so that a backend that turned slow
/// is not asked everything twice, and a few a second for those that are asked little.
/// </summary>
/// <param name="most">Second asks that may be saved up.</param>
/// <param name="queriesForOne">For how many queries there is one.</param>
internal sealed class SecondAsks(int most, int queriesForOne = SecondAsks.QueriesForOne)
{
    /// <summary>One second ask for so many queries: 5 %.</summary>
    public const int QueriesForOne = 20;

    /// <summary>The same for datagrams, of which a bad line loses a tenth with their answers: 25 %.</summary>
    public const int QueriesForOneDatagram = 4;

    /// <summary>Second asks a second, whatever the traffic.</summary>
    public const int LeastPerSecond = 3;

    /// <summary>What there is at the start.</summary>
    private const int AtFirst = 10;

    private double _budget = Math.Min(AtFirst, most);
    private long _queriesSeen;
    private long _seenAt = long.MinValue;

    /// <summary>Takes one from the budget.</summary>
    /// <param name="queries">Queries the backend was asked since the start.</param>
    /// <param name="now">Microseconds.</param>
    /// <returns>False when it is used up.</returns>
    public bool TryTake(long queries, long now)
    {
        double elapsed = _seenAt == long.MinValue ? 0 : (now - _seenAt) / 1e6;
        _budget = Math.Min(_budget + Math.Max((queries - _queriesSeen) / (double)queriesForOne, elapsed * LeastPerSecond), most);
        (_queriesSeen, _seenAt) = (queries, now);
        if (_budget < 1)
        {
            return false;
        }

        _budget--;
        return true;
    }
}
