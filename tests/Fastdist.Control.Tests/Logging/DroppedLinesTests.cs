using System.Linq;
using System.Text.Json;
using Fastdist.Control.Logging;
using Fastdist.Proxy;
using Fastdist.Proxy.Files;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Fastdist.Control.Tests.Logging;

[Trait("Stage", "5")]
public sealed class DroppedLinesTests
{
    [Theory]
    [InlineData(LogFormat.Bare, "5 lines were dropped")]
    [InlineData(LogFormat.Systemd, "<4>5 lines were dropped")]
    public void What_did_not_fit_is_told_once_there_is_room_again(LogFormat format, string told)
    {
        string[] lines = Overfill(format, out long dropped);

        // Within a line or two: it stands where the lines are that were queued when it happened.
        Assert.Equal(5, dropped);
        Assert.Equal(1 + LineQueue.Capacity + 1, lines.Length);
        Assert.Single(lines[^2..], told);
    }

    [Fact]
    public void In_json_it_is_told_with_a_number()
    {
        JsonElement line = Assert.Single(
            Overfill(LogFormat.Json, out _).Select(LogUnderTest.Parse), line => line.GetProperty("event").GetString() == "LinesDropped");
        Assert.Equal(("warning", 5), (line.GetProperty("level").GetString(), line.GetProperty("dropped").GetInt64()));
    }

    private static string[] Overfill(LogFormat format, out long dropped)
    {
        using var stream = new GatedStream();
        using var provider = new LogProvider(stream, format, LogLevel.Information, new FakeClock());
        ILogger log = provider.CreateLogger("test");
        log.StatisticsLine("first");
        stream.WaitForWrite();
        foreach (int line in Enumerable.Range(0, LineQueue.Capacity + 5))
        {
            log.StatisticsLine("further");
        }

        dropped = provider.Dropped;
        stream.Open();
        provider.Dispose();
        return stream.Lines();
    }
}
