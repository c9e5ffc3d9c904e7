using System.Collections.Generic;

namespace Fastdist.Proxy;

/// <summary>Places in tables that every shard has, which those who come take over from those who are gone, so that the tables stay short.</summary>
internal static class Slots
{
    /// <summary>The lowest slot that nobody has.</summary>
    /// <param name="taken">The slots that somebody has.</param>
    public static int LowestFree(IEnumerable<int> taken)
    {
        HashSet<int> others = [.. taken];
        int slot = 0;
        while (others.Contains(slot))
        {
            slot++;
        }

        return slot;
    }
}
