using System.Globalization;

namespace Fastdist.Proxy.Views;

/// <summary>A figure about the whole process, by the name that dnsdist gives it, if it has one.</summary>
/// <param name="Name">Lower case, with hyphens.</param>
/// <param name="Value">The figure.</param>
/// <param name="IsCounter">Whether it only ever grows.</param>
/// <param name="IsFraction">Whether it has decimals.</param>
/// <param name="IsOwn">Whether dnsdist has none of that name.</param>
public readonly record struct Statistic(string Name, double Value, bool IsCounter, bool IsFraction = false, bool IsOwn = false)
{
    /// <summary>What it means, in a line.</summary>
    public string Help => StatisticTexts.Of(Name);

    /// <summary>The figure as dnsdist prints it: whole, or with a decimal.</summary>
    public string Text => Value.ToString(IsFraction ? "F1" : "F0", CultureInfo.InvariantCulture);
}
