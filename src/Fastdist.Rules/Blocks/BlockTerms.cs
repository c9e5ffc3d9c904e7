using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Blocks;

/// <summary>What a block is to be.</summary>
/// <param name="Reason">What operators are told.</param>
/// <param name="Seconds">How long it lasts from now on.</param>
public sealed record BlockTerms(string Reason, uint Seconds)
{
    /// <summary>What is done with the queries.</summary>
    public BlockAction Action { get; init; }

    /// <summary>Whether it is none really, only listed and counted.</summary>
    public bool IsWarning { get; init; }

    /// <summary>The tag that <see cref="BlockAction.SetTag"/> sets.</summary>
    public string? TagName { get; init; }

    /// <summary>The tag's value.</summary>
    public string? TagValue { get; init; }
}
