using System;
using System.Security.Cryptography;
using System.Text;
using Fastdist.Settings;

namespace Fastdist.Control.Web;

/// <summary>
/// A password or key that requests must show. A scrape every 100 ms must not pay for scrypt each time, so the one secret
/// that fitted is remembered, as a hash keyed with what nobody outside this process knows.
/// </summary>
/// <param name="hash">What is known of it.</param>
internal sealed class Credential(PasswordHash hash)
{
    private readonly byte[] _processKey = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private byte[]? _known;

    /// <summary>One that is known by a hash; null without.</summary>
    public static Credential? Of(PasswordHash? hash) => hash is null ? null : new Credential(hash);

    /// <summary>Whether this is the secret that fitted before; cheap.</summary>
    public bool IsKnown(string secret)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Digest(secret, digest);
        return _known is { } known && CryptographicOperations.FixedTimeEquals(known, digest);
    }

    /// <summary>Whether this is the secret; takes milliseconds of CPU.</summary>
    public bool Matches(string secret)
    {
        if (!hash.Matches(secret))
        {
            return false;
        }

        var digest = new byte[HMACSHA256.HashSizeInBytes];
        Digest(secret, digest);
        _known = digest;
        return true;
    }

    private void Digest(string secret, Span<byte> digest) => HMACSHA256.HashData(_processKey, Encoding.UTF8.GetBytes(secret), digest);
}
