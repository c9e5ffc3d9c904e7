using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>What requests over HTTPS are answered that is no DNS, by a frontend's map and by rules; and the lines that rules write about them.</summary>
public sealed class WrittenResponseTests
{
    private const string Key = "S7WPOiCWlIgfLt6UUq9eKuFL0rDvvQpSVzfI6l4XGeg=";
    private const string Map = "getDOHFrontend(0):setResponsesMap({newDOHResponseMapEntry('^/rfc$', 307, 'https://www.rfc-editor.org/info/rfc8484', {['X-Foo']='bar'}), newDOHResponseMapEntry('coffee', 418, 'C0FFEE')})";

    private static readonly byte[] s_query = Message.Query("x.load.test");

    private readonly IPEndPoint _listen = Ports.Next(), _doh = Ports.Next(), _console = Ports.Next();

    [Fact]
    public async Task Paths_of_the_map_are_answered_as_it_says_and_the_others_are_DNS()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await StartAsync(lab, Map, Refuse);

        Curl moved = await Curl.AskInClearAsync(lab, fastdist, "/rfc");
        Curl coffee = await Curl.AskInClearAsync(lab, fastdist, "/coffee");
        Curl unserved = await Curl.AskInClearAsync(lab, fastdist, "/other/coffee");
        Curl dns = await Curl.AskInClearAsync(lab, fastdist, Curl.Target(s_query));

