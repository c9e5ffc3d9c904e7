using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Fastdist.Dns;

/// <summary>
/// The TTLs of a message's records (RFC 1035 section 3.2.1, RFC 2181 section 8), changed in place. One with its highest bit set counts as
/// zero. An OPT has none (RFC 6891 section 6.1.3). A signed message (TSIG, SIG(0)) stays as it is.
/// </summary>
public static class TimeToLive
{
    private const uint Percent = 100;

    /// <summary>Lowers each TTL that is larger. Of a message whose records are broken those before the fault are lowered.</summary>
    /// <param name="message">The message.</param>
    /// <param name="most">Largest TTL, seconds.</param>
    public static void Cap(Span<byte> message, uint most)
    {
        if (MessageMap.TryWalk(message, message.Length, out MessageMap map) && !map.IsSigned)
        {
            Change(message, 0, most, Percent, default);
        }
    }

    /// <summary>Raises each TTL that is smaller.</summary>
    /// <param name="message">The message.</param>
    /// <param name="least">Smallest TTL, seconds; beyond 2,147,483,647 that.</param>
    /// <returns>False, and the message is untouched, when it is broken or signed.</returns>
    public static bool Raise(Span<byte> message, uint least) => Limit(message, least, uint.MaxValue, default);

    /// <summary>Raises each TTL that is smaller and lowers each that is larger.</summary>
    /// <param name="message">The message.</param>
    /// <param name="least">Smallest TTL, seconds; beyond 2,147,483,647 that.</param>
    /// <param name="most">Largest TTL, seconds, which has the last word where it is below the smallest.</param>
    /// <param name="types">Whose TTLs are meant; none for those of all types.</param>
    /// <returns>False, and the message is untouched, when it is broken or signed.</returns>
    public static bool Limit(Span<byte> message, uint least, uint most, ReadOnlySpan<RecordType> types)
    {
        bool isSound = IsEditable(message);
        if (isSound)
        {
            Change(message, Math.Min(least, int.MaxValue), most, Percent, types);
        }

        return isSound;
    }

    /// <summary>Multiplies each TTL, rounding down.</summary>
    /// <param name="message">The message.</param>
    /// <param name="percent">What is left of each, 0 to 100.</param>
    /// <returns>False, and the message is untouched, when it is broken or signed.</returns>
    public static bool Reduce(Span<byte> message, uint percent)
    {
        bool isSound = IsEditable(message);
        if (isSound)
        {
            Change(message, 0, uint.MaxValue, Math.Min(percent, Percent), default);
        }

        return isSound;
    }

    private static bool IsEditable(ReadOnlySpan<byte> message) =>
        MessageMap.TryWalk(message, message.Length, out MessageMap map) && map.IsSound && !map.IsSigned;

    /// <summary>Changes the TTLs of the records that are sound, in a message whose question section is.</summary>
    private static void Change(Span<byte> message, uint least, uint most, uint percent, ReadOnlySpan<RecordType> types)
    {
        ReadOnlySpan<ushort> wanted = MemoryMarshal.Cast<RecordType, ushort>(types);
        var walk = new RecordWalk(message, MessageMap.EndOfQuestions(message));
        while (walk.Next())
        {
            RecordType type = walk.Type;
            if (type == RecordType.OPT || (!wanted.IsEmpty && !wanted.Contains((ushort)type)))
            {
                continue;
            }

            uint stated = BinaryPrimitives.ReadUInt32BigEndian(message[walk.TtlAt..]);
            uint seconds = stated > int.MaxValue ? 0 : stated;
            uint changed = Math.Min(Math.Max((uint)((ulong)seconds * percent / Percent), least), most);
            if (changed != seconds)
            {
                BinaryPrimitives.WriteUInt32BigEndian(message[walk.TtlAt..], changed);
            }
        }
    }
}
