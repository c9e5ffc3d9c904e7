using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Logs;

[Trait("Stage", "5")]
public sealed class LogFormatTests
{
    /// <summary>A name that would end the line, the string and the terminal's good behaviour.</summary>
    private const string Hostile = "o\n<0>\"}\e[2Jne";

    private const string Escaped = @"o\n<0>""}\x1b[2Jne";

    [Fact]
    public async Task In_json_every_line_is_an_object_with_its_time_level_event_and_message()
    {
        await using var lab = new Lab();
        DateTimeOffset before = DateTimeOffset.UtcNow;
        JsonElement[] lines = [.. (await LifeAsync(lab, "json", Hostile)).Select(Parse)];

        Assert.All(lines, line =>
        {
            Assert.Equal(["ts", "level", "event", "id", "msg"], line.EnumerateObject().Select(member => member.Name).Take(5));
            string time = Text(line, "ts");
            Assert.EndsWith("Z", time);
            Assert.InRange(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), before.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1));
            Assert.Contains(Text(line, "level"), (string[])["debug", "info", "warning", "error"]);
            Assert.NotEmpty(Text(line, "event"));
            Assert.InRange(line.GetProperty("id").GetInt32(), 1, 999);
            Assert.NotEmpty(Text(line, "msg"));
        });
        JsonElement ready = Assert.Single(lines, line => Text(line, "event") == "Ready");
        Assert.Equal(("info", 1), (Text(ready, "level"), ready.GetProperty("shards").GetInt32()));
        JsonElement refused = lines.First(line => Text(line, "event") == "CertificateRefused");
        Assert.Equal(("error", Hostile, "CN=elsewhere.test"), (Text(refused, "level"), Text(refused, "backend"), Text(refused, "subject")));
        JsonElement down = lines.First(line => Text(line, "event") == "BackendDown");
        Assert.Equal(("warning", Hostile), (Text(down, "level"), Text(down, "backend")));
        Assert.StartsWith("certificate refused", Text(down, "reason"));
        Assert.Equal("debug", Text(lines.First(line => Text(line, "event") == "HealthCheckFailed"), "level"));
        Assert.Equal("info", Text(Assert.Single(lines, line => Text(line, "event") == "Reloaded"), "level"));
        Assert.Equal("stats end", Text(lines.Last(line => Text(line, "event") == "Statistics"), "msg"));
        Assert.Equal("Stopped", Text(lines[^1], "event"));
    }

    [Fact]
    public async Task For_the_journal_every_line_is_one_with_its_priority()
    {
        await using var lab = new Lab();
        string[] lines = await LifeAsync(lab, "systemd", Hostile);

        Assert.All(lines, line => Assert.Matches(@"^<[3467]>\P{C}+$", line));
        Assert.Contains(lines, line => line.StartsWith($"<3>backend {Escaped}: certificate refused: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith($"<4>backend {Escaped} marked down: certificate refused: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith($"<7>backend {Escaped}: check failed: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("<6>fastdist ", StringComparison.Ordinal) && line.Contains(" ready: 1 shards, ", StringComparison.Ordinal));
        Assert.Contains("<6>reloaded", lines);
        Assert.Contains("<6>stats end", lines);
        Assert.Equal("<6>stopped", lines[^1]);
    }

    [Theory]
    [InlineData]
    [InlineData("text")]
    [Trait("Row", "D13")]
    public async Task Text_behind_its_time_is_what_is_written_when_nothing_else_is_asked_for(params string[] format)
    {
        await using var lab = new Lab();
        string[] lines = await LifeAsync(lab, format.SingleOrDefault(), Hostile);

        Assert.All(lines, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \P{C}+$", line));
        Assert.InRange(DateTimeOffset.Parse(lines[0].Split(' ')[0], CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow);
        Assert.EndsWith(" stopped", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--log-format text")]
    [Trait("Row", "D13")]
    public async Task The_journal_keeps_the_time_by_itself(string format)
    {
        await using var lab = new Lab();
        string log = lab.Scratch.PathOf("journal");
        const string shell = "exec 2>\"$0\"; JOURNAL_STREAM=$(stat -Lc %d:%i /dev/fd/2) exec \"$@\"";
        await using var fastdist = new ChildProcess(
            ["sh", "-c", shell, log, Repository.Fastdist, "-l", $"{Ports.Next()}", "--server", "127.0.0.1:9,tls=none", .. format.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        await Patience.UntilAsync(() => Task.FromResult(File.Exists(log) && File.ReadAllText(log).Contains(" ready: ", StringComparison.Ordinal)), "a start");

        Assert.All(File.ReadAllLines(log), line => Assert.DoesNotMatch("^[0-9]", line));
    }

    [Fact]
    public async Task Bare_is_the_message_alone()
    {
        await using var lab = new Lab();
        string[] lines = await LifeAsync(lab, "bare", Hostile);

        Assert.All(lines, line => Assert.Matches(@"^\P{C}+$", line));
        Assert.Contains(lines, line => line.StartsWith($"backend {Escaped}: certificate refused: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("fastdist ", StringComparison.Ordinal) && line.Contains(" ready: 1 shards, ", StringComparison.Ordinal));
        Assert.Contains("reloaded", lines);
        Assert.Contains("stats end", lines);
        Assert.Equal(["stopping: answering what is in flight", "stopped"], lines[^2..]);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("systemd")]
    public async Task What_ends_the_start_is_said_in_plain_words_whatever_the_format(string format)
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync("--log-format", format, "--local", "192.0.2.7:5300", "--server", "127.0.0.1:853,subjectName=a");
        Assert.Equal(1, await run.ExitAsync());
        Assert.StartsWith("fastdist: ", Assert.Single(run.Log.Snapshot()));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("systemd")]
    public async Task A_check_of_the_settings_warns_in_plain_words_whatever_the_format(string format)
    {
        await using var lab = new Lab();
        ServerCertificate certificate = lab.Authority.Issue(Lab.BackendName);
        string chain = lab.Scratch.Write("chain.pem", certificate.CertificatePem + "\n" + new CertificateAuthority("another").Pem);
        string key = lab.Scratch.WriteSecret("chain.key", certificate.KeyPem);
        ChildProcess run = await FastdistProcess.RunToEndAsync(
            "--check-config", "--log-format", format, "--tls-local", $"127.0.0.1:5853,cert={chain},key={key}", "--server", "127.0.0.1:853,subjectName=a");

        Assert.Equal(0, await run.ExitAsync());
        Assert.StartsWith("--tls-local ", Assert.Single(run.Log.Snapshot()));
    }

    [Fact]
    public async Task An_unknown_format_is_refused_with_the_known_ones()
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync("--check-config", "--log-format", "xml", "--server", "127.0.0.1:853,subjectName=a");
        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains("expected one of text, bare, json, systemd", run.Log.ToString());
    }

    /// <summary>What it logs from start to end, with a backend whose certificate is refused, a reload and the counters.</summary>
    private static async Task<string[]> LifeAsync(Lab lab, string? format, string name)
    {
        RogueBackend backend = lab.Rogue(Rogue.Answers, lab.Authority.Issue("elsewhere.test"));
        string[] asked = format is null ? [] : ["--log-format", format];
        await using var fastdist = new ChildProcess(
        [
            Repository.Fastdist, "-l", $"{Ports.Next()}", "--tls-local", $"{Ports.Next()},{lab.Certificate(lab.Authority.Issue(Lab.BackendName))}",
            "--server", lab.Server(backend.EndPoint, name), "--shards", "1", "--verbose", .. asked,
        ]);
        await SaysAsync("marked down");
        await SaysAsync("check failed");
        await SaysAsync(" ready: ");
        fastdist.Signal(LinuxSignal.User1);
        await SaysAsync("stats end");
        fastdist.Signal(LinuxSignal.HangUp);
        await SaysAsync("reloaded");
        fastdist.Signal(LinuxSignal.Terminate);
        Assert.Equal(0, await fastdist.ExitAsync());
        return fastdist.Log.Snapshot();

        Task SaysAsync(string words) => fastdist.Log.FirstAsync(line => line.Contains(words, StringComparison.Ordinal), $"with '{words}'");
    }

    private static JsonElement Parse(string line) =>
        JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;

    private static string Text(JsonElement line, string member) => line.GetProperty(member).GetString()!;
}