        Assert.Equal((307, "https://www.rfc-editor.org/info/rfc8484", "bar", ""), (moved.Status, moved["location"], moved["x-foo"], moved["x-served-by"]));
        Assert.Contains("The document has moved", Encoding.ASCII.GetString(moved.Body), StringComparison.Ordinal);
        Assert.Equal((418, "C0FFEE", "text/plain; charset=utf-8", "ns1"), (coffee.Status, Encoding.ASCII.GetString(coffee.Body), coffee["content-type"], coffee["x-served-by"]));
        Assert.Equal((404, 200, Rcode.Refused), (unserved.Status, dns.Status, dns.Message.Rcode));
    }

    [Fact]
    public async Task The_map_can_be_changed_on_the_console_and_by_a_reload()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await StartAsync(lab, Map, Refuse);
        Assert.Equal(307, (await Curl.AskInClearAsync(lab, fastdist, "/rfc")).Status);

        Assert.Empty(await CommandAsync(lab, "getDOHFrontend(0):setResponsesMap({newDOHResponseMapEntry('^/rfc$', 200, 'here', {['content-type']='text/plain'})})"));
        Curl changed = await Curl.AskInClearAsync(lab, fastdist, "/rfc");
        Write(lab, Map.Replace("307", "308", StringComparison.Ordinal), Refuse);
        int from = fastdist.Log.Count;
        fastdist.Signal(LinuxSignal.User2);
        await fastdist.ToldSinceAsync(from, LogEvent.ConfigurationReloaded);

        Assert.Equal((200, "here", "text/plain"), (changed.Status, Encoding.ASCII.GetString(changed.Body), changed["content-type"]));
        Assert.Equal(308, (await Curl.AskInClearAsync(lab, fastdist, "/rfc")).Status);
    }

    [Fact]
    public async Task A_rule_answers_with_a_status_by_a_header_field_where_those_are_kept()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await StartAsync(
            lab, "addAction(HTTPHeaderRule('user-agent', 'badbot'), HTTPStatusAction(451, '<p>no</p>', 'text/html'))", "addAction(HTTPHeaderRule('x-go', '.'), HTTPStatusAction(302, '/dns-query'))", Refuse);

        Curl refused = await Curl.AskInClearAsync(lab, fastdist, Curl.Target(s_query), "--user-agent", "BadBot/1.0");
        Curl moved = await Curl.AskInClearAsync(lab, fastdist, Curl.Target(s_query), "--header", "x-go: on");
        Curl other = await Curl.AskInClearAsync(lab, fastdist, Curl.Target(s_query));

        Assert.Equal((451, "<p>no</p>", "text/html"), (refused.Status, Encoding.ASCII.GetString(refused.Body), refused["content-type"]));
        Assert.Equal((302, "/dns-query"), (moved.Status, moved["location"]));
        Assert.Equal((200, Rcode.Refused), (other.Status, other.Message.Rcode));
    }

    [Fact]
    public async Task Rules_write_lines_to_a_file_which_may_be_moved_away()
    {
        await using var lab = new Lab();
        string file = lab.Scratch.PathOf("rules.log"), moved = file + ".1";
        FastdistProcess fastdist = await StartAsync(
            lab, $"addAction(AllRule(), LogAction('{file}', false))", $"addSelfAnsweredResponseAction(AllRule(), LogResponseAction('{file}', true))", Refuse);

        await Curl.AskInClearAsync(lab, fastdist, Curl.Target(s_query));
        string[] lines = await LinesAsync(file, 2);
        File.Move(file, moved);
        Assert.Empty(await CommandAsync(lab, "getAction(0):reload()"));
        await Curl.AskInClearAsync(lab, fastdist, Curl.Target(s_query));
        string[] later = await LinesAsync(file, 2);
        File.Delete(file);
        await fastdist.ReloadAsync();
        await Curl.AskInClearAsync(lab, fastdist, Curl.Target(s_query));

        Assert.Matches(@"^Packet from 127\.0\.0\.1:\d+ for x\.load\.test\. A with id \d+$", lines[0]);
        Assert.Matches(@"^Answer to 127\.0\.0\.1:\d+ for x\.load\.test\. A \(Query Refused\) with id \d+$", lines[1]);
        Assert.Equal((2, 2), (File.ReadAllLines(moved).Length, later.Length));
        Assert.Equal(2, (await LinesAsync(file, 2)).Length);
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_by_a_check_and_on_the_console_and_changes_nothing()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await StartAsync(lab, Refuse);
        string[] said = await CommandAsync(lab, $"addAction(AllRule(), LogAction('{lab.Scratch.Folder}'))");
        Assert.Equal([$"Error: LogAction: file={lab.Scratch.Folder}: is a directory"], said);
        Assert.Equal(2, (await CommandAsync(lab, "showRules()")).Count(static line => line.Length > 0));

        Write(lab, $"addAction(AllRule(), LogAction('{lab.Scratch.Folder}'))");
        ChildProcess check = await FastdistProcess.RunToEndAsync("--check-config", "-C", lab.Scratch.PathOf("dnsdist.conf"));
        Assert.Equal(1, await check.ExitAsync());
        Assert.Contains($"LogAction: file={lab.Scratch.Folder}: is a directory", check.Log.ToString(), StringComparison.Ordinal);
    }

    private const string Refuse = "addAction(AllRule(), RCodeAction(DNSRCode.REFUSED))";

    private async Task<FastdistProcess> StartAsync(Lab lab, params string[] lines) =>
        lab.Keep(await FastdistProcess.StartAsync(_listen, ["-C", Write(lab, lines)], doh: _doh));

    private string Write(Lab lab, params string[] lines) => lab.Scratch.Write("dnsdist.conf", string.Join('\n',
    [
        $"setLocal('{_listen}')", "newServer({address='127.0.0.1:1', name='none', healthCheckMode='up'})", $"controlSocket('{_console}') setKey('{Key}')",
        $"addDOHLocal('{_doh}', nil, nil, {{'/dns-query', '/rfc', '/coffee'}}, {{keepIncomingHeaders=true, customResponseHeaders={{['x-served-by']='ns1'}}}})",
        .. lines,
    ]));

    private Task<string[]> CommandAsync(Lab lab, string command) => FastdistProcess.CommandAsync($"{_console}", command, "-C", lab.Scratch.PathOf("dnsdist.conf"));

    /// <summary>The lines of a file once it has so many: they are written soon after what they are about.</summary>
    private static async Task<string[]> LinesAsync(string file, int count)
    {
        string[] lines = [];
        await Patience.UntilAsync(() => File.Exists(file) && (lines = File.ReadAllLines(file)).Length >= count, $"{count} lines in {file}");
        return lines;
    }
}
