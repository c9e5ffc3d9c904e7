using System;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

/// <summary>Edits of a message in its buffer, and what they left there.</summary>
internal static class Edits
{
    internal delegate bool Edit(Span<byte> buffer, ref int length);

    internal static string Edited(string shape, Edit edit)
    {
        byte[] message = Corpus.Messages[shape];
        byte[] buffer = [.. message, .. new byte[100]];
        int length = message.Length;
        Assert.True(edit(buffer, ref length));
        return Hex.Of(buffer.AsSpan(0, length));
    }

    internal static void Refused(byte[] message, Edit edit) => RefusedIn(message, 1000, edit);

    internal static void RefusedIn(byte[] message, int room, Edit edit)
    {
        byte[] buffer = [.. message, .. new byte[room]];
        byte[] before = [.. buffer];
        int length = message.Length;
        Assert.False(edit(buffer, ref length));
        Assert.Equal(message.Length, length);
        Assert.Equal(before, buffer);
    }

    /// <summary>A query of that many bytes: before the records named here stands one that is as large as it takes.</summary>
    internal static byte[] Filled(int length, params string[] records)
    {
        byte[] last = Hex.Bytes(records);
        byte[] head = Hex.Bytes("1234 0100 0001 0000 0000", (records.Length + 1).ToString("X4", null), Corpus.ExampleCom, "0001 0001");
        int fill = length - head.Length - 11 - last.Length;
        byte[] filler = [.. Hex.Bytes("00 0010 0001 00000000", fill.ToString("X4", null)), .. new byte[fill]];
        return [.. head, .. filler, .. last];
    }
}
