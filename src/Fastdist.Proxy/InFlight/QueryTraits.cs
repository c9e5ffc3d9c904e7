using System;
using Fastdist.Dns;

namespace Fastdist.Proxy.InFlight;

/// <summary>What a client's query said about itself that its answer depends on, and whether it may be edited.</summary>
[Flags]
internal enum QueryTraits : byte
{
    /// <summary>Nothing of the below.</summary>
    None = 0,

    /// <summary>It has a sound OPT record (RFC 6891), so that its answer may have one.</summary>
    HasEdns = 1,

    /// <summary>It was padded, so that its answer over an encrypted transport is too (RFC 7830 section 4).</summary>
    HasPadding = 2,

    /// <summary>It asked how long its connection may be idle (RFC 7828 section 3.2.1).</summary>
    HasKeepalive = 4,

    /// <summary>It names a client subnet of its own (RFC 7871).</summary>
    HasClientSubnet = 8,

    /// <summary>It says that its client's network is not to be told (RFC 7871 section 7.1.2).</summary>
    HidesClientSubnet = 16,

    /// <summary>It goes as the client asked it, since a backend refused what was added.</summary>
    IsUnedited = 32,

    /// <summary>Something was added to it on its way to a backend.</summary>
    IsEdited = 64,

    /// <summary>Something was decided about it that is kept beside it.</summary>
    HasDecision = 128,
}

/// <summary>How they follow from a query.</summary>
internal static class QueryTraitsExtensions
{
    extension(in Query query)
    {
        /// <summary>What the query says about itself.</summary>
        public QueryTraits Traits => !query.HasEdns ? QueryTraits.None
            : QueryTraits.HasEdns
                | (query.HasPadding ? QueryTraits.HasPadding : 0)
                | (query.HasKeepalive ? QueryTraits.HasKeepalive : 0)
                | (query.HasClientSubnet ? QueryTraits.HasClientSubnet : 0)
                | (query.HidesClientSubnet ? QueryTraits.HidesClientSubnet : 0);
    }
}
