namespace Fastdist.Rules.Blocks;

/// <summary>All that a shard counts in a second.</summary>
internal sealed class CountedSecond(BlockPlan plan, int places, bool countsNames)
{
    private const int MostNames = 4_096;
    private const int MostParents = 1_024;

    /// <summary>By client; null when nobody asks.</summary>
    public ClientCounts? Clients { get; } = plan.Columns > 0 ? new ClientCounts(places, plan.Columns) : null;

    /// <summary>By name; null when nobody asks.</summary>
    public NameCounts? Names { get; } = countsNames ? new NameCounts(MostNames, MostParents, isGrowing: false) : null;

    /// <summary>When it was, in seconds of the clock that shards are told.</summary>
    public long Second { get; set; }

    /// <summary>Whether nothing was counted.</summary>
    public bool IsEmpty => Clients is not { Count: > 0 } && Names is not { Count: > 0 };

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        Clients?.Clear();
        Names?.Clear();
    }
}
