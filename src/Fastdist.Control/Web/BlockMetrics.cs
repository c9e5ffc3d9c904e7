using Fastdist.Proxy;
using Fastdist.Rules.Blocks;

namespace Fastdist.Control.Web;

/// <summary>Metrics of dynamic blocks under dnsdist's names: those that were met most in the last minute.</summary>
internal static class BlockMetrics
{
    public static void Write(ExpositionWriter writer, DynamicBlocks blocks)
    {
        Write(writer, blocks, "dnsdist_dynblocks_nmg_top_offenders_hits_per_second", "Queries a second, in the last minute, of the clients whose blocks were met most.", "netmask", areNames: false);
        Write(writer, blocks, "dnsdist_dynblocks_smt_top_offenders_hits_per_second", "Queries a second, in the last minute, for the names whose blocks were met most.", "suffix", areNames: true);
    }

    private static void Write(ExpositionWriter writer, DynamicBlocks blocks, string family, string help, string label, bool areNames)
    {
        writer.Family(family, MetricKind.Gauge, help);
        foreach ((Block block, double rate) in blocks.Offenders(areNames))
        {
            writer.Sample([("reason", block.Terms.Reason), (label, block.What)], rate);
        }
    }
}
