using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Fuzz.Cache;

/// <summary>The rules of keys and of kept answers once more, written for plainness only.</summary>
internal static class KeptReference
{
    internal const int PayloadSize = 1400;

    private const int ExtendedError = 15;
    private const int Subnet = 8;
    private const int MaxRecords = 506;
    private const int MaxErrors = 512;
    private static readonly int[] s_neverInKeys = [3, 8, 10, 11, 12];

    /// <summary>The key of a message, or null when no cache may know of it.</summary>
    internal static byte[]? KeyOf(byte[] message)
    {
        var reference = new Reference(message);
        bool isPlain = reference.HasHeader && (message[2] & 0xFE) == 0 && (message[3] & 0xCF) == 0 && message[4] == 0 && message[5] == 1 && message[6..11].All(static count => count == 0)
            && reference.IsSound && !reference.HasTrailer && (reference.Records.Count == 0 || (reference.Records.Count == 1 && reference.Opt is not null));
        if (!isPlain)
        {
            return null;
        }

        int end = reference.QuestionEnd;
        int type = (message[end - 4] << 8) | message[end - 3];
        byte[]? opt = reference.Opt is { } record ? message[record.Start..record.End] : null;
        bool isKnown = opt is null || (reference.Options is not null && opt[5] == 0 && (opt[7] & 0x3F) == 0 && opt[8] == 0);
        byte[] options = [.. (reference.Options ?? []).Where(static option => !s_neverInKeys.Contains(Reference.CodeOf(option))).SelectMany(static option => option)];
        if (type is 0 or 41 or (>= 128 and < 255) || !isKnown || options.Length > 232)
        {
            return null;
        }

        int bits = (message[2] & 1) | ((message[3] & 0x10) >> 3) | ((message[3] & 0x20) >> 3) | (opt is null ? 0 : 16 | ((opt[7] & 0x80) >> 4) | ((opt[7] & 0x40) >> 1));
        return [(byte)bits, .. message[(end - 4)..end], (byte)options.Length, .. message[12..(end - 4)].Select(Lower), .. options];
    }

    /// <summary>Whether an answer may be kept.</summary>
    internal static bool IsKept(byte[] answer)
    {
        var reference = new Reference(answer);
        bool isOne = reference.HasHeader && (answer[2] & 0xF8) == 0x80 && answer[4] == 0 && answer[5] == 1 && reference.IsSound;
        return isOne && (reference.MayAppendOpt || (reference.IsEditable && answer[reference.Opt!.Start + 5] == 0)) && reference.Records.Count(static record => record.Type != 41) <= MaxRecords;
    }

    /// <summary>A query that asks an answer's question in the other letters, with DO when it has an OPT.</summary>
    internal static byte[] QueryFor(byte[] answer, bool hasOpt, params byte[] options)
    {
        int end = new Reference(answer).QuestionEnd;
        byte[] question = [.. answer[12..(end - 4)].Select(Swapped), .. answer[(end - 4)..end]];
        byte[] query = [0x43, 0x21, 0x01, 0x10, 0, 1, 0, 0, 0, 0, 0, 0, .. question];
        return hasOpt ? WithDnssecOk(new Reference(query).WithOpt(PayloadSize, options)) : query;
    }

    /// <summary>An answer that may be kept, as a client gets it some time later.</summary>
    internal static byte[] Restored(byte[] answer, byte[] query, uint age, params byte[] moreOptions)
    {
        var reference = new Reference(answer);
        byte[] restored = reference.Opt is null ? [.. answer] : reference.WithoutOpt;
        (restored[0], restored[1]) = (query[0], query[1]);
        restored[2] = (byte)((restored[2] & ~1) | (query[2] & 1));
        restored[3] = (byte)((restored[3] & ~0x10) | (query[3] & 0x10));
        query[12..reference.QuestionEnd].CopyTo(restored, 12);
        foreach (int at in new Reference(restored).Records.Select(static record => record.NameEnd + 4))
        {
            uint stated = ((uint)Invariants.Number(restored, at) << 16) | (uint)Invariants.Number(restored, at + 2);
            uint seconds = stated > int.MaxValue || stated < age ? 0 : stated - age;
            for (int shift = 0; shift < 4; shift++)
            {
                restored[at + shift] = (byte)(seconds >> (24 - (8 * shift)));
            }
        }

        bool hasOpt = reference.Opt is not null && new Reference(query).Opt is not null;
        return hasOpt ? WithDnssecOk(new Reference(restored).WithOpt(PayloadSize, [.. ErrorsOf(reference), .. moreOptions])) : restored;
    }

    /// <summary>Whether an answer's OPT has just one edns-client-subnet option.</summary>
    internal static bool HasSubnet(byte[] answer) => (new Reference(answer).Options ?? []).Count(static option => Reference.CodeOf(option) == Subnet) == 1;

    private static IEnumerable<byte> ErrorsOf(Reference reference)
    {
        var kept = new List<byte>();
        foreach (byte[] option in reference.Options!.Where(static option => Reference.CodeOf(option) == ExtendedError && option.Length >= 6))
        {
            if (kept.Count + option.Length <= MaxErrors)
            {
                kept.AddRange(option);
            }
        }

        return kept;
    }

    private static byte[] WithDnssecOk(byte[] message)
    {
        message[new Reference(message).Opt!.Start + 7] = 0x80;
        return message;
    }

    private static byte Lower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter + 32) : letter;

    private static byte Swapped(byte letter) => letter is >= (byte)'a' and <= (byte)'z' ? (byte)(letter - 32) : Lower(letter);
}
