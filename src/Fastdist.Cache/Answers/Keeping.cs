namespace Fastdist.Cache.Answers;

/// <summary>Whether an answer is kept.</summary>
internal enum Keeping : byte
{
    /// <summary>It is.</summary>
    Kept,

    /// <summary>Its TTL is too short: below what an operator wishes, or zero.</summary>
    TooShort,

    /// <summary>It is of a kind that is not kept: no TTLs, or a failure or TC without a time for those.</summary>
    Never,
}
