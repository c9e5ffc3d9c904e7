using Fastdist.Control.Consoles;

namespace Fastdist.Control.Web;

/// <summary>Metrics of the ways in for an operator.</summary>
internal static class OperatorMetrics
{
    /// <summary>Writes those of the ways that there are.</summary>
    public static void Write(ExpositionWriter writer, ConsoleCounters? console, WebCounters? web)
    {
        Write(writer, "console", "the console", console?.All() ?? []);
        Write(writer, "web", "the web server", web?.All() ?? []);
    }

    private static void Write(ExpositionWriter writer, string thing, string description, (string Name, long Value)[] counters)
    {
        foreach ((string name, long value) in counters)
        {
            writer.Family($"fastdist_{thing}_{name.Replace('-', '_')}", MetricKind.Counter, $"The counter {name} of {description}.");
            writer.Sample([], value);
        }
    }
}
