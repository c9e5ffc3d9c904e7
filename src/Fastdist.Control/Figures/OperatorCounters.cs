using System.Globalization;
using System.Linq;

namespace Fastdist.Control.Figures;

/// <summary>What a way in for an operator, the console or the web server, did and refused.</summary>
public abstract class OperatorCounters
{
    /// <summary>The way in, in the names of its counters.</summary>
    internal abstract string Thing { get; }

    /// <summary>The way in, in a sentence.</summary>
    internal abstract string Description { get; }

    /// <summary>The line of the statistics: <c>stats THING key=value ...</c>.</summary>
    public override string ToString() =>
        $"stats {Thing} " + string.Join(' ', All().Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name}={c.Value}")));

    /// <summary>Every counter, by name.</summary>
    internal abstract (string Name, long Value)[] All();
}
