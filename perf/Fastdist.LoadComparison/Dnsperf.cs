using System;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Fastdist.LoadComparison;

/// <summary>The generator for plain messages. dnsperf 2.10 prints no percentiles, so they are taken from its line per query (-v).</summary>
internal sealed partial class Dnsperf(Settings settings) : Generator
{
    private readonly string _queries = settings.Write("queries", NameSet.QueryFile());

    public override LoadResult WarmUp(QueryPath path, int port) => Run(path, port, ["-n", "1"], everyQuery: false);

    public override LoadResult Saturate(QueryPath path, int port, int seconds, bool everyQuery) =>
        Run(path, port, ["-l", seconds.ToString(CultureInfo.InvariantCulture)], everyQuery);

    public override LoadResult Pace(QueryPath path, int port, int seconds) =>
        Run(path, port, ["-l", seconds.ToString(CultureInfo.InvariantCulture), "-Q", settings.Rate.ToString(CultureInfo.InvariantCulture)], everyQuery: true);

    private LoadResult Run(QueryPath path, int port, string[] length, bool everyQuery)
    {
        var number = CultureInfo.InvariantCulture;
        string[] arguments =
        [
            "-m", path.Mode, "-s", "127.0.0.1", "-p", port.ToString(number), "-d", _queries, "-c", settings.Clients.ToString(number),
            "-q", settings.Outstanding.ToString(number), "-t", "2", .. length, .. everyQuery ? ["-v"] : Array.Empty<string>(),
        ];
        // Read when it has ended: parsing while it runs would take CPU from what is measured.
        var output = Child.RawOutput("dnsperf", arguments).Span;
        return Parse(output, everyQuery);
    }

    private static LoadResult Parse(ReadOnlySpan<byte> output, bool everyQuery)
    {
        // The newline tells it from the connection statistics below it.
        var statistics = output.LastIndexOf("\nStatistics:"u8);
        if (statistics < 0)
        {
            throw new ComparisonException($"dnsperf did not finish:\n{Encoding.UTF8.GetString(output[^Math.Min(output.Length, 500)..])}");
        }
        var text = Encoding.UTF8.GetString(output[statistics..]);
        var latencies = everyQuery ? Latencies.OfLines(output[..statistics]) : null;
        return new LoadResult((long)Figure(Completed(), text), (long)Figure(Lost(), text), Figure(RunTime(), text),
            latencies?.Percentile(50), latencies?.Percentile(99));
    }

    private static double Figure(Regex pattern, string text) =>
        double.Parse(pattern.Match(text).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Queries completed:\s+(\d+)")]
    private static partial Regex Completed();

    [GeneratedRegex(@"Queries lost:\s+(\d+)")]
    private static partial Regex Lost();

    [GeneratedRegex(@"Run time \(s\):\s+([\d.]+)")]
    private static partial Regex RunTime();
}
