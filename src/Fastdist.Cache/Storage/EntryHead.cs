using System;
using System.Runtime.InteropServices;

namespace Fastdist.Cache.Storage;

/// <summary>What is known of an entry besides its bytes. 12 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EntryHead
{
    /// <summary>When it was kept, seconds of the cache's clock.</summary>
    public uint Added;

    /// <summary>From when on its time is over, seconds of the cache's clock.</summary>
    public uint Ends;

    /// <summary>What it is.</summary>
    public EntryTraits Traits;

    /// <summary>The header's RCODE.</summary>
    public byte Rcode;

    /// <summary>SCOPE PREFIX-LENGTH of its answer (RFC 7871), bits.</summary>
    public byte Scope;
}

/// <summary>What an entry is.</summary>
[Flags]
internal enum EntryTraits : byte
{
    /// <summary>An answer that says that something is there.</summary>
    None = 0,

    /// <summary>NXDOMAIN or NODATA: of these a cache keeps a share at most.</summary>
    Negative = 1,

    /// <summary>No answer, but which prefixes there are answers for.</summary>
    Scopes = 2,

    /// <summary>An answer that lacks records, TC.</summary>
    Truncated = 4,
}
