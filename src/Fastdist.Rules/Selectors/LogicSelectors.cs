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

/// <summary>Matches what all of several match, asked in order until one does not. Without any it matches everything.</summary>
/// <param name="parts">Which.</param>
public sealed class AndSelector(IReadOnlyList<Selector> parts) : Selector
{
    /// <summary>Which.</summary>
    public IReadOnlyList<Selector> Parts => parts;

    /// <inheritdoc/>
    public override string ToString() => string.Join(" && ", parts.Select(static part => $"({part})"));
}

/// <summary>Matches what one of several matches, asked in order until one does. Without any it matches nothing.</summary>
/// <param name="parts">Which.</param>
public sealed class OrSelector(IReadOnlyList<Selector> parts) : Selector
{
    /// <summary>Which.</summary>
    public IReadOnlyList<Selector> Parts => parts;

    /// <inheritdoc/>
    public override string ToString() => string.Join(" || ", parts.Select(static part => $"({part})"));
}

/// <summary>Matches what another does not.</summary>
/// <param name="part">The other.</param>
public sealed class NotSelector(Selector part) : Selector
{
    /// <summary>The other.</summary>
    public Selector Part => part;

    /// <inheritdoc/>
    public override string ToString() => $"!({part})";
}
