using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Fastdist.Settings;

/// <summary>
/// Addresses made into others by a key, so that logs can be shared without telling who is in them (powerdns.org/ipcipher): those of IPv6 by
/// AES, those of IPv4 by ipcrypt, whose 32 bits anybody can undo who may ask for a few million of them.
/// </summary>
public static class IpCipher
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 16;

    private const int Iterations = 50_000;

    /// <summary>Makes a key of a password, the same as dnsdist does.</summary>
    [SuppressMessage("Security", "CA5379", Justification = "The key is to be the one that others make of the password.")]
    public static byte[] MakeKey(ReadOnlySpan<byte> password) => Rfc2898DeriveBytes.Pbkdf2(password, "ipcipheripcipher"u8, Iterations, HashAlgorithmName.SHA1, KeySize);

    /// <summary>Hides an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="key"><see cref="KeySize"/> bytes.</param>
    public static IPAddress Encrypt(IPAddress address, ReadOnlySpan<byte> key)
    {
        byte[] state = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            using Aes aes = CipherOf(key);
            return new IPAddress(aes.EncryptEcb(state, PaddingMode.None));
        }

        Mix(state, key[..4]);
        for (int part = 4; part < KeySize; part += 4)
        {
            Permute(state);
            Mix(state, key.Slice(part, 4));
        }

        return new IPAddress(state);
    }

    /// <summary>Shows an address again that was hidden with the same key.</summary>
    /// <inheritdoc cref="Encrypt"/>
    public static IPAddress Decrypt(IPAddress address, ReadOnlySpan<byte> key)
    {
        byte[] state = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            using Aes aes = CipherOf(key);
            return new IPAddress(aes.DecryptEcb(state, PaddingMode.None));
        }

        for (int part = KeySize - 4; part > 0; part -= 4)
        {
            Mix(state, key.Slice(part, 4));
            Unpermute(state);
        }

        Mix(state, key[..4]);
        return new IPAddress(state);
    }

    private static Aes CipherOf(ReadOnlySpan<byte> key)
    {
        Aes aes = Aes.Create();
        aes.Key = key.ToArray();
        return aes;
    }

    private static void Mix(byte[] state, ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < state.Length; i++)
        {
            state[i] ^= key[i];
        }
    }

    private static void Permute(byte[] s)
    {
        s[0] += s[1];
        s[2] += s[3];
        s[1] = (byte)(Rotate(s[1], 2) ^ s[0]);
        s[3] = (byte)(Rotate(s[3], 5) ^ s[2]);
        s[0] = (byte)(Rotate(s[0], 4) + s[3]);
        s[2] += s[1];
        s[1] = (byte)(Rotate(s[1], 3) ^ s[2]);
        s[3] = (byte)(Rotate(s[3], 7) ^ s[0]);
        s[2] = Rotate(s[2], 4);
    }

    private static void Unpermute(byte[] s)
    {
        s[2] = Rotate(s[2], 4);
        s[3] = Rotate((byte)(s[3] ^ s[0]), 1);
        s[1] = Rotate((byte)(s[1] ^ s[2]), 5);
        s[2] -= s[1];
        s[0] = Rotate((byte)(s[0] - s[3]), 4);
        s[3] = Rotate((byte)(s[3] ^ s[2]), 3);
        s[1] = Rotate((byte)(s[1] ^ s[0]), 6);
        s[2] -= s[3];
        s[0] -= s[1];
    }

    private static byte Rotate(byte value, int bits) => (byte)((value << bits) | (value >> (8 - bits)));
}
