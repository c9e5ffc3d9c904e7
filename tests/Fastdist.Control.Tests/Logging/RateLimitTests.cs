using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Control.Logging;
using Fastdist.Proxy;
using Fastdist.Settings;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Control.Tests.Logging;

[Trait("Stage", "5")]
public sealed class RateLimitTests
{
    private const string Line = "backend one marked up";

    [Fact]
    public void Of_one_kind_a_burst_passes_and_then_one_a_second()
    {
        using var log = new LogUnderTest();
        Flood(log, LogProvider.Burst + 7);
        log.Clock.Advance(0.999);
        Flood(log, 1);
        log.Clock.Advance(0.001);
        Flood(log, 2);
        log.Clock.Advance(3);
        Flood(log, 4);

        Assert.Equal(10, log.Provider.Suppressed);
        string[] lines = log.Lines();
        Assert.All(lines[..LogProvider.Burst], line => Assert.Equal(Line, line));
        Assert.Equal(
            [$"{Line} (suppressed 8 more like this)", $"{Line} (suppressed 1 more like this)", Line, Line, "suppressed 1 more like this: Up"],
            lines[LogProvider.Burst..]);
    }

    [Fact]
    public void After_a_silence_the_whole_burst_is_there_again_and_no_more()
    {
        using var log = new LogUnderTest();
        Flood(log, LogProvider.Burst);
        log.Clock.Advance(3600);
        Flood(log, LogProvider.Burst + 1);
        Assert.Equal(1, log.Provider.Suppressed);
    }

    [Fact]
    public void A_flood_of_one_kind_leaves_the_others_alone()
    {
        using var log = new LogUnderTest();
        Flood(log, LogProvider.Burst + 1);
        log.Log.End();
        log.Provider.CreateLogger("other").Up("two");

        Assert.Equal(["the end", "backend two marked up", "suppressed 1 more like this: Up"], log.Lines()[LogProvider.Burst..]);
    }

    [Fact]
    public void When_no_more_come_it_is_told_once_how_many_were_left_out()
    {
        using var log = new LogUnderTest();
        Flood(log, LogProvider.Burst + 5);
        log.Provider.Maintain();
        log.Clock.Advance(1);
        log.Provider.Maintain();
        log.Clock.Advance(1);
        log.Provider.Maintain();
        log.Log.End();

        Assert.Equal(["suppressed 5 more like this: Up", "the end"], log.Lines()[LogProvider.Burst..]);
    }

    [Fact]
    public void While_more_come_the_telling_takes_no_place_from_them()
    {
        using var log = new LogUnderTest();
        Flood(log, LogProvider.Burst + 1);
        for (int second = 0; second < 5; second++)
        {
            log.Provider.Maintain();
            log.Clock.Advance(1);
            Flood(log, 2);
        }

        Assert.All(log.Lines()[LogProvider.Burst..^1], line => Assert.Equal($"{Line} (suppressed 1 more like this)", line));
    }

    [Fact]
    public void In_json_what_was_left_out_is_a_member()
    {
        using var log = new LogUnderTest(LogFormat.Json);
        Flood(log, LogProvider.Burst + 3);
        log.Clock.Advance(1);
        Flood(log, 2);

        JsonElement[] lines = [.. log.Lines().Select(LogUnderTest.Parse)];
        Assert.Equal(3, lines[^2].GetProperty("suppressed").GetInt64());
        Assert.Equal(("Up", Line), (lines[^2].GetProperty("event").GetString(), lines[^2].GetProperty("msg").GetString()));
        Assert.Equal(("MessagesSuppressed", "Up", 1), (lines[^1].GetProperty("event").GetString(), lines[^1].GetProperty("kind").GetString(), lines[^1].GetProperty("suppressed").GetInt64()));
    }

    [Fact]
    public void Counters_are_not_limited()
    {
        using var log = new LogUnderTest();
        for (int i = 0; i < LogProvider.Burst * 10; i++)
        {
            log.Log.StatisticsLine("stats end");
        }

        Assert.Equal(0, log.Provider.Suppressed);
        Assert.Equal(LogProvider.Burst * 10, log.Lines().Length);
    }

    [Fact]
    public void A_message_that_is_left_out_is_not_formatted_and_costs_no_memory()
    {
        using var log = new LogUnderTest();
        Flood(log, LogProvider.Burst + 1);
        string hostile = new('a', 100_000);
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                log.Log.Up(hostile);
                log.Log.Detail(i);
            }
        });
    }

    [Fact]
    public void Threads_that_log_at_once_share_the_burst_and_lose_no_count()
    {
        using var log = new LogUnderTest();
        Parallel.For(0, 8, _ => Flood(log, 1000));

        // The last that passes may tell already of the first that did not.
        string[] lines = log.Lines();
        Assert.Equal(8000 - LogProvider.Burst, log.Provider.Suppressed);
        Assert.Equal(LogProvider.Burst, lines.Count(line => line.StartsWith(Line, StringComparison.Ordinal)));
        Assert.Equal(8000 - LogProvider.Burst, lines.Sum(SuppressedBefore));
        Assert.EndsWith(" more like this: Up", lines[^1], StringComparison.Ordinal);

        static int SuppressedBefore(string line) => line.Contains("suppressed ", StringComparison.Ordinal) ? int.Parse(line.Split("suppressed ")[1].Split(' ')[0], CultureInfo.InvariantCulture) : 0;
    }

    [Theory]
    [InlineData(LogFormat.Text, 3_788_800)]
    [InlineData(LogFormat.Systemd, 3_788_800)]
    [InlineData(LogFormat.Json, 15_155_200)]
    public void An_hour_of_the_worst_that_one_kind_can_do_stays_within_its_bytes(LogFormat format, long most)
    {
        using var log = new LogUnderTest(format);
        string hostile = new('\e', 5000);
        for (int i = 0; i < 36_000; i++)
        {
            log.Log.Refused(hostile, hostile, hostile);
            log.Clock.Advance(0.1);
            if (i % 10 == 0)
            {
                log.Provider.Maintain();
            }
        }

        Assert.Equal(most, LogProvider.MaxBytes(format, TimeSpan.FromHours(1)));
        Assert.InRange(log.Bytes().Length, 1_000_000, most);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(3)]
    public void No_rhythm_of_floods_and_silences_gets_more_lines_written(double pause)
    {
        using var log = new LogUnderTest();
        int seconds = 0;
        for (double now = 0; now < 600; now += pause)
        {
            Flood(log, 10);
            log.Clock.Advance(pause);
            for (; seconds < now; seconds++)
            {
                log.Provider.Maintain();
            }
        }

        // The last line is that of the end.
        Assert.InRange(log.Lines().Length, 1, LogProvider.Burst + 600 + 1);
    }

    private static void Flood(LogUnderTest log, int count)
    {
        for (int i = 0; i < count; i++)
        {
            log.Log.Up("one");
        }
    }
}
