using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Fuzz;

/// <summary>Reads records with all their names written out, plainly: two messages say the same when these are the same.</summary>
internal static class ReferenceNames
{
    private const int MaxPointers = 127;

    /// <summary>By type: bytes before the names, and how many there are. NAPTR has three texts besides.</summary>
    private static readonly Dictionary<int, (int Before, int Count)> s_layouts = new()
    {
        [2] = (0, 1), [3] = (0, 1), [4] = (0, 1), [5] = (0, 1), [6] = (0, 2), [7] = (0, 1), [8] = (0, 1), [9] = (0, 1), [12] = (0, 1), [14] = (0, 2),
        [15] = (2, 1), [17] = (0, 2), [18] = (2, 1), [21] = (2, 1), [23] = (0, 1), [24] = (18, 1), [26] = (2, 2), [30] = (0, 1), [33] = (6, 1),
        [35] = (4, 1), [36] = (2, 1), [39] = (0, 1), [46] = (18, 1), [47] = (0, 1),
    };

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

    private static string? DataOf(byte[] message, ReferenceRecord record)
    {
        byte[] data = message[record.DataStart..record.End];
        if (data.Length == 0 || !s_layouts.TryGetValue(record.Type, out (int Before, int Count) layout))
        {
            return Hex.Of(data);
        }

        int before = layout.Before;
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
        for (int left = layout.Count; left > 0; left--)
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
