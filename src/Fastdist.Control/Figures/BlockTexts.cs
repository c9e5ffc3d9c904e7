using Fastdist.Settings.Rules;

namespace Fastdist.Control.Figures;

/// <summary>What is done about blocks in dnsdist's words.</summary>
internal static class BlockTexts
{
    /// <summary>What is done about a block, in dnsdist's words.</summary>
    public static string Of(BlockAction action) => action switch
    {
        BlockAction.Nxdomain => "Send NXDomain",
        BlockAction.Refused => "Send Refused",
        BlockAction.Truncate => "Truncate over UDP",
        BlockAction.NoRecurse => "Set rd=0",
        BlockAction.SetTag => "Set Tag",
        BlockAction.NoOp => "Do nothing",
        _ => "Drop",
    };
}
