using System;
using Fastdist.Control.Secrets.Interop;

namespace Fastdist.Control.Secrets;

/// <summary>The secret that a console and its clients share: 32 bytes, written as base64 (RFC 4648 section 4).</summary>
public sealed class SharedKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = Sodium.KeySize;

    private const string Before = "setKey(\"", Behind = "\")";
    private const string Remedy = "make a key with: fastdist -e 'makeKey()'";

    private readonly byte[] _bytes;

    private SharedKey(byte[] bytes) => _bytes = bytes;

    /// <summary>The linked libsodium, for instance <c>1.0.18</c>.</summary>
    public static string LibraryVersion => Sodium.Version;

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a key: base64, alone or in the line that <see cref="MakeKey"/> makes of it.</summary>
    /// <exception cref="FormatException">It is not base64, or not of 32 bytes. The message does not repeat it.</exception>
    public static SharedKey Parse(string text)
    {
        ReadOnlySpan<char> key = text.AsSpan().Trim();
        if (key.Length >= Before.Length + Behind.Length && key.StartsWith(Before) && key.EndsWith(Behind))
        {
            key = key[Before.Length..^Behind.Length];
        }

        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(key.ToString());
        }
        catch (FormatException)
        {
            throw new FormatException($"not base64; {Remedy}");
        }

        return bytes.Length == Size ? new SharedKey(bytes) : throw new FormatException($"{bytes.Length} bytes long, not {Size}; {Remedy}");
    }

    /// <summary>A new random key.</summary>
    public static SharedKey Create()
    {
        byte[] bytes = new byte[Size];
        Sodium.Random(bytes);
        return new SharedKey(bytes);
    }

    /// <summary>What <c>makeKey()</c> prints: a new key in the line of configuration that sets it, as dnsdist has it.</summary>
    public static string MakeKey() => $"{Before}{Create().ToBase64()}{Behind}\n";

    /// <summary>The key as <see cref="Parse"/> reads it.</summary>
    public string ToBase64() => Convert.ToBase64String(_bytes);
}
