using System;
using Fastdist.Dns;

namespace Fastdist.Simulation.Models;

/// <summary>Messages that are not as they ought to be.</summary>
internal static partial class Messages
{
    /// <summary>An answer as somebody forges it: with a record of his own.</summary>
    public static byte[] Forge(ReadOnlySpan<byte> query)
    {
        byte[] forged = Answer(query, Rcode.NoError);
        forged[QuestionEnd(query) + RecordSize - 1] ^= 1;
        return forged;
    }

    /// <summary>Gives a message another ID.</summary>
    public static void ChangeId(Span<byte> message, int difference) => Header.SetId(message, (ushort)(Header.Id(message) ^ difference));

    /// <summary>Gives a message another question.</summary>
    public static void ChangeQuestion(Span<byte> message) => message[Header.Size + 1] ^= 1;
}
