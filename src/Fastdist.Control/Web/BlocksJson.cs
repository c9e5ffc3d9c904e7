using System.Text.Json;
using Fastdist.Control.Figures;
using Fastdist.Proxy;
using Fastdist.Rules.Blocks;

namespace Fastdist.Control.Web;

/// <summary>Who and what is blocked for a time, in the reference's form.</summary>
internal static class BlocksJson
{
    /// <summary>Each block as a member: names without their final dot, the root as <c>empty</c>.</summary>
    public static void WriteMembers(Utf8JsonWriter json, DynamicBlocks blocks)
    {
        long now = blocks.Now;
        foreach (Block block in blocks.All)
        {
            json.WriteStartObject(block.Name is { } name ? name.Wire.Length == 1 ? "empty" : $"{name}".TrimEnd('.') : block.What);
            json.WriteString("reason", block.Terms.Reason);
            json.WriteNumber("seconds", block.SecondsLeft(now));
            json.WriteNumber("blocks", block.Hits);
            json.WriteString("action", BlockTexts.Of(blocks.ActionOf(block)));
            json.WriteBoolean("warning", block.Terms.IsWarning);
            json.WriteEndObject();
        }
    }
}
