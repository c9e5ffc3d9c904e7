using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>The answer to a UDP client whose real answer does not fit (RFC 2181 9, RFC 6891 7).</summary>
public static class Truncation
{
    /// <summary>
    /// Writes the response cut down to its header with TC=1, its question and its OPT without options; RCODE,
    /// the extended RCODE, DO and the other flags stay. A signature over the response is lost.
    /// </summary>
    /// <param name="response">The whole response.</param>
    /// <param name="destination">Receives the answer, never longer than the response; may be the response's own
    /// buffer.</param>
    /// <returns>Bytes written; 0 when the response has no header, more than one question or a broken one, or when
    /// <paramref name="destination"/> is too small. A response whose records are broken loses its OPT only.</returns>
    public static int Write(ReadOnlySpan<byte> response, Span<byte> destination)
    {
        if (response.Length < Header.Size || Header.QuestionCount(response) > 1)
        {
            return 0;
        }

        int questionEnd = MessageMap.EndOfQuestions(response);
        if (questionEnd < 0)
        {
            return 0;
        }

        MessageMap map = MessageMap.Walk(response, questionEnd);
        int length = questionEnd + (map.HasOpt ? OptRecord.FixedSize : 0);
        if (destination.Length < length)
        {
            return 0;
        }

        ushort id = Header.Id(response);
        ushort flags = (ushort)(Header.Flags(response) | Header.TruncatedBit);
        int questions = Header.QuestionCount(response);
        response[..questionEnd].CopyTo(destination);
        if (map.HasOpt)
        {
            Span<byte> opt = destination.Slice(questionEnd, OptRecord.FixedSize);
            response.Slice(map.OptOffset, OptRecord.FixedSize).CopyTo(opt);
            BinaryPrimitives.WriteUInt16BigEndian(opt[OptRecord.DataLengthOffset..], 0);
        }

        Header.Write(destination, id, flags, questions, 0, 0, map.HasOpt ? 1 : 0);
        return length;
    }

    /// <summary>Does that in place, so that a client asks again over TCP.</summary>
    /// <param name="buffer">The response; the buffer may be larger.</param>
    /// <param name="length">The response's length in bytes.</param>
    /// <returns>False, and the response is untouched, when it is signed (TSIG, SIG(0)) or <see cref="Write"/> would write nothing.</returns>
    public static bool TryEmpty(Span<byte> buffer, ref int length)
    {
        if (!MessageMap.TryWalk(buffer, length, out MessageMap map) || map.IsSigned)
        {
            return false;
        }

        int written = Write(buffer[..length], buffer);
        length = written > 0 ? written : length;
        return written > 0;
    }
}
