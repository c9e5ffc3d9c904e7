using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Blocks;

/// <summary>What the rules of a group have in common: how long is looked back, and what comes of it.</summary>
public abstract record BlockRule
{
    /// <summary>Whole seconds that are looked at, the last complete ones; 0 for as many as the group's longest rule looks at.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>What operators are told.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Seconds that a block lasts after the last second that deserved it.</summary>
    public uint BlockSeconds { get; init; } = 60;

    /// <summary>What is done with the queries.</summary>
    public BlockAction Action { get; init; }

    /// <summary>The tag that <see cref="BlockAction.SetTag"/> sets.</summary>
    public string? TagName { get; init; }

    /// <summary>The tag's value.</summary>
    public string? TagValue { get; init; }

    /// <summary>What a block by this rule is.</summary>
    internal BlockTerms ToTerms(bool isWarning) => new(Reason, BlockSeconds)
    {
        Action = isWarning ? BlockAction.NoOp : Action,
        IsWarning = isWarning,
        TagName = TagName,
        TagValue = TagValue,
    };
}

/// <summary>So many a second are too many: more than the rate times the seconds, strictly.</summary>
/// <param name="Rate">A second's, on average over the time that is looked at.</param>
public sealed record RateRule(double Rate) : BlockRule
{
    /// <summary>A lower rate that is worth a warning; 0 for none.</summary>
    public double WarningRate { get; init; }
}

/// <summary>Such a share of a client's responses is too much.</summary>
/// <param name="Ratio">0 to 1.</param>
public sealed record RatioRule(double Ratio) : BlockRule
{
    /// <summary>A lower ratio that is worth a warning; 0 for none.</summary>
    public double WarningRatio { get; init; }

    /// <summary>With fewer responses nothing is said about a client.</summary>
    public uint MinResponses { get; init; }

    /// <summary>Of cache misses: unless all clients together have so many hits among their queries, nothing is said about one. 0 to say it always.</summary>
    public double MinGlobalHitRatio { get; init; }
}

/// <summary>Names that a visitor chooses of the tree of all that was answered.</summary>
/// <param name="Visitor">Sees each node after those below it.</param>
public sealed record SuffixRule(StatVisitor Visitor) : BlockRule;
