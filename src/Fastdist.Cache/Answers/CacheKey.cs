using System;
using System.Buffers.Binary;
using Fastdist.Dns;

namespace Fastdist.Cache.Answers;

/// <summary>
/// What tells questions apart to whom answers may differ: name without case, type, class, RD, CD, AD, whether there is an OPT, DO, CO, those of its options that
/// may matter to whoever answers, and the client's network. Each part but the last says where it ends, so no two questions have the same key.
/// </summary>
/// <remarks>
/// One byte of <see cref="KeyTraits"/>, two of type, two of class, one that is how many bytes of options there are, the name in small letters, the options as they
/// came, and then kind, bytes of the address, prefix and as many bytes of the network as it reaches.
/// </remarks>
public static class CacheKey
{
    /// <summary>Longest key, bytes, a network included.</summary>
    public const int MaxSize = 512;

    /// <summary>Most bytes that a network adds.</summary>
    internal const int MaxNetworkSize = NetworkFixedSize + 16;

    private const int TypeOffset = 1;
    private const int ClassOffset = 3;
    private const int OptionsSizeOffset = 5;
    private const int NameOffset = 6;
    private const int NetworkFixedSize = 3;

    /// <summary>Most bytes of options, which are fewer than 256 and leave room for the longest name and a network.</summary>
    private const int MaxOptions = MaxSize - MaxNetworkSize - Names.MaxWireLength - NameOffset;

    // RFC 6895 section 3.1: types that are asked for but are no data, as are 0, OPT and what signs. ANY is answered from the cache like any other.
    private const ushort FirstMetaType = 128;
    private const ushort LastMetaType = 254;

    /// <summary>Writes the key of a query, without a network.</summary>
    /// <param name="query">The query as a backend gets it, but for what is added to it about the client's network.</param>
    /// <param name="rules">What of its options is left out.</param>
    /// <param name="destination">Receives the key: <see cref="MaxSize"/> bytes.</param>
    /// <returns>
    /// Bytes written; 0 for what no cache may know: another opcode, transfers and other meta types, signed, with records besides one OPT of version 0, with bytes
    /// behind them, with bits or EDNS flags that mean nothing in a query, or with options longer than is worth to be kept.
    /// </returns>
    public static int Write(in Query query, KeyRules rules, Span<byte> destination)
    {
        if (destination.Length < MaxSize || !PlainQuery.TryRead(in query, out PlainQuery plain) || !IsData(query.Type))
        {
            return 0;
        }

        ReadOnlySpan<byte> name = query.Name;
        destination[0] = (byte)TraitsOf(query.Message, in plain);
        BinaryPrimitives.WriteUInt16BigEndian(destination[TypeOffset..], (ushort)query.Type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[ClassOffset..], query.Class);
        Names.WriteLower(name, destination[NameOffset..]);
        int end = NameOffset + name.Length;
        int options = plain.Options.IsEmpty ? 0 : WriteOptions(plain.Options, rules, destination.Slice(end, MaxOptions));
        if (options < 0)
        {
            return 0;
        }

        destination[OptionsSizeOffset] = (byte)options;
        return end + options;
    }

    /// <summary>Notes in a key that its client sent no OPT, but its query was given one.</summary>
    /// <param name="key">The key.</param>
    public static void MarkOptAsOurs(Span<byte> key) => key[0] |= (byte)KeyTraits.OptIsOurs;

    /// <summary>Adds a network to a key.</summary>
    /// <param name="destination">The key, and room for 19 more bytes.</param>
    /// <param name="length">Bytes of the key without a network.</param>
    /// <param name="kind">What is said of it.</param>
    /// <param name="address">The network's address, 4 or 16 bytes; of which no more than the prefix goes in. Empty where the kind has none.</param>
    /// <param name="prefix">Its bits.</param>
    /// <returns>Bytes of the key with it.</returns>
    public static int AddNetwork(Span<byte> destination, int length, NetworkKind kind, ReadOnlySpan<byte> address, int prefix)
    {
        if (kind != NetworkKind.One)
        {
            destination[length] = (byte)kind;
            return length + 1;
        }

        int bits = Math.Clamp(prefix, 0, address.Length * 8);
        int told = (bits + 7) / 8;
        Span<byte> network = destination.Slice(length, NetworkFixedSize + told);
        (network[0], network[1], network[2]) = ((byte)kind, (byte)address.Length, (byte)bits);
        address[..told].CopyTo(network[NetworkFixedSize..]);
        if (bits % 8 != 0)
        {
            network[^1] &= (byte)(0xFF00 >> (bits % 8));
        }

        return length + network.Length;
    }

