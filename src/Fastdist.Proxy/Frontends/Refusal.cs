using System;
using Fastdist.Dns;

namespace Fastdist.Proxy.Frontends;

/// <summary>The answers we give ourselves to what we do not carry, and their counting.</summary>
internal static class Refusal
{
    /// <summary>Reads a message from a client, and judges it by what all frontends have in common.</summary>
    /// <param name="message">The message, without a stream's length prefix.</param>
    /// <param name="options">Which names are forwarded.</param>
    /// <param name="query">As of <see cref="Query.Parse"/>.</param>
    public static QueryVerdict Judge(ReadOnlySpan<byte> message, ProxyOptions options, out Query query)
    {
        QueryVerdict verdict = Query.Parse(message, out query);
        return verdict == QueryVerdict.Forward && !options.ForwardResolverArpa && ResolverArpa.Holds(query.Name) ? QueryVerdict.OwnName : verdict;
    }

    /// <summary>Writes the answer to a message that is not forwarded but deserves one.</summary>
    /// <param name="verdict">Of <see cref="Judge"/>.</param>
    /// <param name="message">The message.</param>
    /// <param name="query">What it was read as.</param>
    /// <param name="counters">Where it is counted.</param>
    /// <param name="answer">Receives the answer; <see cref="ErrorAnswer.MaxSize"/> bytes are always enough.</param>
    /// <param name="payloadSize">UDP payload that we receive, bytes, for clients that speak EDNS.</param>
    /// <returns>Bytes written; 0 when nothing can be answered.</returns>
    public static int Write(QueryVerdict verdict, ReadOnlySpan<byte> message, in Query query, FrontendCounters counters, Span<byte> answer, int payloadSize)
    {
        counters.EmptyQueries += message.Length >= Header.Size && Header.QuestionCount(message) == 0 ? 1 : 0;
        switch (verdict)
        {
            case QueryVerdict.FormatError:
                counters.FormErr++;
                return ErrorAnswer.Write(message, Rcode.FormErr, answer, payloadSize: payloadSize);
            case QueryVerdict.NotImplemented:
                counters.NotImp++;
                return ErrorAnswer.Write(message, Rcode.NotImp, answer, payloadSize: payloadSize);
            case QueryVerdict.ZoneTransfer:
                counters.RefusedXfr++;
                return ErrorAnswer.Write(message, Rcode.Refused, answer, ExtendedError.NotSupported, "zone transfers are not proxied"u8, payloadSize);
            case QueryVerdict.OwnName:
                counters.ResolverArpa++;
                return ResolverArpa.WriteNoData(in query, answer, payloadSize);
            default:
                return 0;
        }
    }
}
