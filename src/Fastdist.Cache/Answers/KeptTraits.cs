using System;

namespace Fastdist.Cache.Answers;

/// <summary>What an answer's OPT was, of which no bytes are kept.</summary>
[Flags]
internal enum KeptTraits : byte
{
    /// <summary>There was none.</summary>
    None = 0,

    /// <summary>There was one.</summary>
    HasOpt = 1,

    /// <summary>It had an edns-client-subnet option, so whoever answered knows of it.</summary>
    HasSubnet = 2,
}
