using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Selectors;

/// <summary>Matches everything.</summary>
public sealed class AllSelector : Selector
{
    /// <inheritdoc/>
    public override string ToString() => "All";
}

/// <summary>A selector that is made of others, which may be made of others again.</summary>
/// <param name="parts">The others.</param>
public abstract class LogicSelector(IReadOnlyList<Selector> parts) : Selector
{
    /// <summary>Levels that there may be within one another: whoever walks through them needs a stack no deeper than that.</summary>
    public const int MostLevels = 100;

    /// <summary>Selectors that one may be made of in all: a list that holds the same part twice, again and again, would be endless in few lines.</summary>
    public const int MostSelectors = 100_000;

    /// <summary>The others.</summary>
    public IReadOnlyList<Selector> Parts => parts;

    /// <summary>Levels of selectors within it; of one whose parts are no such selectors, one.</summary>
    public int Levels { get; } = 1 + parts.Select(static part => (part as LogicSelector)?.Levels ?? 0).DefaultIfEmpty().Max();

    /// <summary>Selectors that it is made of, all levels together and itself included.</summary>
    public long Selectors { get; } = 1 + parts.Sum(static part => (part as LogicSelector)?.Selectors ?? 1);
}

/// <summary>Matches what all of several match, asked in order until one does not. Without any it matches everything.</summary>
/// <param name="parts">Which.</param>
public sealed class AndSelector(IReadOnlyList<Selector> parts) : LogicSelector(parts)
{
    /// <inheritdoc/>
    public override string ToString() => string.Join(" && ", Parts.Select(static part => $"({part})"));
}

/// <summary>Matches what one of several matches, asked in order until one does. Without any it matches nothing.</summary>
/// <param name="parts">Which.</param>
public sealed class OrSelector(IReadOnlyList<Selector> parts) : LogicSelector(parts)
{
    /// <inheritdoc/>
    public override string ToString() => string.Join(" || ", Parts.Select(static part => $"({part})"));
}

/// <summary>Matches what another does not.</summary>
/// <param name="part">The other.</param>
public sealed class NotSelector(Selector part) : LogicSelector([part])
{
    /// <summary>The other.</summary>
    public Selector Part => Parts[0];

    /// <inheritdoc/>
    public override string ToString() => $"!({Part})";
}
