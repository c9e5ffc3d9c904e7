using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fastdist.Tls;

namespace Fastdist.Settings;

/// <summary>
/// A secret of which only the scrypt hash is known, in the reference's notation:
/// <c>$scrypt$ln=10,p=1,r=8$SALT$HASH</c>, salt and hash in base64, ln the binary logarithm of RFC 7914's N.
/// </summary>
public sealed class PasswordHash
{
    private const string Prefix = "$scrypt$";
    private const int SaltSize = 16;
    private const int KeySize = 32;
    private const int DefaultCostBits = 10;
    private const int DefaultBlockSize = 8;

    private readonly int _costBits;
    private readonly int _blockSize;
    private readonly int _parallelization;
    private readonly byte[] _salt;
    private readonly byte[] _key;

    private PasswordHash(int costBits, int blockSize, int parallelization, byte[] salt, byte[] key) =>
        (_costBits, _blockSize, _parallelization, _salt, _key) = (costBits, blockSize, parallelization, salt, key);

    /// <summary>Whether a text looks like a hash, and not like a secret in clear text.</summary>
    public static bool IsHash(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Hashes a secret with a salt of its own.</summary>
    /// <returns>The hash as text, for <see cref="Parse"/>.</returns>
    public static string Hash(string secret)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltSize);
        var key = new byte[KeySize];
        return Scrypt.TryDerive(Encoding.UTF8.GetBytes(secret), salt, 1 << DefaultCostBits, DefaultBlockSize, 1, key)
            ? string.Create(CultureInfo.InvariantCulture, $"{Prefix}ln={DefaultCostBits},p=1,r={DefaultBlockSize}${Convert.ToBase64String(salt)}${Convert.ToBase64String(key)}")
            : throw new CryptographicException("libcrypto has no scrypt");
    }

    /// <summary>Reads a hash, or hashes what is none.</summary>
    /// <exception cref="FormatException">It begins like a hash and is none.</exception>
    public static PasswordHash Parse(string text)
    {
        string[] parts = (IsHash(text) ? text : Hash(text))[Prefix.Length..].Split('$');
        Span<byte> unused = stackalloc byte[KeySize];
        if (parts.Length != 3 || !TryReadParameters(parts[0], out int costBits, out int blockSize, out int parallelization)
            || ReadBase64(parts[1]) is not { Length: > 0 } salt || ReadBase64(parts[2]) is not { Length: KeySize } key
            || !Scrypt.TryDerive([], salt, 1 << costBits, blockSize, parallelization, unused))
        {
            throw new FormatException("expected $scrypt$ln=10,p=1,r=8$SALT$HASH, salt and hash in base64, or a secret in clear text");
        }

        return new PasswordHash(costBits, blockSize, parallelization, salt, key);
    }

    /// <summary>Whether this is the hash of a secret; takes milliseconds of CPU on purpose, and the same time whatever the secret.</summary>
    public bool Matches(string secret)
    {
        Span<byte> key = stackalloc byte[KeySize];
        return Scrypt.TryDerive(Encoding.UTF8.GetBytes(secret), _salt, 1 << _costBits, _blockSize, _parallelization, key)
            && CryptographicOperations.FixedTimeEquals(key, _key);
    }

    private static bool TryReadParameters(string text, out int costBits, out int blockSize, out int parallelization)
    {
        (costBits, blockSize, parallelization) = (0, 0, 0);
        foreach (string parameter in text.Split(','))
        {
            string[] pair = parameter.Split('=');

            // What needs too much memory libcrypto refuses; p costs time alone.
            if (pair.Length != 2 || !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value is < 1 or > 32)
            {
                return false;
            }

            _ = pair[0] switch
            {
                "ln" => costBits = Math.Min(value, 30),
                "p" => parallelization = value,
                "r" => blockSize = value,
                _ => value,
            };
        }

        return costBits > 0 && blockSize > 0 && parallelization > 0;
    }

    private static byte[] ReadBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) ? bytes[..length] : [];
    }
}
