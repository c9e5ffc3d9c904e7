using System;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>The password-based key derivation of RFC 7914, by libcrypto.</summary>
public static unsafe class Scrypt
{
    /// <summary>Bytes of memory one derivation may take; 128 * N * r are needed.</summary>
    public const int MaxMemory = 64 << 20;

    /// <summary>Derives a key.</summary>
    /// <param name="password">The passphrase.</param>
    /// <param name="salt">Its salt.</param>
    /// <param name="cost">N, a power of two from 2 on.</param>
    /// <param name="blockSize">r, from 1 on.</param>
    /// <param name="parallelization">p, from 1 on.</param>
    /// <param name="key">Where it goes; its length is dkLen.</param>
    /// <returns>False when libcrypto takes these parameters for invalid, or they need more than <see cref="MaxMemory"/>.</returns>
    public static bool TryDerive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key)
    {
        TlsLibrary.EnsureInitialised();

        // A null password means something else to it, so an empty one needs an address.
        byte nothing = 0;
        fixed (byte* passwordBytes = password, saltBytes = salt, keyBytes = key)
        {
            bool derived = OpenSsl.EVP_PBE_scrypt(
                passwordBytes == null ? &nothing : passwordBytes, (nuint)password.Length, saltBytes == null ? &nothing : saltBytes, (nuint)salt.Length,
                (ulong)cost, (ulong)blockSize, (ulong)parallelization, MaxMemory, keyBytes, (nuint)key.Length) == 1;
            OpenSsl.ERR_clear_error();
            return derived;
        }
    }
}
