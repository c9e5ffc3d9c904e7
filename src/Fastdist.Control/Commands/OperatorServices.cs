using System;
using Fastdist.Control.Figures;

namespace Fastdist.Control.Commands;

/// <summary>What commands need besides the proxy.</summary>
public sealed record OperatorServices
{
    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>How fast counters of backends move; somebody ticks it.</summary>
    public required Rates Rates { get; init; }

    /// <summary>Reads the configuration again and applies what has changed; throws what the operator is told when something is wrong, and nothing was changed.</summary>
    public required Action ReloadConfiguration { get; init; }

    /// <summary>Begins the end of the process, and returns.</summary>
    public required Action Shutdown { get; init; }
}
