using System;
using System.Threading;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>What becomes of packets on their way, drawn from a seed.</summary>
internal sealed class Weather(int seed)
{
    /// <summary>No copy of a packet arrives later than this, milliseconds.</summary>
    private const int LongestDelay = 20;

    private readonly Random _lots = new(seed);
    private readonly Lock _gate = new();

    /// <summary>Share of the packets that get lost.</summary>
    public double Loss { get; init; }

    /// <summary>Share of those that others overtake.</summary>
    public double Delay { get; init; }

    /// <summary>Share of those that arrive twice.</summary>
    public double Duplication { get; init; }

    /// <summary>Good weather: nothing becomes of them.</summary>
    public static Weather Fair => new(0);

    /// <summary>Draws how many milliseconds each copy of the next packet takes; none, and it is lost.</summary>
    public int[] Next()
    {
        lock (_gate)
        {
            int[] copies = Happens(Loss) ? [] : Happens(Duplication) ? [0, 0] : [0];
            for (int i = 0; i < copies.Length; i++)
            {
                copies[i] = Happens(Delay) ? _lots.Next(1, LongestDelay + 1) : 0;
            }

            return copies;
        }
    }

    private bool Happens(double share) => _lots.NextDouble() < share;
}
