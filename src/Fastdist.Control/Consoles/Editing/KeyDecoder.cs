using System;
using System.Buffers;
using System.Text;

namespace Fastdist.Control.Consoles.Editing;

/// <summary>From a terminal's bytes to keys: UTF-8, control characters, and the escape sequences of ECMA-48 terminals.</summary>
internal sealed class KeyDecoder
{
    private const byte Escape = 0x1B, Backspace = 8, Delete = 0x7F;

    /// <summary>Longer sequences than this are of no key.</summary>
    private const int Longest = 16;

    private readonly byte[] _pending = new byte[Longest];
    private int _count;

    /// <summary>Takes the next byte.</summary>
    /// <returns>A key, or <see cref="KeyKind.None"/> while one is incomplete or has no meaning.</returns>
    public Key Next(byte value)
    {
        if (_count > 0 && BeginsAnew(value))
        {
            _count = 0;
        }

        _pending[_count++] = value;
        ReadOnlySpan<byte> bytes = _pending.AsSpan(0, _count);
        Key? key = bytes[0] == Escape ? DecodeEscape(bytes) : Decode(bytes);
        if (key is not null || _count == Longest)
        {
            _count = 0;
        }

        return key ?? default;
    }

    /// <summary>Whether what is pending was broken off, as by the Escape key alone, and this is a key by itself.</summary>
    private bool BeginsAnew(byte value) => _pending[0] == Escape
        ? value is < 0x20 or >= Delete && (value is not (Backspace or Delete) || _count > 1)
        : (value & 0xC0) != 0x80;

    private static Key? Decode(ReadOnlySpan<byte> bytes)
    {
        if (Rune.DecodeFromUtf8(bytes, out Rune rune, out _) is var status && status != OperationStatus.Done)
        {
            return status == OperationStatus.NeedMoreData ? null : default(Key);
        }

        return rune.Value switch
        {
            1 => new Key(KeyKind.Home),
            2 => new Key(KeyKind.Left),
            3 => new Key(KeyKind.Cancel),
            4 => new Key(KeyKind.DeleteOrEnd),
            5 => new Key(KeyKind.End),
            6 => new Key(KeyKind.Right),
            Backspace or Delete => new Key(KeyKind.DeleteBefore),
            9 => new Key(KeyKind.Complete),
            10 or 13 => new Key(KeyKind.Accept),
            11 => new Key(KeyKind.KillToEnd),
            12 => new Key(KeyKind.ClearScreen),
            14 => new Key(KeyKind.Later),
            16 => new Key(KeyKind.Earlier),
            20 => new Key(KeyKind.Transpose),
            21 => new Key(KeyKind.KillToStart),
            23 => new Key(KeyKind.KillWordBefore),
            25 => new Key(KeyKind.Yank),
            _ => Rune.IsControl(rune) ? default : new Key(KeyKind.Character, rune),
        };
    }

    private static Key? DecodeEscape(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 1)
        {
            return null;
        }

        if (bytes[1] is not ((byte)'[' or (byte)'O'))
        {
            return bytes[1] switch
            {
                (byte)'b' or (byte)'B' => new Key(KeyKind.WordLeft),
                (byte)'f' or (byte)'F' => new Key(KeyKind.WordRight),
                (byte)'d' or (byte)'D' => new Key(KeyKind.KillWordAfter),
                Backspace or Delete => new Key(KeyKind.KillWordBefore),
                _ => default(Key),
            };
        }

        // Parameters and intermediates are below 0x40; the byte that ends the sequence is not. Linux's own F1 to F5 are [[A to [[E.
        bool isOpen = bytes.Length == 2 || bytes[^1] < 0x40 || bytes[2..] is [(byte)'['];
        return isOpen ? null : Sequence(bytes[2..^1], bytes[^1]);
    }

    private static Key Sequence(ReadOnlySpan<byte> parameters, byte final)
    {
        if (parameters is [(byte)'['])
        {
            return default;
        }

        bool isWord = parameters.EndsWith(";5"u8) || parameters.EndsWith(";3"u8);
        return (char)final switch
        {
            'A' => new Key(KeyKind.Earlier),
            'B' => new Key(KeyKind.Later),
            'C' => new Key(isWord ? KeyKind.WordRight : KeyKind.Right),
            'D' => new Key(isWord ? KeyKind.WordLeft : KeyKind.Left),
            'H' => new Key(KeyKind.Home),
            'F' => new Key(KeyKind.End),
            '~' when parameters.SequenceEqual("3"u8) => new Key(KeyKind.DeleteUnder),
            '~' when parameters.SequenceEqual("1"u8) || parameters.SequenceEqual("7"u8) => new Key(KeyKind.Home),
            '~' when parameters.SequenceEqual("4"u8) || parameters.SequenceEqual("8"u8) => new Key(KeyKind.End),
            _ => default,
        };
    }
}
