using System;
using System.Linq;
using Xunit;

namespace Fastdist.Dns.Tests;

public sealed class NameChangeTests
{
    private static readonly byte[] s_scratch = new byte[ushort.MaxValue];

    [Fact]
    public void Question_and_owners_that_are_the_same_are_changed_and_others_stay()
    {
        byte[] message = Message("www.example.com", Record("www.example.com", RecordType.CNAME, Wire("web.example.com")), Record("WWW.example.com", RecordType.A, [1, 2, 3, 4]), Record("web.example.com", RecordType.A, [1, 2, 3, 4]));
        byte[] expected = Message("other.test", Record("other.test", RecordType.CNAME, Wire("web.example.com")), Record("other.test", RecordType.A, [1, 2, 3, 4]), Record("web.example.com", RecordType.A, [1, 2, 3, 4]));
        Assert.True(Change(message, "other.test", out byte[] changed));
        Assert.Equal(Expand(expected), Expand(changed));
    }

    [Fact]
    public void A_name_and_back_is_the_message_that_it_was()
    {
        byte[] message = Message("www.example.com", Record("www.example.com", RecordType.A, [1, 2, 3, 4]));
        Assert.True(Change(message, "a.much.longer.name.test", out byte[] changed));
        Assert.True(Change(changed, "www.example.com", out byte[] back));
        Assert.Equal(Expand(message), Expand(back));
    }

    [Fact]
    public void A_message_cut_anywhere_stays_as_it_is()
    {
        byte[] message = Message("www.example.com", Record("www.example.com", RecordType.CNAME, Wire("web.example.com")));
        for (int cut = 0; cut < message.Length; cut++)
        {
            Assert.False(Change(message[..cut], "other.test", out byte[] same));
            Assert.Equal(message[..cut], same);
        }
    }

    [Fact]
    public void What_does_not_fit_is_not_changed()
    {
        byte[] message = Message("a", Record("a", RecordType.A, [1, 2, 3, 4]));
        int length = message.Length;
        Assert.False(NameChange.TryChange(message, ref length, Wire("longer.test"), s_scratch));
        Assert.Equal(message.Length, length);
    }

    private static bool Change(byte[] message, string name, out byte[] changed)
    {
        byte[] buffer = new byte[message.Length + 512];
        message.CopyTo(buffer, 0);
        int length = message.Length;
        bool isChanged = NameChange.TryChange(buffer, ref length, Wire(name), s_scratch);
        changed = buffer[..length];
        return isChanged;
    }

    /// <summary>What a message says, whatever its pointers: owners, types and data.</summary>
    private static string Expand(byte[] message)
    {
        Query.TryFindQuestion(message, out int end);
        string text = Names.ToText(message.AsSpan(Header.Size, end - Header.Size - 4));
        Span<byte> name = stackalloc byte[256];
        var walk = new RecordWalk(message, end);
        while (walk.Next())
        {
            int reach = 0;
            int length = WireName.Expand(message, walk.Start, name, out _, ref reach);
            text += $" {Names.ToText(name[..length])} {walk.Type}";
            if (walk.Type == RecordType.CNAME)
            {
                length = WireName.Expand(message, walk.Data, name, out _, ref reach);
                text += $" {Names.ToText(name[..length])}";
            }
        }

        return text;
    }

    private static byte[] Message(string name, params byte[][] records) =>
        [0, 1, 0x81, 0x80, 0, 1, 0, (byte)records.Length, 0, 0, 0, 0, .. Wire(name), 0, 1, 0, 1, .. records.SelectMany(record => record)];

    private static byte[] Record(string owner, RecordType type, byte[] data) => [.. Wire(owner), 0, (byte)type, 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data];

    private static byte[] Wire(string name)
    {
        byte[] wire = new byte[256];
        Names.TryParse(name, wire, out int length);
        return wire[..length];
    }
}
