using System;

namespace Fastdist.Dns;

/// <summary>Goes over the addresses in a message's answer section: the RDATA of its A and AAAA records of 4 and of 16 bytes. A broken message has those before the fault.</summary>
public ref struct AddressWalk
{
    private const int IPv4Size = 4;
    private const int IPv6Size = 16;

    private readonly ReadOnlySpan<byte> _message;
    private RecordWalk _walk;

    /// <summary>Stands before the first.</summary>
    /// <param name="message">The message.</param>
    public AddressWalk(ReadOnlySpan<byte> message)
    {
        int questionEnd = message.Length < Header.Size ? -1 : MessageMap.EndOfQuestions(message);
        _message = questionEnd < 0 ? default : message;
        _walk = questionEnd < 0 ? default : new RecordWalk(message, questionEnd);
    }

    /// <summary>The address, 4 or 16 bytes.</summary>
    public readonly ReadOnlySpan<byte> Address => _message[_walk.Data.._walk.End];

    /// <summary>Goes to the next; false when there is none.</summary>
    public bool Next()
    {
        while (!_message.IsEmpty && _walk.Next() && _walk.Section == MessageSection.Answer)
        {
            if (IsAddress(in _walk))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a record is an address.</summary>
    internal static bool IsAddress(in RecordWalk walk) =>
        (walk.Type == RecordType.A && walk.End - walk.Data == IPv4Size) || (walk.Type == RecordType.AAAA && walk.End - walk.Data == IPv6Size);
}
