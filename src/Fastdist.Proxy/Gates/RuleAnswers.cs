using System;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.Gates;

/// <summary>Counts answers that rules and blocks made.</summary>
internal static class RuleAnswers
{
    /// <summary>Counts one by what it says.</summary>
    public static void Count(ReadOnlySpan<byte> answer, FrontendCounters counters)
    {
        counters.RuleAnswers++;
        counters.RuleTruncated += Header.IsTruncated(answer) ? 1 : 0;
        switch (Header.Rcode(answer))
        {
            case Rcode.NXDomain:
                counters.RuleNXDomain++;
                break;
            case Rcode.Refused:
                counters.RuleRefused++;
                break;
            case Rcode.ServFail:
                counters.RuleServFail++;
                break;
            default:
                break;
        }
    }
}
