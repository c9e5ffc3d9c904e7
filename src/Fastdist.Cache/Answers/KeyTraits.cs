using System;

namespace Fastdist.Cache.Answers;

/// <summary>The bits of a query to whose senders answers may differ, as a key holds them.</summary>
[Flags]
internal enum KeyTraits : byte
{
    /// <summary>None is set, and there is no OPT.</summary>
    None = 0,

    /// <summary>RD: asks for recursion.</summary>
    RecursionDesired = 1,

    /// <summary>CD: wants what does not validate, too.</summary>
    CheckingDisabled = 2,

    /// <summary>AD: wants to know whether it validates.</summary>
    AuthenticData = 4,

    /// <summary>DO: wants DNSSEC records.</summary>
    DnssecOk = 8,

    /// <summary>There is an OPT.</summary>
    HasOpt = 16,

    /// <summary>CO: understands compact denial (RFC 9824).</summary>
    CompactAnswersOk = 32,

    /// <summary>The OPT is none of the client's, so that its answer has none.</summary>
    OptIsOurs = 64,
}
