namespace Fastdist.Rules.Blocks;

/// <summary>What came of a block that was to be made.</summary>
public enum BlockOutcome
{
    /// <summary>There was none, or only a warning.</summary>
    Inserted,

    /// <summary>There was one, which now lasts longer and is what this one is; the queries that met it count on.</summary>
    Renewed,

    /// <summary>There was one that lasts longer, or this was a warning only: it stays as it is.</summary>
    Kept,

    /// <summary>There is no room.</summary>
    Refused,
}
