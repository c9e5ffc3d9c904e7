using System;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Queries of one turn that go one after the other to the same place, so that they leave together: each place that a turn touches costs a
/// TLS record and a send, and another record and receive for its answers, which is as much as several queries cost.
/// </summary>
internal struct Row
{
    /// <summary>Queries in a row.</summary>
    public const int Most = 32;

    /// <summary>The part of a connection's IDs that may be taken in a row, where that is fewer.</summary>
    private const int PartOfConnection = 8;

    private long _turn;
    private int _rest;

    /// <summary>A first query goes to another place.</summary>
    /// <param name="turn">The time of the shard's clock, which stands still for a turn.</param>
    /// <param name="maxInFlight">What one connection carries.</param>
    /// <param name="most">Queries in a row at most.</param>
    public void Begin(long turn, int maxInFlight, int most = Most)
    {
        _turn = turn;
        _rest = Math.Min(Math.Min(Most, most), maxInFlight / PartOfConnection) - 1;
    }

    /// <summary>Counts one more query.</summary>
    /// <returns>False when it is not to go where the last one went.</returns>
    public bool TryGoOn(long turn) => _turn == turn && _rest-- > 0;

    /// <summary>The place is none any more.</summary>
    public void End() => _rest = 0;
}
