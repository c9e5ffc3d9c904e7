using System;
using System.Security.Cryptography;

namespace Fastdist.Tls.Tickets;

/// <summary>
/// One key that session tickets are sealed with (RFC 5077 section 4), in the layout of dnsdist's and nginx's key
/// files: 16 bytes of name, 32 of AES-256 key, 32 of HMAC-SHA-256 key.
/// </summary>
/// <remarks>
/// The bytes never move, so no copy stays behind, and are wiped when nothing refers to the key any more: by the
/// finalizer, since a handshake on any shard may still be using a key that has just left the store.
/// </remarks>
public sealed class TicketKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = NameSize + AesSize + HmacSize;

    internal const int NameSize = 16, AesSize = 32, HmacSize = 32;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);

    /// <summary>Takes a key as it stands in a file.</summary>
    /// <param name="bytes"><see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public TicketKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"a ticket key is {Size} bytes, not {bytes.Length}", nameof(bytes));
        }

        bytes.CopyTo(_bytes);
    }

    private TicketKey() => RandomNumberGenerator.Fill(_bytes);

    /// <summary>Wipes the key.</summary>
    ~TicketKey() => CryptographicOperations.ZeroMemory(_bytes);

    /// <summary>Names the key in every ticket; not secret.</summary>
    public ReadOnlySpan<byte> Name => _bytes.AsSpan(0, NameSize);

    /// <summary>Keep the object alive (<see cref="GC.KeepAlive"/>) while the span is used.</summary>
    internal ReadOnlySpan<byte> Aes => _bytes.AsSpan(NameSize, AesSize);

    /// <summary>Keep the object alive (<see cref="GC.KeepAlive"/>) while the span is used.</summary>
    internal ReadOnlySpan<byte> Hmac => _bytes.AsSpan(NameSize + AesSize, HmacSize);

    /// <summary>All of it; keeps the bytes but not the object alive.</summary>
    internal Memory<byte> Bytes => _bytes;

    /// <summary>A new key from the system's random numbers.</summary>
    public static TicketKey CreateRandom() => new();

    /// <summary>Whether both are the same 80 bytes.</summary>
    internal bool IsSameAs(TicketKey other)
    {
        bool same = CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);
        GC.KeepAlive(this);
        GC.KeepAlive(other);
        return same;
    }
}
