using Fastdist.Cache.Storage;

namespace Fastdist.Cache;

/// <summary>An entry that was read, whose value is where whoever asked for it wished.</summary>
internal struct ReadEntry
{
    /// <summary>What is known of it.</summary>
    public EntryHead Head;

    /// <summary>Bytes of its value.</summary>
    public int Length;

    /// <summary>Whether it was asked for before, too.</summary>
    public bool WasUsed;

    /// <summary>Whether it is no answer, but says which networks there are answers for.</summary>
    public readonly bool IsList => (Head.Traits & EntryTraits.Scopes) != 0;
}
