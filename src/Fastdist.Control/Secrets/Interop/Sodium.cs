using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fastdist.Control.Secrets.Interop;

/// <summary>libsodium 1.0.18 or later, as far as it is used.</summary>
internal static unsafe partial class Sodium
{
    /// <summary>crypto_secretbox_KEYBYTES, crypto_secretbox_NONCEBYTES and crypto_secretbox_MACBYTES.</summary>
    public const int KeySize = 32, NonceSize = 24, TagSize = 16;

    private const string Library = "libsodium";

    static Sodium()
    {
        if (sodium_init() < 0)
        {
            throw new InvalidOperationException("libsodium cannot be used: the kernel gives it no random numbers");
        }
    }

    /// <summary>For instance <c>1.0.18</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)sodium_version_string()) ?? "";

    /// <summary>Random bytes fit for keys and nonces.</summary>
    public static void Random(Span<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            randombytes_buf(first, (nuint)bytes.Length);
        }
    }

    /// <summary>XSalsa20-Poly1305: the tag, then the ciphertext.</summary>
    /// <param name="plain">What to seal.</param>
    /// <param name="nonce">Never used before with this key.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="result">Takes <see cref="TagSize"/> bytes more than <paramref name="plain"/>.</param>
    public static void Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, Span<byte> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, plain.Length + TagSize);
        RequireSizes(nonce, key);
        fixed (byte* plainFirst = plain, nonceFirst = nonce, keyFirst = key, resultFirst = result)
        {
            _ = crypto_secretbox_easy(resultFirst, plainFirst, (ulong)plain.Length, nonceFirst, keyFirst);
        }
    }

    /// <summary>Undoes <see cref="Seal"/>.</summary>
    /// <returns>False when it is too short, or was not sealed so with this nonce and key.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> box, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, Span<byte> result)
    {
        RequireSizes(nonce, key);
        if (box.Length < TagSize)
        {
            return false;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, box.Length - TagSize);
        fixed (byte* boxFirst = box, nonceFirst = nonce, keyFirst = key, resultFirst = result)
        {
            return crypto_secretbox_open_easy(resultFirst, boxFirst, (ulong)box.Length, nonceFirst, keyFirst) == 0;
        }
    }

    private static void RequireSizes(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, [CallerMemberName] string caller = "")
    {
        if (nonce.Length != NonceSize || key.Length != KeySize)
        {
            throw new ArgumentException($"{caller}: a nonce of {nonce.Length} and a key of {key.Length} bytes");
        }
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    private static partial byte* sodium_version_string();

    [LibraryImport(Library)]
    private static partial void randombytes_buf(byte* buffer, nuint size);

    [LibraryImport(Library)]
    private static partial int crypto_secretbox_easy(byte* result, byte* plain, ulong size, byte* nonce, byte* key);

    [LibraryImport(Library)]
    private static partial int crypto_secretbox_open_easy(byte* result, byte* box, ulong size, byte* nonce, byte* key);
}
