namespace Fastdist.LoadComparison.Parts;

/// <summary>The figures of one run of one proxy. Core figures are CPU seconds per second: 1 is a core kept busy.</summary>
internal sealed record Sample
{
    public required double QueriesPerSecond { get; init; }
    public required double Lost { get; init; }
    public required double ProxyCores { get; init; }
    public required double GeneratorCores { get; init; }
    public required double BackendCores { get; init; }

    /// <summary>What the machine did besides the three: other work makes the run noise.</summary>
    public required double OtherCores { get; init; }

    public required double ResidentMegabytes { get; init; }
    public double? CpuMicrosecondsPerQuery { get; init; }
    public double? P50Milliseconds { get; init; }
    public double? P99Milliseconds { get; init; }
    public double? QueriesPerTurn { get; init; }
    public double? QueriesPerRecord { get; init; }
    public double? QueriesPerSend { get; init; }
}
