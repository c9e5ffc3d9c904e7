using System;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class WireNameTests
{
    /// <summary>The example of RFC 1035 4.1.4: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root.</summary>
    private static readonly byte[] s_example = Hex.Bytes(
        new string('0', 2 * 20), "01 46 03 495349 04 41525041 00",
        new string('0', 2 * 8), "03 464F4F C014",
        new string('0', 2 * 18), "C01A",
        new string('0', 2 * 26), "00");

    [Theory]
    [InlineData(20, 32, 0)]
    [InlineData(40, 46, 20)]
    [InlineData(64, 66, 26)]
    [InlineData(92, 93, 0)]
    public void The_names_of_RFC_1035s_example_end_where_it_draws_them(int start, int end, int target)
    {
        Assert.Equal(end, WireName.End(s_example, start, out int found));
        Assert.Equal(target, found);
    }

    [Theory]
    [InlineData(20, 32)]
    [InlineData(40, -1)]
    [InlineData(64, -1)]
    [InlineData(92, 93)]
    public void A_plain_name_has_no_pointer(int start, int end) =>
        Assert.Equal(end, WireName.EndOfPlain(s_example, start));

    [Fact]
    public void A_name_that_runs_off_the_end_is_broken()
    {
        for (int length = 40; length < 46; length++)
        {
            Assert.Equal(-1, WireName.End(s_example.AsSpan(0, length), 40, out _));
        }
    }
}
