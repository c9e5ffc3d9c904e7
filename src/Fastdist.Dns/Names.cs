using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>Names in wire form (RFC 1035 3.1): labels after their length bytes, ended by the root's zero byte.</summary>
public static class Names
{
    /// <summary>Longest name in wire form, length bytes and root included, in bytes.</summary>
    public const int MaxWireLength = WireName.MaxLength;

    /// <summary>Longest name in presentation format, in characters: an escaped byte has four.</summary>
    public const int MaxTextLength = 4 * MaxWireLength;

    // Odd constants with half of their bits set, from the fractional digits of the golden ratio and of pi.
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const ulong Pi = 0x243F6A8885A308D3;

    /// <summary>
    /// Whether two names are the same, ASCII case aside (RFC 4343). At least one of them must be a validated name;
    /// then the fold of whole names, length bytes included, is sound.
    /// </summary>
    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        // Servers echo the question's case, so the plain comparison nearly always has the last word.
        a.SequenceEqual(b) || CaseFolding.Equals(a, b);

    /// <summary>Writes a name with small letters only, the form that is the same for all names that are equal.</summary>
    /// <param name="name">A validated name.</param>
    /// <param name="destination">Receives as many bytes.</param>
    public static void WriteLower(ReadOnlySpan<byte> name, Span<byte> destination) => CaseFolding.Fold(name, destination);

    /// <summary>Most labels that a name has, the root's not counted.</summary>
    public const int MaxLabels = (MaxWireLength - 1) / 2;

    /// <summary>Whether a name is another one or lies below it, ASCII case aside.</summary>
    /// <param name="name">A validated name.</param>
    /// <param name="other">Another; every name is part of the root.</param>
    public static bool IsPartOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other)
    {
        while (name.Length > other.Length)
        {
            name = Parent(name);
        }

        return EqualsIgnoreCase(name, other);
    }

    /// <summary>A name without its first label; the root is its own.</summary>
    /// <param name="name">A validated name.</param>
    public static ReadOnlySpan<byte> Parent(ReadOnlySpan<byte> name) => name[0] == 0 ? name : name[(name[0] + 1)..];

    /// <summary>Finds where the labels of a name begin.</summary>
    /// <param name="name">A validated name.</param>
    /// <param name="starts">Receives the offsets of their length bytes; <see cref="MaxLabels"/> are always enough.</param>
    /// <returns>How many labels there are, the root's not counted.</returns>
    public static int FindLabels(ReadOnlySpan<byte> name, Span<byte> starts)
    {
        int count = 0;
        for (int offset = 0; name[offset] != 0; offset += name[offset] + 1)
        {
            starts[count++] = (byte)offset;
        }

        return count;
    }

    /// <summary>Labels of a name, the root's not counted: 0 to <see cref="MaxLabels"/>.</summary>
    /// <param name="name">A validated name.</param>
    public static int CountLabels(ReadOnlySpan<byte> name)
    {
        int count = 0;
        for (int offset = 0; name[offset] != 0; offset += name[offset] + 1)
        {
            count++;
        }

        return count;
    }

    /// <summary>A hash of the name, the same in any case and on any machine; all 32 bits are of use.</summary>
    /// <param name="wireName">A validated name.</param>
    /// <param name="seed">Picked at random at start, so that outsiders cannot choose names that collide.</param>
    public static uint Hash(ReadOnlySpan<byte> wireName, uint seed)
    {
        ulong state = Mix(seed ^ Golden, (ulong)wireName.Length ^ Pi);
        ReadOnlySpan<byte> rest = wireName;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            state = Mix(state ^ CaseFolding.Fold(BinaryPrimitives.ReadUInt64LittleEndian(rest)), Golden);
        }

        ulong tail = 0;
        for (int index = 0; index < rest.Length; index++)
        {
            tail |= (ulong)CaseFolding.Fold(rest[index]) << (8 * index);
        }

        state = Mix(state ^ tail, Pi);
        return (uint)(state ^ (state >> 32));
    }

    /// <summary>
    /// Reads a name in presentation format, with the escapes \DDD and \X of RFC 1035 5.1. Every name is taken as
    /// absolute, with or without its final dot; a lone dot is the root.
    /// </summary>
    /// <param name="text">ASCII text.</param>
    /// <param name="wire">Receives the wire form; <see cref="MaxWireLength"/> bytes are always enough.</param>
    /// <param name="length">Bytes written, 1 to 255; 0 on failure.</param>
    /// <returns>False for an empty name or label, a label over 63 bytes, a name over 255, a bad escape, a character
    /// beyond ASCII, or a <paramref name="wire"/> that is too small.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, Span<byte> wire, out int length) =>
        NameText.TryParse(text, '\x7F', wire, out length);

    /// <summary>
    /// The name in presentation format with its final dot, escaped so that it is one harmless word of printable
    /// ASCII in any log. Allocates. A broken name gives <c>(malformed)</c>.
    /// </summary>
    public static string ToText(ReadOnlySpan<byte> wire) => NameText.ToText(wire, NameText.SpecialInLogs);

    /// <summary>
    /// Writes a name as patterns expect it: without its final dot, so that the root is empty, and with dots and backslashes within labels,
    /// and what cannot be printed, escaped.
    /// </summary>
    /// <param name="wire">The name.</param>
    /// <param name="text">Receives ASCII characters; <see cref="MaxTextLength"/> are always enough.</param>
    /// <param name="isLower">Whether capital letters are written as small ones.</param>
    /// <returns>Characters written; -1 when the name is broken or <paramref name="text"/> is too small.</returns>
    public static int Format(ReadOnlySpan<byte> wire, Span<byte> text, bool isLower) => NameText.Format(wire, text, isLower, ".\\"u8);

    /// <summary>Writes a name as the other does, in UTF-16.</summary>
    /// <param name="wire">The name.</param>
    /// <param name="text">Receives ASCII characters; <see cref="MaxTextLength"/> are always enough.</param>
    /// <param name="isLower">Whether capital letters are written as small ones.</param>
    /// <returns>Characters written; -1 when the name is broken or <paramref name="text"/> is too small.</returns>
    public static int Format(ReadOnlySpan<byte> wire, Span<char> text, bool isLower) => NameText.Format(wire, text, isLower, ".\\"u8);

    private static ulong Mix(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