    /// <summary>Reads the edns-client-subnet option that a query itself has (RFC 7871).</summary>
    /// <param name="query">The query.</param>
    /// <param name="address">Receives the network's address, 16 bytes at most.</param>
    /// <param name="addressLength">Bytes of it, 4 or 16.</param>
    /// <param name="prefix">Its bits.</param>
    /// <returns>
    /// False when it has none, which <see cref="EdnsTraits.ClientSubnet"/> tells, or several, or one that is broken, of which no cache may know.
    /// </returns>
    public static bool TryReadNetwork(in Query query, Span<byte> address, out int addressLength, out int prefix)
    {
        if ((query.Edns & EdnsTraits.ClientSubnet) != 0 && PlainQuery.TryRead(in query, out PlainQuery plain)
            && SubnetOption.TryFind(plain.Options, out ReadOnlySpan<byte> data)
            && ClientSubnet.TryRead(data, address, out addressLength, out prefix, out int scope) && scope == 0)
        {
            return true;
        }

        addressLength = prefix = 0;
        return false;
    }

    /// <summary>Whether an answer is to a key's question: name without case, type and class. One with no question, or several, is to none.</summary>
    /// <param name="key">The key, with or without a network.</param>
    /// <param name="answer">The answer.</param>
    public static bool IsAbout(ReadOnlySpan<byte> key, ReadOnlySpan<byte> answer) =>
        Query.TryFindQuestion(answer, out int questionEnd) && Query.TypeOf(answer, questionEnd) == TypeOf(key) && Query.ClassOf(answer, questionEnd) == ClassOf(key)
        && Names.EqualsIgnoreCase(Query.NameOf(answer, questionEnd), NameOf(key));

    /// <summary>A key's bits.</summary>
    internal static KeyTraits TraitsOf(ReadOnlySpan<byte> key) => (KeyTraits)key[0];

    /// <summary>A key's type.</summary>
    internal static RecordType TypeOf(ReadOnlySpan<byte> key) => (RecordType)BinaryPrimitives.ReadUInt16BigEndian(key[TypeOffset..]);

    /// <summary>A key's class.</summary>
    internal static ushort ClassOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt16BigEndian(key[ClassOffset..]);

    /// <summary>A key's name, in small letters.</summary>
    internal static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> key)
    {
        int end = NameOffset;
        for (; key[end] != 0; end += key[end] + 1)
        {
        }

        return key[NameOffset..(end + 1)];
    }

    /// <summary>What a key with a network says of it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="address">The bytes of its address that the prefix reaches; empty where the kind has none.</param>
    /// <param name="addressLength">Bytes of a whole address, 4 or 16; 0 where the kind has none.</param>
    /// <param name="prefix">Its bits.</param>
    internal static NetworkKind NetworkOf(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> address, out int addressLength, out int prefix)
    {
        ReadOnlySpan<byte> network = key[(NameOffset + NameOf(key).Length + key[OptionsSizeOffset])..];
        bool isOne = network.Length >= NetworkFixedSize;
        address = isOne ? network[NetworkFixedSize..] : default;
        (addressLength, prefix) = isOne ? (network[1], network[2]) : (0, 0);
        return network.IsEmpty ? NetworkKind.Untold : (NetworkKind)network[0];
    }

    private static bool IsData(RecordType type) => type is not (0 or RecordType.OPT) && (ushort)type is < FirstMetaType or > LastMetaType;

    private static KeyTraits TraitsOf(ReadOnlySpan<byte> message, in PlainQuery plain) =>
        (Header.RecursionDesired(message) ? KeyTraits.RecursionDesired : 0)
        | (Header.CheckingDisabled(message) ? KeyTraits.CheckingDisabled : 0)
        | (Header.AuthenticData(message) ? KeyTraits.AuthenticData : 0)
        | (plain.DnssecOk ? KeyTraits.DnssecOk : 0)
        | (plain.HasOpt ? KeyTraits.HasOpt : 0)
        | (plain.CompactAnswersOk ? KeyTraits.CompactAnswersOk : 0);

    /// <summary>Writes those that may matter; -1 when they do not fit.</summary>
    private static int WriteOptions(ReadOnlySpan<byte> options, KeyRules rules, Span<byte> destination)
    {
        int written = 0;
        OptionWalk walk = OptionWalk.Over(options);
        while (walk.Next())
        {
            if (IsSkipped(walk.Code, rules))
            {
                continue;
            }

            if (!walk.Option.TryCopyTo(destination[written..]))
            {
                return -1;
            }

            written += walk.Option.Length;
        }

        return written;
    }

    private static bool IsSkipped(ushort code, KeyRules rules) => (EdnsOption)code switch
    {
        EdnsOption.Nsid or EdnsOption.ClientSubnet or EdnsOption.TcpKeepalive or EdnsOption.Padding => true,
        EdnsOption.Cookie => !rules.HasCookies,
        _ => rules.Skipped.AsSpan().Contains(code),
    };
}
