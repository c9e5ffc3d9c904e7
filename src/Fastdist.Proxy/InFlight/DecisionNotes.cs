using System;

namespace Fastdist.Proxy.InFlight;

/// <summary>What was decided about a query in a word.</summary>
[Flags]
internal enum DecisionNotes : ushort
{
    /// <summary>Nothing of the below.</summary>
    None = 0,

    /// <summary>RD or CD were changed: the answer gets the client's own again.</summary>
    FlagsChanged = 1,

    /// <summary>The client had set RD.</summary>
    RecursionDesired = 2,

    /// <summary>The client had set CD.</summary>
    CheckingDisabled = 4,

    /// <summary>The query got an OPT, which the answer loses again.</summary>
    OptAdded = 8,

    /// <summary>The client's network is not told.</summary>
    HidesSubnet = 16,

    /// <summary>The network that is told replaces the client's own, whatever holds for other queries.</summary>
    ReplacesSubnet = 32,

    /// <summary>The client's own network is left, whatever holds for other queries.</summary>
    KeepsSubnet = 64,

    /// <summary>No cache is asked or filled.</summary>
    SkipsCache = 128,

    /// <summary>No answer is given at all.</summary>
    Silent = 256,
}
