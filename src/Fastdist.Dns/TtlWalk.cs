using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>Goes over the TTLs of a message's records, for whoever decides about each. OPTs have none, and a signed or broken message shows none.</summary>
public ref struct TtlWalk
{
    private readonly Span<byte> _message;
    private RecordWalk _walk;

    /// <summary>Stands before the first.</summary>
    /// <param name="message">The message.</param>
    public TtlWalk(Span<byte> message)
    {
        _message = MessageMap.TryWalk(message, message.Length, out MessageMap map) && map.IsSound && !map.IsSigned ? message : default;
        _walk = _message.IsEmpty ? default : new RecordWalk(_message, MessageMap.EndOfQuestions(_message));
    }

    /// <summary>The record's section.</summary>
    public readonly MessageSection Section => _walk.Section;

    /// <summary>Its type.</summary>
    public readonly RecordType Type => _walk.Type;

    /// <summary>Its class.</summary>
    public readonly ushort Class => BinaryPrimitives.ReadUInt16BigEndian(_message[(_walk.TtlAt - sizeof(ushort))..]);

    /// <summary>Where its TTL is in the message.</summary>
    public readonly int Offset => _walk.TtlAt;

    /// <summary>Its TTL, seconds.</summary>
    public readonly uint Ttl
    {
        get => BinaryPrimitives.ReadUInt32BigEndian(_message[_walk.TtlAt..]);
        set => BinaryPrimitives.WriteUInt32BigEndian(_message[_walk.TtlAt..], value);
    }

    /// <summary>Goes to the next; false when there is none.</summary>
    public bool Next()
    {
        while (!_message.IsEmpty && _walk.Next())
        {
            if (Type != RecordType.OPT)
            {
                return true;
            }
        }

        return false;
    }
}
