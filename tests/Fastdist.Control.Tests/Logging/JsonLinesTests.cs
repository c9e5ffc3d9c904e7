using System.Linq;
using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using Fastdist.Control.Logging;
using Fastdist.Proxy;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Logging;

[Trait("Stage", "5")]
public sealed class JsonLinesTests
{
    [Fact]
    public void A_line_is_an_object_with_time_level_event_message_and_parameters()
    {
        using var log = new LogUnderTest(LogFormat.Json);
        log.Clock.Advance(1.250001);
        log.Log.Granted(new IPEndPoint(IPAddress.Loopback, 53), 1, 4_294_967_296, true);

        Assert.Equal(
            """{"ts":"2026-03-01T23:59:59.250001Z","level":"warning","event":"Granted","id":903,"msg":"127.0.0.1:53: 1 of 4294967296 bytes, final: True","address":"127.0.0.1:53","granted":1,"wanted":4294967296,"final":true}""" + "\n",
            log.Text());
    }

    [Fact]
    public void Levels_go_by_their_usual_names()
    {
        using var log = new LogUnderTest(LogFormat.Json, Microsoft.Extensions.Logging.LogLevel.Debug);
        log.Log.End();
        log.Log.Refused("one", "expired", null);
        log.Log.Granted(new IPEndPoint(IPAddress.Loopback, 53), 1, 2, false);
        log.Log.Up("one");
        log.Log.Detail(1);

        Assert.Equal(["critical", "error", "warning", "info", "debug"], log.Lines().Select(line => LogUnderTest.Parse(line).GetProperty("level").GetString()));
    }

    [Fact]
    public void A_parameter_without_a_value_is_null()
    {
        using var log = new LogUnderTest(LogFormat.Json);
        log.Log.Refused("one", "expired", null);
        Assert.Equal(JsonValueKind.Null, log.Object().GetProperty("subject").ValueKind);
    }

    [Fact]
    public void Whatever_the_network_says_comes_back_from_the_line_as_it_was() =>
        Gen.String.Sample(subject =>
        {
            using var log = new LogUnderTest(LogFormat.Json);
            log.Log.Refused("one", "expired", subject);
            byte[] bytes = log.Bytes();

            Assert.All(bytes[..^1], b => Assert.InRange(b, 0x20, 0x7e));
            string wanted = string.Concat(subject.EnumerateRunes());
            JsonElement parsed = LogUnderTest.Parse(Encoding.ASCII.GetString(bytes));
            Assert.Equal(wanted, parsed.GetProperty("subject").GetString());
            Assert.Equal($"backend one: refused: expired (subject {wanted})", parsed.GetProperty("msg").GetString());
        });

    [Theory]
    [InlineData("\"},{\"level\":\"critical\n")]
    [InlineData("\e[2J\u009b\u202e\0\x7f")]
    [InlineData("<script>&'`+\\")]
    public void No_value_leaves_its_member(string value)
    {
        using var log = new LogUnderTest(LogFormat.Json);
        log.Log.Refused(value, value, value);
        JsonElement line = log.Object();
        Assert.Equal(["ts", "level", "event", "id", "msg", "backend", "reason", "subject"], line.EnumerateObject().Select(m => m.Name));
        Assert.Equal(value, line.GetProperty("subject").GetString());
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced()
    {
        using var log = new LogUnderTest(LogFormat.Json);
        log.Log.Up("a\ud800b");
        JsonElement line = log.Object();
        Assert.Equal(("a\ufffdb", "backend a\ufffdb marked up"), (line.GetProperty("backend").GetString(), line.GetProperty("msg").GetString()));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\"")]
    [InlineData("東")]
    [InlineData("🔒")]
    [InlineData("\0")]
    public void A_line_of_any_length_is_cut_and_still_an_object(string character)
    {
        foreach (int count in Enumerable.Range(80, 30).Append(600).Append(100_000))
        {
            string text = string.Concat(Enumerable.Repeat(character, count));
            using var log = new LogUnderTest(LogFormat.Json);
            log.Log.Long(text, text, text, text, text, text);
            string line = Assert.Single(log.Lines());
            Assert.InRange(line.Length + 1, 1, JsonLines.MaxSize);
            JsonElement parsed = LogUnderTest.Parse(line);
            if (count >= 600)
            {
                Assert.EndsWith("...", parsed.GetProperty("msg").GetString());
                Assert.EndsWith("...", parsed.GetProperty("a").GetString());
                Assert.StartsWith(character, parsed.GetProperty("a").GetString());
            }
        }
    }

    [Fact]
    public void A_line_of_counters_is_a_message_without_parameters_and_whole()
    {
        string counters = $"stats frontend {new string('a', 5000)}=1";
        using var log = new LogUnderTest(LogFormat.Json);
        log.Log.StatisticsLine(counters);

        JsonElement line = log.Object();
        Assert.Equal(["ts", "level", "event", "id", "msg"], line.EnumerateObject().Select(m => m.Name));
        Assert.Equal(("Statistics", counters), (line.GetProperty("event").GetString(), line.GetProperty("msg").GetString()));
    }
}
