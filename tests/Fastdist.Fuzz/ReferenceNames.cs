using System;
using System.Collections.Generic;

namespace Fastdist.Fuzz;

/// <summary>Reads records with all their names written out, plainly: two messages say the same when these are the same.</summary>
internal static class ReferenceNames
{
    private const int MaxPointers = 127;

    /// <summary>The records that are wanted, one text each; null when one of them has a broken name.</summary>
    internal static List<string>? Expanded(byte[] message, IEnumerable<ReferenceRecord> records)
    {
        var texts = new List<string>();
        foreach (ReferenceRecord record in records)
        {
            if (NameAt(message, record.Start, record.End, 0, out _) is not string owner || DataOf(message, record) is not string data)
            {
                return null;
            }

            texts.Add($"{record.Section} {owner} {Hex.Of(message.AsSpan(record.NameEnd, 8))} {data}");
        }

        return texts;
    }

    /// <summary>Bytes before the names in a type's data, and how many there are. NAPTR has three texts besides.</summary>
    private static (int Before, int Count) LayoutOf(int type) => type switch
    {
        2 or 3 or 4 or 5 or 7 or 8 or 9 or 12 or 23 or 30 or 39 or 47 => (0, 1),
        6 or 14 or 17 => (0, 2),
        15 or 18 or 21 or 36 => (2, 1),
        26 => (2, 2),
        33 => (6, 1),
        35 => (4, 1),
        24 or 46 => (18, 1),
        _ => (0, 0),
    };

    private static string? DataOf(byte[] message, ReferenceRecord record)
    {
        byte[] data = message[record.DataStart..record.End];
        (int before, int count) = LayoutOf(record.Type);
        if (data.Length == 0 || count == 0)
        {
            return Hex.Of(data);
        }

        for (int texts = record.Type == 35 ? 3 : 0; texts > 0; texts--)
        {
            before += before < data.Length ? 1 + data[before] : 256 * 256;
        }

        if (before > data.Length)
        {
            return null;
        }

        string text = Hex.Of(data.AsSpan(0, before));
        int at = record.DataStart + before;
        for (int left = count; left > 0; left--)
        {
            if (NameAt(message, at, record.End, 0, out at) is not string name)
            {
                return null;
            }

            text += " " + name;
        }

        return text + " " + Hex.Of(message.AsSpan(at, record.End - at));
    }

    /// <summary>A name in hex; null when it is broken, leads into what it stands in or behind that, or is longer than 255 bytes.</summary>
    private static string? NameAt(byte[] message, int start, int limit, int pointers, out int end)
    {
        int offset = start;
        end = start;
        while (offset < limit && message[offset] is > 0 and <= 63)
        {
            offset += 1 + message[offset];
        }

        if (offset >= limit || pointers > MaxPointers || offset - start > 254)
        {
            return null;
        }

        string front = Hex.Of(message.AsSpan(start, offset - start));
        end = offset + 1;
        if (message[offset] == 0)
        {
            return front + "00";
        }

        if (message[offset] < 0xC0 || offset + 1 >= limit)
        {
            return null;
        }

        end = offset + 2;
        int target = ((message[offset] & 0x3F) << 8) | message[offset + 1];
        string? rest = target >= 12 && target < start ? NameAt(message, target, start, pointers + 1, out _) : null;
        return rest is null || front.Length + rest.Length > 510 ? null : front + rest;
    }
}
