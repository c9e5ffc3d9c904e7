using System;
using Fastdist.Dns;

namespace Fastdist.Cache.Answers;

/// <summary>
/// What tells questions apart to whom answers may differ: name without case, type, class, RD, CD, AD, whether there is an OPT, DO, those of its options that
/// may matter to whoever answers, and the client's network.
/// </summary>
public static class CacheKey
{
    /// <summary>Longest key, bytes, a network included.</summary>
    public const int MaxSize = 512;

    /// <summary>Writes the key of a query, without a network.</summary>
    /// <param name="query">The query as a backend gets it, but for what is added to it about the client's network.</param>
    /// <param name="rules">What of its options is left out.</param>
    /// <param name="destination">Receives the key: <see cref="MaxSize"/> bytes.</param>
    /// <returns>
    /// Bytes written; 0 for what no cache may know: another opcode, transfers and other meta types, signed, with records besides one OPT of version 0, with bytes
    /// behind them, with TC, or with options longer than is worth to be kept.
    /// </returns>
    public static int Write(in Query query, KeyRules rules, Span<byte> destination) => throw new NotImplementedException();

    /// <summary>Adds a network to a key.</summary>
    /// <param name="destination">The key, and room for 19 more bytes.</param>
    /// <param name="length">Bytes of the key without a network.</param>
    /// <param name="kind">What is said of it.</param>
    /// <param name="address">The network's address, 4 or 16 bytes; of which no more than the prefix goes in. Empty where the kind has none.</param>
    /// <param name="prefix">Its bits.</param>
    /// <returns>Bytes of the key with it.</returns>
    public static int AddNetwork(Span<byte> destination, int length, NetworkKind kind, ReadOnlySpan<byte> address, int prefix) => throw new NotImplementedException();

    /// <summary>Reads the edns-client-subnet option that a query itself has (RFC 7871).</summary>
    /// <param name="query">The query.</param>
    /// <param name="address">Receives the network's address.</param>
    /// <param name="addressLength">Bytes of it, 4 or 16.</param>
    /// <param name="prefix">Its bits.</param>
    /// <returns>False when it has none, several, or one that is broken, of which no cache may know.</returns>
    public static bool TryReadNetwork(in Query query, Span<byte> address, out int addressLength, out int prefix) => throw new NotImplementedException();
}

/// <summary>What a key says of the client's network.</summary>
public enum NetworkKind : byte
{
    /// <summary>No backend was told one.</summary>
    Untold,

    /// <summary>Whatever network: the answer is for all of them, or says which ones there are answers for.</summary>
    Any,

    /// <summary>The client wishes that none be told (SOURCE PREFIX-LENGTH 0).</summary>
    Hidden,

    /// <summary>This network.</summary>
    One,
}

/// <summary>What of a query's EDNS options is in no key.</summary>
/// <param name="HasCookies">Whether cookies are in it.</param>
/// <param name="Skipped">Codes of others that are not.</param>
public sealed record KeyRules(bool HasCookies, ushort[] Skipped);
