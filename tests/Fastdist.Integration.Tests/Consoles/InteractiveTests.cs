using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles;

/// <summary>A person at the terminal of <c>fastdist -c</c>: the keys pressed, and what is to be seen of it.</summary>
[Trait("Stage", "5")]
public sealed class InteractiveTests
{
    private const string Up = "\e[A", Right = "\e[C", Left = "\e[D", Home = "\e[H", End = "\e[F", Delete = "\e[3~", Backspace = "\u007f";

    /// <summary>What the console's <c>showACL()</c> is to print.</summary>
    private const string Network = "192.0.2.0/24";

    [Fact]
    public async Task A_typed_command_is_answered_and_the_prompt_comes_again()
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);

        await terminal.TypeAsync("  showACL() \r\r");
        await terminal.ShowsAsync($"""
            >   showACL()
            {Network}
            >
            > |
            """);
    }

    [Fact]
    public async Task Lines_that_are_pasted_are_executed_one_after_the_other()
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);

        await terminal.TypeAsync("showACL()\naddACL('2001:db8::/32')\nshowACL()\nunfin");
        await terminal.ShowsAsync($"""
            > showACL()
            {Network}
            > addACL('2001:db8::/32')
            > showACL()
            {Network}
            2001:db8::/32
            > unfin|
            """);
    }

    [Fact]
    public async Task Tab_completes_what_is_clear_and_shows_the_names_when_it_is_not()
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);

        await terminal.TypeAsync("showA\t");
        await terminal.ShowsAsync("> showACL(|");
        await terminal.TypeAsync(")\rgetTLSFrontend\t");
        await terminal.ShowsAsync($"""
            > showACL()
            {Network}
            > getTLSFrontend
            getTLSFrontend       getTLSFrontendCount
            > getTLSFrontend|
            """);
    }

    [Theory]
    [InlineData(Left + Left + Left + "X", "abc defX|(g)")]
    [InlineData(Left + Left + Left + Left + Left + Right + "X" + Backspace + Backspace, "abc d|f(g)")]
    [InlineData(Left + Left + Left + Left + Delete, "abc de|(g)")]
    [InlineData(Home + "X", "X|abc def(g)")]
    [InlineData("\e[1~" + Delete + "\e[4~" + "X", "bc def(g)X|")]
    [InlineData(Home + End + Backspace, "abc def(g|")]
    [InlineData("\u0001X", "X|abc def(g)")]
    [InlineData("\u0001\u0005X", "abc def(g)X|")]
    [InlineData("\u0002\u0002\u0006X", "abc def(gX|)")]
    [InlineData("\u0017", "abc def(|")]
    [InlineData("\u0017\u0017", "abc |")]
    [InlineData(Left + Left + Left + "\u0015", "|(g)")]
    [InlineData(Left + Left + Left + "\u000b", "abc def|")]
    [InlineData("\u0015one \u0019", "one abc def(g)|")]
    [InlineData("\eb\eb\ed", "abc |(g)")]
    [InlineData("\e[1;5D\e[1;5DX", "abc X|def(g)")]
    [InlineData("\u001a\u001c\u0013\u0011", "abc def(g)|")]
    [InlineData("\eOA\eOB\eOD", "abc def(g|)")]
    public async Task Keys_edit_the_line(string keys, string line)
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);

        // The bracket is typed once the keys have done their work, so that what is seen is not from before.
        await terminal.TypeAsync($"abc def(g){keys}<");
        await terminal.ShowsAsync($"> {line.Replace("|", "<|", StringComparison.Ordinal)}");
    }

    [Fact]
    public async Task A_command_is_brought_back_edited_in_the_middle_and_run()
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);
        await terminal.TypeAsync("addACL('2001:db8::/32')\r");
        await terminal.ShowsAsync("> addACL('2001:db8::/32')\n> |");

        await terminal.TypeAsync($"{Up}{string.Concat(Enumerable.Repeat(Left, 7))}{Backspace}e:1\rshowACL()\r");
        await terminal.ShowsAsync($"""
            > addACL('2001:db8::/32')
            > addACL('2001:dbe:1::/32')
            > showACL()
            {Network}
            2001:db8::/32
            2001:dbe::/32
            > |
            """);
    }

    [Fact]
    public async Task A_character_of_several_bytes_is_one_to_the_keys_and_on_the_screen()
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);

        await terminal.TypeAsync($"getServer('aéжz€'){Left}{Left}{Backspace}{Left}{Backspace}{Left}");
        await terminal.ShowsAsync("> getServer('a|éz')");
        await terminal.TypeAsync("\r");
        await terminal.ShowsAsync("""
            > getServer('aéz')
            Error: getServer: no server has the name or UUID 'aéz'
            > |
            """);
    }

    [Fact]
    public async Task A_line_longer_than_the_terminal_is_wide_is_shown_around_the_cursor_on_one_row()
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);
        string name = string.Concat(Enumerable.Range(0, 100).Select(i => (char)('a' + (i % 26))));
        string line = $"getServer('{name}')";

        await terminal.TypeAsync(line);
        await terminal.ShowsAsync($"> {line[^77..]}|");
        await terminal.TypeAsync(Home);
        await terminal.ShowsAsync($"> |{line[..77]}");
        await terminal.TypeAsync("\r");
        await terminal.ShowsAsync(shown => shown.Split('\n') is [_, .., "> |"] rows && string.Concat(rows[1..^1]) == $"Error: getServer: no server has the name or UUID '{name}'", "the answer to all of the line");
    }

    [Fact]
    public async Task The_next_key_finds_the_width_to_which_the_terminal_was_changed()
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);
        string line = new string('a', 30) + new string('b', 30);
        await terminal.TypeAsync(line);
        await terminal.ShowsAsync($"> {line}|");

        await terminal.ResizeAsync(40);
        await terminal.TypeAsync("c");
        await terminal.ShowsAsync($"> {line[^36..]}c|");
    }

    [Fact]
    public async Task Control_l_clears_the_screen_and_keeps_the_line()
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);
        await terminal.TypeAsync("showACL()\rabc");
        await terminal.ShowsAsync($"> showACL()\n{Network}\n> abc|");

        await terminal.TypeAsync($"{Left}\f");
        await terminal.ShowsAsync("> ab|c");
    }

    [Fact]
    public async Task Control_c_drops_the_line_and_the_session_goes_on()
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);

        await terminal.TypeAsync("shutdown()\u0003showACL()\r");
        await terminal.ShowsAsync($"""
            > shutdown()^C
            > showACL()
            {Network}
            > |
            """);
        await terminal.TypeAsync(Up + Up);
        await terminal.ShowsAsync($"""
            > shutdown()^C
            > showACL()
            {Network}
            > showACL()|
            """);
    }

    [Theory]
    [InlineData("\u0004")]
    [InlineData("quit\r")]
    [InlineData("exit\r")]
    [InlineData("unfinished\u0003\u0004")]
    public async Task A_session_that_is_ended_leaves_the_terminal_as_it_was(string keys)
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);

        await terminal.TypeAsync(keys);
        Assert.Equal(0, await terminal.ExitAsync());
        AssertGivenBack(terminal);
    }

    [Fact]
    public async Task A_session_that_is_terminated_leaves_the_terminal_as_it_was()
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);
        await terminal.TypeAsync("unfin");
        await terminal.ShowsAsync("> unfin|");

        terminal.Signal(LinuxSignal.Terminate);
        Assert.Equal(143, await terminal.ExitAsync());
        AssertGivenBack(terminal);
    }

    [Fact]
    [Trait("Row", "D9")]
    public async Task When_the_server_was_killed_the_next_command_says_so_and_when_it_is_back_the_next_is_answered()
    {
        await using var lab = new Lab();
        (FastdistProcess fastdist, IPEndPoint console, PseudoTerminal terminal) = await StartBothAsync(lab);

        fastdist.Signal(LinuxSignal.Kill);
        await fastdist.ExitAsync();
        await terminal.TypeAsync("showACL()\r");
        string failure = Wrapped($"fastdist: cannot connect to the console at {console}: Connection refused; is fastdist running with --control-socket {console}?");
        await terminal.ShowsAsync($"> showACL()\n{failure}\n> |");

        await ConsolePeers.StartAsync(lab, "--control-socket", $"{console}", "--setkey", Key, "--acl", Network);
        await terminal.TypeAsync("showACL()\rquit\r");

        Assert.Equal(0, await terminal.ExitAsync());
        await terminal.ShowsAsync($"> showACL()\n{failure}\n> showACL()\nthe connection was lost; there is a new one\n{Network}\n> quit\n|");
        AssertGivenBack(terminal);
    }

    [Fact]
    [Trait("Row", "D9")]
    public async Task Tab_behind_an_object_shows_its_methods()
    {
        await using var lab = new Lab();
        PseudoTerminal terminal = await StartAsync(lab);

        await terminal.TypeAsync("getServer(0):getN\t");
        await terminal.ShowsAsync("> getServer(0):getName|");
        await terminal.TypeAsync("\t");
        await terminal.ShowsAsync("""
            > getServer(0):getName
            getName          getNameWithAddr
            > getServer(0):getName|
            """);
        await terminal.TypeAsync("W\t");
        await terminal.ShowsAsync("""
            > getServer(0):getName
            getName          getNameWithAddr
            > getServer(0):getNameWithAddr(|
            """);
    }

    [Fact]
    public async Task Control_c_ends_the_wait_for_an_answer_that_does_not_come()
    {
        await using var lab = new Lab();
        (FastdistProcess fastdist, _, PseudoTerminal terminal) = await StartBothAsync(lab);

        fastdist.Signal(LinuxSignal.Stop);
        await terminal.TypeAsync("showACL()\r");
        await terminal.ShowsAsync("> showACL()\n|");
        await terminal.SignalsAsync();
        await terminal.TypeAsync("\u0003");

        Assert.Equal(130, await terminal.ExitAsync());
        AssertGivenBack(terminal);
        Assert.Equal(["showACL()"], HistoryOf(lab));
    }

    [Fact]
    public async Task The_next_session_has_the_lines_of_the_one_before()
    {
        await using var lab = new Lab();
        (_, IPEndPoint console, PseudoTerminal first) = await StartBothAsync(lab);
        await first.TypeAsync("showACL()\rgetServer(0):isUp()\rdropped\u0003quit\r");
        Assert.Equal(0, await first.ExitAsync());
        Assert.Equal(["showACL()", "getServer(0):isUp()", "quit"], HistoryOf(lab));

        PseudoTerminal second = await ConnectAsync(lab, console);
        await second.TypeAsync(Up + Up + Up);
        await second.ShowsAsync("> showACL()|");
        await second.TypeAsync("\r");
        await second.ShowsAsync($"> showACL()\n{Network}\n> |");
    }

    [Fact]
    public async Task Lines_are_kept_although_the_terminal_goes_away_and_although_there_are_two_sessions()
    {
        await using var lab = new Lab();
        (_, IPEndPoint console, PseudoTerminal first) = await StartBothAsync(lab);
        PseudoTerminal second = await ConnectAsync(lab, console);
        await first.TypeAsync("addACL('2001:db8::/32')\r");
        await first.ShowsAsync("> addACL('2001:db8::/32')\n> |");

        await first.HangUpAsync();
        await second.TypeAsync("quit\r");

        Assert.Equal(0, await second.ExitAsync());
        Assert.Equal(["addACL('2001:db8::/32')", "quit"], HistoryOf(lab));
    }

    private static async Task<PseudoTerminal> StartAsync(Lab lab) => (await StartBothAsync(lab)).Terminal;

    private static async Task<(FastdistProcess Process, IPEndPoint Console, PseudoTerminal Terminal)> StartBothAsync(Lab lab)
    {
        (FastdistProcess fastdist, IPEndPoint console) = await ConsolePeers.FastdistAsync(lab, Key, "--acl", Network);
        return (fastdist, console, await ConnectAsync(lab, console));
    }

    private static async Task<PseudoTerminal> ConnectAsync(Lab lab, IPEndPoint console)
    {
        PseudoTerminal terminal = lab.Keep(new PseudoTerminal(
            [Repository.Fastdist, "-c", $"{console}", "-k", Key],
            new Dictionary<string, string> { ["HOME"] = lab.Scratch.Folder }));
        await terminal.ShowsAsync("> |");
        return terminal;
    }

    /// <summary>A line as the screen, of 80 columns, shows it.</summary>
    private static string Wrapped(string line) => string.Join('\n', line.Chunk(80).Select(part => new string(part).TrimEnd()));

    private static void AssertGivenBack(PseudoTerminal terminal)
    {
        (string before, string after) = terminal.Modes;
        Assert.Contains(" icanon ", before);
        Assert.Equal(before, after);
    }

    private static string[] HistoryOf(Lab lab) => File.ReadAllLines(lab.Scratch.PathOf(".fastdist_history"));

    private static string Key { get; } = ConsolePeers.NewKey();
}
