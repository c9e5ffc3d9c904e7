using System;
using System.Collections.Generic;
using Xunit;

namespace Fastdist.Dns.Tests;

/// <summary>What scripts go over: TTLs and options.</summary>
public sealed class WalkTests
{
    private static readonly byte[] s_answer =
    [
        0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 1, 0, 1, 1, (byte)'a', 0, 0, 1, 0, 1,
        0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1,
        0xC0, 12, 0, 16, 0, 3, 0, 0, 1, 0, 0, 2, 1, (byte)'x',
        0, 0, 41, 4, 208, 0, 0, 0x80, 0, 0, 13, 0, 10, 0, 2, 7, 8, 0, 15, 0, 3, 0, 15, (byte)'z',
    ];

    [Fact]
    public void Each_TTL_is_shown_and_changed_but_the_OPTs()
    {
        byte[] message = [.. s_answer];
        var seen = new List<string>();
        var walk = new TtlWalk(message);
        while (walk.Next())
        {
            seen.Add($"{walk.Section} {walk.Class} {walk.Type} {walk.Ttl}");
            walk.Ttl = 5;
        }

        Assert.Equal(["Answer 1 A 60", "Authority 3 TXT 256"], seen);
        Assert.Equal((5, 5), (message[28], message[44]));
    }

    [Fact]
    public void Each_option_is_shown()
    {
        var seen = new List<string>();
        var walk = new OptionWalk(s_answer);
        while (walk.Next())
        {
            seen.Add($"{walk.Code} {Convert.ToHexString(walk.Data)}");
        }

        Assert.Equal(["10 0708", "15 000F7A"], seen);
    }

    [Fact]
    public void A_message_cut_anywhere_shows_nothing()
    {
        for (int cut = 0; cut < s_answer.Length; cut++)
        {
            Assert.False(new TtlWalk(s_answer.AsSpan(0, cut)).Next());
            Assert.False(new OptionWalk(s_answer.AsSpan(0, cut)).Next());
            Assert.Equal(-1, MessageFacts.EndOfRecords(s_answer.AsSpan(0, cut)));
            Assert.False(MessageFacts.IsDnssecOk(s_answer.AsSpan(0, cut)));
        }
    }

    [Fact]
    public void Where_records_end_and_whether_DO_is_set_is_told()
    {
        Assert.Equal(s_answer.Length, MessageFacts.EndOfRecords([.. s_answer, 1, 2]));
        Assert.True(MessageFacts.IsDnssecOk(s_answer));
    }
}
