namespace Fastdist.Cache;

/// <summary>What was found.</summary>
public struct FoundAnswer
{
    /// <summary>Bytes of the answer.</summary>
    public int Length;

    /// <summary>Whether its time is over.</summary>
    public bool IsStale;

    /// <summary>Whether it ends soon and is asked for often: who gets this is the only one, and is to ask for it anew.</summary>
    public bool MustRefresh;
}
