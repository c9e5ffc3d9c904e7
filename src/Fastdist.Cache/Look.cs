namespace Fastdist.Cache;

/// <summary>How a look into a cache ended.</summary>
public enum Look : byte
{
    /// <summary>The question is one of which no cache may know.</summary>
    None,

    /// <summary>There is nothing.</summary>
    Missing,

    /// <summary>There is only an answer whose time is over, which may be given when backends do not answer.</summary>
    Stale,

    /// <summary>There is an answer.</summary>
    Found,
}
