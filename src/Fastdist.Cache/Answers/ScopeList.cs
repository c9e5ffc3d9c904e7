using System;
using System.Buffers.Binary;

namespace Fastdist.Cache.Answers;

/// <summary>
/// For which prefix lengths there are answers about a name, type and class (RFC 7871): what is kept under <see cref="NetworkKind.Any"/> when answers differ from network
/// to network. Bounded, so that nobody fills a cache with one name by asking for it from many networks: at most 4 lengths a family, and 256 networks at a time, each of
/// which counts until its answer's time is over.
/// </summary>
/// <remarks>
/// Four bytes that are lengths of IPv4 networks, four for IPv6, 0 where there is none; then eight for each network: 29 bits of its hash and three that are which of
/// the eight lengths it has, and when it ends, seconds of the cache's clock.
/// </remarks>
internal static class ScopeList
{
    /// <summary>Longest list, bytes.</summary>
    public const int MaxSize = LengthsSize + (MaxNetworks * NetworkSize);

    /// <summary>Most prefix lengths of a family.</summary>
    public const int MaxLengths = 4;

    /// <summary>Most networks.</summary>
    public const int MaxNetworks = 256;

    private const int LengthsSize = 2 * MaxLengths;
    private const int NetworkSize = 2 * sizeof(uint);
    private const int IPv4Size = 4;
    private const uint LengthMask = (2 * MaxLengths) - 1;

    /// <summary>Reads the prefix lengths of a family.</summary>
    /// <param name="list">The list; what nobody wrote as one has none, or some that lead nowhere.</param>
    /// <param name="addressLength">Bytes of the family's addresses, 4 or 16.</param>
    /// <param name="lengths">Receives them, the longest first; <see cref="MaxLengths"/> are always enough.</param>
    /// <returns>How many there are.</returns>
    public static int Read(ReadOnlySpan<byte> list, int addressLength, Span<byte> lengths)
    {
        if (list.Length < LengthsSize)
        {
            return 0;
        }

        int count = 0;
        foreach (byte length in list.Slice(FirstOf(addressLength), MaxLengths))
        {
            if (length == 0 || length > addressLength * 8)
            {
                continue;
            }

            // Four at most are put in order as they come.
            int place = count++;
            for (; place > 0 && lengths[place - 1] < length; place--)
            {
                lengths[place] = lengths[place - 1];
            }

            lengths[place] = length;
        }

        return count;
    }

    /// <summary>Adds a network for which there is an answer, or says that its answer ends later.</summary>
    /// <param name="list">The list, and room: <see cref="MaxSize"/> bytes.</param>
    /// <param name="length">Bytes of the list; 0 for one to begin.</param>
    /// <param name="addressLength">Bytes of the family's addresses, 4 or 16.</param>
    /// <param name="prefix">Bits of the network, at least 1.</param>
    /// <param name="hash">Hash of the network's key.</param>
    /// <param name="ends">When its answer's time is over, seconds of the cache's clock.</param>
    /// <param name="now">The time, seconds of the cache's clock: networks whose time is over leave their place.</param>
    /// <returns>False, when the list is full: its answer cannot be found, and is not to be kept.</returns>
    public static bool TryAdd(Span<byte> list, ref int length, int addressLength, int prefix, ulong hash, uint ends, uint now)
    {
        if (length < LengthsSize || (length - LengthsSize) % NetworkSize != 0 || length > MaxSize)
        {
            list[..LengthsSize].Clear();
            length = LengthsSize;
        }

        int which = FindLength(list[..length], addressLength, prefix, now);
        if (which < 0)
        {
            return false;
        }

        uint mark = ((uint)(hash >> 32) & ~LengthMask) | (uint)which;
        int place = FindPlace(list[..length], mark, now);
        if (place < 0)
        {
            return false;
        }

        list[which] = (byte)prefix;
        BinaryPrimitives.WriteUInt32LittleEndian(list[place..], mark);
        BinaryPrimitives.WriteUInt32LittleEndian(list[(place + sizeof(uint))..], ends);
        length = Math.Max(length, place + NetworkSize);
        return true;
    }

    /// <summary>When the last of its networks ends, seconds of the cache's clock; 0 for a list that has none. So long is it worth to be kept.</summary>
    public static uint EndOf(ReadOnlySpan<byte> list)
    {
        uint last = 0;
        for (int place = LengthsSize; place + NetworkSize <= list.Length; place += NetworkSize)
        {
            last = Math.Max(last, EndAt(list, place));
        }

        return last;
    }

    private static int FirstOf(int addressLength) => addressLength == IPv4Size ? 0 : MaxLengths;

    /// <summary>Which of the eight lengths the prefix is or may become; -1 when all of its family are in use.</summary>
    private static int FindLength(ReadOnlySpan<byte> list, int addressLength, int prefix, uint now)
    {
        int first = FirstOf(addressLength);
        int known = list.Slice(first, MaxLengths).IndexOf((byte)prefix);
        if (known >= 0)
        {
            return first + known;
        }

        // One that was never taken goes first: answers of a length whose time is over may still be given to whoever gets no others.
        int free = list.Slice(first, MaxLengths).IndexOf((byte)0);
        if (free >= 0)
        {
            return first + free;
        }

        for (int which = first; which < first + MaxLengths; which++)
        {
            if (!IsInUse(list, which, now))
            {
                return which;
            }
        }

        return -1;
    }

    private static bool IsInUse(ReadOnlySpan<byte> list, int which, uint now)
    {
        for (int place = LengthsSize; place < list.Length; place += NetworkSize)
        {
            if ((MarkAt(list, place) & LengthMask) == which && EndAt(list, place) > now)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the network is, else one whose time is over, else behind the last; -1 when there is no room.</summary>
    private static int FindPlace(ReadOnlySpan<byte> list, uint mark, uint now)
    {
        int free = list.Length < MaxSize ? list.Length : -1;
        for (int place = list.Length - NetworkSize; place >= LengthsSize; place -= NetworkSize)
        {
            if (MarkAt(list, place) == mark)
            {
                return place;
            }

            free = EndAt(list, place) <= now ? place : free;
        }

        return free;
    }

    private static uint MarkAt(ReadOnlySpan<byte> list, int place) => BinaryPrimitives.ReadUInt32LittleEndian(list[place..]);

    private static uint EndAt(ReadOnlySpan<byte> list, int place) => BinaryPrimitives.ReadUInt32LittleEndian(list[(place + sizeof(uint))..]);
}
