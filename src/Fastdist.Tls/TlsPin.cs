using System;
using System.Collections.Generic;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>A public key known beforehand: the SHA-256 of its SubjectPublicKeyInfo (RFC 7858 section 4.2).</summary>
public sealed class TlsPin
{
    /// <summary>Bytes of a SHA-256.</summary>
    internal const int Size = 32;

    private readonly byte[] _hash;

    private TlsPin(byte[] hash) => _hash = hash;

    /// <summary>Reads one.</summary>
    /// <param name="text">The 32 bytes in base64, as <c>openssl dgst -sha256 -binary | base64</c> writes them.</param>
    /// <exception cref="TlsConfigurationException">It is not that.</exception>
    public static TlsPin Parse(string text)
    {
        var hash = new byte[Size];
        return Convert.TryFromBase64String(text, hash, out int length) && length == Size
            ? new TlsPin(hash)
            : throw new TlsConfigurationException($"'{text}' is no pin: a SHA-256 in base64, 44 characters, is expected");
    }

    /// <summary>The pin in base64.</summary>
    public override string ToString() => Convert.ToBase64String(_hash);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TlsPin other && _hash.AsSpan().SequenceEqual(other._hash);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_hash);

    /// <summary>Whether one of the pins is this key's.</summary>
    /// <param name="pins">What is known.</param>
    /// <param name="hash">SHA-256 of a SubjectPublicKeyInfo.</param>
    internal static bool IsAmong(IReadOnlyList<TlsPin> pins, ReadOnlySpan<byte> hash)
    {
        for (int i = 0; i < pins.Count; i++)
        {
            if (hash.SequenceEqual(pins[i]._hash))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why a certificate was refused, with what an operator could pin instead.</summary>
    /// <param name="hash">SHA-256 of the server's own SubjectPublicKeyInfo.</param>
    internal static string Mismatch(ReadOnlySpan<byte> hash) => $"no pin matches: the certificate's is {Convert.ToBase64String(hash)}";

    /// <summary>Hashes the SubjectPublicKeyInfo of a parsed certificate (X509).</summary>
    internal static unsafe void Hash(nint certificate, Span<byte> hash)
    {
        byte* der = null;
        int length = OpenSsl.i2d_X509_PUBKEY(OpenSsl.X509_get_X509_PUBKEY(certificate), &der);
        fixed (byte* digest = hash)
        {
            OpenSsl.SHA256(der, (nuint)Math.Max(length, 0), digest);
        }

        OpenSsl.CRYPTO_free(der, 0, 0);
    }
}
