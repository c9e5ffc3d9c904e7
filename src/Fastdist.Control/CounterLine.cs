using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Fastdist.Control;

/// <summary>A line of the statistics: <c>stats THING key=value ...</c>.</summary>
internal static class CounterLine
{
    public static string Of(string thing, IEnumerable<(string Name, long Value)> counters) =>
        $"stats {thing} " + string.Join(' ', counters.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name}={c.Value}")));
}
