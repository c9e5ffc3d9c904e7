using System.Linq;
using Fastdist.Settings.Rules;

namespace Fastdist.Control.Web;

/// <summary>Metrics of rules under dnsdist's names.</summary>
internal static class RuleMetrics
{
    public static void Write(ExpositionWriter writer, RuleChains rules)
    {
        writer.Family("dnsdist_rule_hits", MetricKind.Counter, "How often the rules of a name have matched, or the rule of a number that has no name.");
        foreach (IGrouping<string, Rule> rule in rules.All.Select(static entry => entry.Rule).GroupBy(static rule => rule.Label))
        {
            writer.Sample([("id", rule.Key)], rule.Sum(static one => one.Hits.Total));
        }
    }
}
