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
}
