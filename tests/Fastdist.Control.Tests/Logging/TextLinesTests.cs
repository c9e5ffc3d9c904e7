using System;
using System.Linq;
using System.Net;
using System.Text;
using Fastdist.Control.Logging;
using Fastdist.Proxy;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Fastdist.Control.Tests.Logging;

[Trait("Stage", "5")]
public sealed class TextLinesTests
{
    [Fact]
    public void A_bare_line_is_the_message()
    {
        using var log = new LogUnderTest();
        log.Log.Up("one");
        log.Log.Granted(new IPEndPoint(IPAddress.Loopback, 53), 1, 4_194_304, true);

        Assert.Equal("backend one marked up\n127.0.0.1:53: 1 of 4194304 bytes, final: True\n", log.Text());
    }

    [Fact]
    [Trait("Row", "D13")]
    public void A_text_line_is_the_message_behind_its_time()
    {
        using var log = new LogUnderTest(LogFormat.Text);
        string time = log.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        log.Log.Up(new string('x', 2000));
        log.Log.Up("one");

        string[] lines = log.Lines();
        Assert.Equal($"{time} backend one marked up", lines[1]);
        Assert.StartsWith($"{time} backend xxx", lines[0], StringComparison.Ordinal);
        Assert.Equal(1023, lines[0].Length);
    }

    [Fact]
    public void A_line_for_the_journal_is_the_message_behind_its_priority()
    {
        using var log = new LogUnderTest(LogFormat.Systemd, LogLevel.Debug);
        log.Log.End();
        log.Log.Refused("one", "expired", "CN=a");
        log.Log.Granted(new IPEndPoint(IPAddress.IPv6Loopback, 53), 1, 2, false);
        log.Log.Up("one");
        log.Log.Detail(3);

        Assert.Equal(
            ["<2>the end", "<3>backend one: refused: expired (subject CN=a)", "<4>[::1]:53: 1 of 2 bytes, final: False", "<6>backend one marked up", "<7>connection 3 is ready"],
            log.Lines());
    }

    [Theory]
    [InlineData("\e[2J\e]0;owned\a", @"\x1b[2J\x1b]0;owned\x07")]
    [InlineData("a\nstats end\r\n<0>b", @"a\nstats end\r\n<0>b")]
    [InlineData("tab\there", @"tab\there")]
    [InlineData("\0\b\x7f", @"\x00\x08\x7f")]
    [InlineData("\u009b31m\u0085", @"\x9b31m\x85")]
    [InlineData("\u202egnp.exe\u2066\u200b", @"\u202egnp.exe\u2066\u200b")]
    [InlineData("\u2028\u2029\ufeff", @"\u2028\u2029\ufeff")]
    [InlineData("\U000e0041", @"\U000e0041")]
    [InlineData("CN=Grüße, O=東京 🔒", "CN=Grüße, O=東京 🔒")]
    public void What_moves_a_terminal_or_ends_a_line_is_written_as_an_escape(string subject, string written)
    {
        foreach ((LogFormat format, string prefix) in new[] { (LogFormat.Bare, ""), (LogFormat.Systemd, "<3>") })
        {
            using var log = new LogUnderTest(format);
            log.Log.Refused("one", "expired", subject);
            Assert.Equal($"{prefix}backend one: refused: expired (subject {written})\n", log.Text());
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced()
    {
        using var log = new LogUnderTest();
        log.Log.Up("a\ud800b");
        Assert.Equal("backend a\ufffdb marked up\n", log.Text());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("東")]
    [InlineData("🔒")]
    [InlineData("\e")]
    [InlineData("\U000e0041")]
    public void A_line_of_any_length_is_cut_between_characters_to_what_fits(string character)
    {
        foreach (int count in Enumerable.Range(80, 30).Append(2000).Append(100_000))
        {
            using var log = new LogUnderTest(LogFormat.Systemd);
            log.Log.Up(string.Concat(Enumerable.Repeat(character, count)));
            string line = Assert.Single(log.Lines());
            Assert.InRange(Encoding.UTF8.GetByteCount(line) + 1, 1, TextLines.MaxSize);
            if (count >= 2000)
            {
                Assert.EndsWith("...", line);
                Assert.InRange(Encoding.UTF8.GetByteCount(line) + 1, TextLines.MaxSize - 13, TextLines.MaxSize);
            }
        }
    }

    [Fact]
    public void A_line_that_just_fits_is_not_cut()
    {
        using var log = new LogUnderTest();
        string name = new('a', TextLines.MaxSize - "backend  marked up\n".Length);
        log.Log.Up(name);
        log.Log.Up(name + "a");

        string[] lines = log.Lines();
        Assert.Equal($"backend {name} marked up", lines[0]);
        Assert.Equal($"backend {name}a marked up"[..(TextLines.MaxSize - 4)] + "...", lines[1]);
    }

    [Fact]
    public void A_line_of_counters_is_whole_however_long_it_is()
    {
        string counters = $"stats frontend {new string('a', 5000)}=1";
        using var log = new LogUnderTest();
        log.Log.StatisticsLine(counters);
        Assert.Equal($"{counters}\n", log.Text());
    }

    [Fact]
    public void An_exception_is_told_in_the_same_line()
    {
        using var log = new LogUnderTest();
        log.Log.Failed(new InvalidOperationException("not\nnow"));
        Assert.Equal(@"request failed (InvalidOperationException: not\nnow)" + "\n", log.Text());
    }

    [Fact]
    public void Details_are_written_only_when_they_are_wanted()
    {
        using var log = new LogUnderTest();
        log.Log.Detail(1);
        Assert.False(log.Log.IsEnabled(LogLevel.Debug));
        Assert.Equal("", log.Text());
    }
}
