using System.Collections.Generic;
using Fastdist.Control.Figures;

namespace Fastdist.Control.Web;

/// <summary>Metrics of the ways in for an operator.</summary>
internal static class OperatorMetrics
{
    /// <summary>Writes those of the ways that there are.</summary>
    public static void Write(ExpositionWriter writer, IReadOnlyList<OperatorCounters> ways)
    {
        foreach (OperatorCounters way in ways)
        {
            foreach ((string name, long value) in way.All())
            {
                writer.Family($"fastdist_{way.Thing}_{name.Replace('-', '_')}", MetricKind.Counter, $"The counter {name} of {way.Description}.");
                writer.Sample([], value);
            }
        }
    }
}
