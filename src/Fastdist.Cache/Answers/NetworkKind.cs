namespace Fastdist.Cache.Answers;

/// <summary>What a key says of the client's network.</summary>
public enum NetworkKind : byte
{
    /// <summary>No backend was told one.</summary>
    Untold,

    /// <summary>Whatever network: the answer is for all of them, or says which ones there are answers for.</summary>
    Any,

    /// <summary>The client wishes that none be told (SOURCE PREFIX-LENGTH 0).</summary>
    Hidden,

    /// <summary>This network.</summary>
    One,
}
