using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Parts;

namespace Fastdist.LoadComparison.Report;

/// <summary>A shard that is looked at and one that is not: two rows for each ring.</summary>
internal static class ScrapeTable
{
    public static void Write(StringBuilder text, (string Peer, bool IsScraped, IReadOnlyList<ScrapeSample> Samples)[] rows)
    {
        text.AppendLine("### UDP in, DoT out, saturation: /metrics read every 100 ms, and not");
        text.AppendLine();
        text.AppendLine("| proxy | scraped | CPU us/query of the shard's thread | completed qps | lost | cores of its other threads | scrapes a run |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var (peer, isScraped, samples) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {peer} | {(isScraped ? "yes" : "no")} | {Spread.Of(samples, s => s.ShardMicroseconds)?.Whole("f3")} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Spread.Of(samples, s => s.QueriesPerSecond)?.Whole("f0")} | {samples.Sum(s => s.Lost)} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Spread.Of(samples, s => s.OtherCores)?.Whole("f3")} | {Spread.Of(samples, s => s.Scrapes)?.Middle("f0")} |");
        }
        text.AppendLine();
    }
}
