using System;
using System.Collections.Generic;

namespace Fastdist.Dns;

/// <summary>The addresses that an answer tells.</summary>
public static class AddressRecords
{
    private const int IPv4Size = 4;
    private const int IPv6Size = 16;

    /// <summary>Data of the A and AAAA records in the answer section, in network order. Allocates.</summary>
    /// <param name="message">The answer; of a broken one those before the fault.</param>
    public static IReadOnlyList<byte[]> Of(ReadOnlySpan<byte> message)
    {
        var found = new List<byte[]>();
        int questionEnd = message.Length < Header.Size ? -1 : MessageMap.EndOfQuestions(message);
        if (questionEnd < 0)
        {
            return found;
        }

        var walk = new RecordWalk(message, questionEnd);
        while (walk.Next() && walk.Section == MessageSection.Answer)
        {
            int size = walk.End - walk.Data;
            if ((walk.Type == RecordType.A && size == IPv4Size) || (walk.Type == RecordType.AAAA && size == IPv6Size))
            {
                found.Add(message[walk.Data..walk.End].ToArray());
            }
        }

        return found;
    }
}
