namespace Fastdist.Simulation.Network;

/// <summary>What becomes of datagrams between the process and its backends, each way.</summary>
internal sealed record Line
{
    /// <summary>Lost, of 1,000.</summary>
    public int Loss { get; init; }

    /// <summary>Arriving twice, of 1,000.</summary>
    public int Doubles { get; init; }

    /// <summary>Held up on the way, so that others overtake them, of 1,000.</summary>
    public int Delays { get; init; }

    /// <summary>For how long at the most, microseconds.</summary>
    public long LongestDelay { get; init; } = 20_000;

    /// <summary>Answers that somebody forges for each query, wherever he may have seen it.</summary>
    public int Forgeries { get; init; }
}
