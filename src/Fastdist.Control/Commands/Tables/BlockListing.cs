using Fastdist.Control.Figures;
using Fastdist.Proxy;
using Fastdist.Rules.Blocks;

namespace Fastdist.Control.Commands.Tables;

/// <summary><c>showDynBlocks()</c>: one line a block, in dnsdist's columns.</summary>
internal static class BlockListing
{
    public static string Print(DynamicBlocks blocks)
    {
        var table = new TextTable(
            new Column("What", 24), new Column("Seconds", 8) { IsRight = true }, new Column("Blocks", 8) { IsRight = true }, new Column("Warning", 10),
            new Column("Action", 20), new Column("eBPF", 10), new Column("Reason"));
        long now = blocks.Now;
        foreach (Block block in blocks.All)
        {
            table.AddRow(
                block.What, TextTable.Number(block.SecondsLeft(now)), TextTable.Number(block.Hits), block.Terms.IsWarning ? "true" : "false",
                BlockTexts.Of(blocks.ActionOf(block)), "false", block.Terms.Reason);
        }

        return table.ToString();
    }
}
