using System;
using Fastdist.Dns;

namespace Fastdist.Proxy.Frontends;

/// <summary>The answers we give ourselves to what we do not carry, and their counting.</summary>
internal static class Refusal
{
    /// <summary>Writes the answer to a message that is not forwarded but deserves one.</summary>
    /// <returns>Bytes written; 0 when nothing can be answered.</returns>
    public static int Write(QueryVerdict verdict, ReadOnlySpan<byte> message, FrontendCounters counters, Span<byte> answer)
    {
        counters.EmptyQueries += message.Length >= Header.Size && Header.QuestionCount(message) == 0 ? 1 : 0;
        switch (verdict)
        {
            case QueryVerdict.FormatError:
                counters.FormErr++;
                return ErrorAnswer.Write(message, Rcode.FormErr, answer);
            case QueryVerdict.NotImplemented:
                counters.NotImp++;
                return ErrorAnswer.Write(message, Rcode.NotImp, answer);
            case QueryVerdict.ZoneTransfer:
                counters.RefusedXfr++;
                return ErrorAnswer.Write(message, Rcode.Refused, answer, ExtendedError.NotSupported, "zone transfers are not proxied"u8);
            default:
                return 0;
        }
    }
}
