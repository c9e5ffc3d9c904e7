using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using CsCheck;
using Fastdist.Control.Consoles.Editing;
using Xunit;

namespace Fastdist.Control.Tests.Consoles;

public class LineEditorTests
{
    [Theory]
    [InlineData("showServers()", "showServers()|")]
    [InlineData("abc\u0002\u0002X", "aX|bc")]
    [InlineData("bc\u0001a", "a|bc")]
    [InlineData("ab\u0001\u0005c", "abc|")]
    [InlineData("abc\u007f", "ab|")]
    [InlineData("abc\u0001\u007f", "|abc")]
    [InlineData("abc\u0001\u0004", "|bc")]
    [InlineData("abc\u0004", "abc|")]
    [InlineData("abc\u0002\u000b", "ab|")]
    [InlineData("abc\u0002\u0015", "|c")]
    [InlineData("getServer(0):setUp()\u0017", "getServer(0):|")]
    [InlineData("getServer(0)\u0017\u0017\u0019\u0019", "getServer(getServer(|")]
    [InlineData("one two\u0001\ed", "| two")]
    [InlineData("one two\eb\ebX", "X|one two")]
    [InlineData("one two\u0001\ef\efX", "one twoX|")]
    [InlineData("one\u000b\u0019", "one|")]
    [InlineData("one\u0015\u0019\u0019", "oneone|")]
    [InlineData("ab\u0014", "ba|")]
    [InlineData("abc\u0002\u0002\u0014", "ba|c")]
    [InlineData("a\u0014", "a|")]
    [InlineData("a😀b\u0002\u007f", "a|b")]
    [InlineData("\e[D\e[C\e[3~x", "x|")]
    public void Keys_edit_the_line_as_in_emacs(string keys, string shown) => Assert.Equal(shown, Shown(Type(new History(), keys)));

    [Fact]
    public void Up_and_down_go_through_the_history_and_back_to_what_was_being_typed()
    {
        History history = HistoryOf("first", "second");
        Assert.Equal("second|", Shown(Type(history, "new\e[A")));
        Assert.Equal("first|", Shown(Type(history, "new\e[A\e[A\e[A")));
        Assert.Equal("second|", Shown(Type(history, "new\e[A\e[A\e[B")));
        Assert.Equal("new|", Shown(Type(history, "new\e[A\e[A\e[B\e[B\e[B")));
    }

    [Theory]
    [InlineData("a\r", nameof(EditResult.Accepted))]
    [InlineData("a\u0003", nameof(EditResult.Cancelled))]
    [InlineData("\u0004", nameof(EditResult.Ended))]
    [InlineData("a\u0004", nameof(EditResult.Editing))]
    [InlineData("a\t", nameof(EditResult.Completing))]
    [InlineData("\u000c", nameof(EditResult.Clearing))]
    public void Some_keys_are_for_whoever_asked_for_the_line(string keys, string result) =>
        Assert.Equal(result, $"{Press(new LineEditor(new History()), keys)}");

    [Fact]
    public void The_cursor_stays_within_the_line_whatever_is_pressed() =>
        Gen.Select(Gen.Int[0, 22], Gen.Char.AlphaNumeric).Array[0, 100].Sample(keys =>
        {
            var editor = new LineEditor(HistoryOf("one", "two words"));
            return keys.All(k =>
            {
                editor.Press(new Key((KeyKind)k.Item1, new Rune(k.Item2)));
                return editor.Cursor >= 0 && editor.Cursor <= editor.Text.Length;
            });
        });

    [Fact]
    public void A_line_is_not_kept_twice_in_a_row_nor_when_it_is_empty() =>
        Assert.Equal(["a", "b", "a"], HistoryOf("a", "a", "", "b", "a").Lines);

    [Fact]
    public void The_oldest_lines_of_the_history_go_first()
    {
        History history = HistoryOf([.. Enumerable.Range(0, History.Capacity + 2).Select(i => $"{i}")]);
        Assert.Equal((History.Capacity, "2"), (history.Lines.Count, history.Lines[0]));
    }

    [Fact]
    public void The_history_is_kept_in_a_file_that_only_its_owner_may_read() => WithFile(file =>
    {
        Assert.Empty(History.Load(file).Lines);
        History history = History.Load(file);
        Add(history, "one", "two", "", "two");
        Assert.Equal(["one", "two"], History.Load(file).Lines);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    });

    [Fact]
    public void Sessions_at_the_same_time_keep_the_lines_of_both() => WithFile(file =>
    {
        History first = History.Load(file);
        History second = History.Load(file);
        Add(first, "one");
        Add(second, "two");
        Add(first, "three");
        Assert.Equal(["one", "two", "three"], History.Load(file).Lines);
        Assert.Equal(["one", "three"], first.Lines);
    });

    [Fact]
    public void A_file_that_has_grown_too_long_is_cut_when_it_is_read() => WithFile(file =>
    {
        File.WriteAllLines(file, Enumerable.Range(0, 2 * History.Capacity).Select(i => $"{i}"));
        Assert.Equal(History.Capacity, History.Load(file).Lines.Count);
        Assert.Equal(2 * History.Capacity, File.ReadAllLines(file).Length);

        File.AppendAllLines(file, ["last"]);
        Assert.Equal(History.Capacity, History.Load(file).Lines.Count);
        string[] kept = File.ReadAllLines(file);
        Assert.Equal((History.Capacity, $"{History.Capacity + 1}", "last"), (kept.Length, kept[0], kept[^1]));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!, $"{Path.GetFileName(file)}*"));
    });

    [Fact]
    public void A_last_line_without_an_end_stays_a_line_of_its_own() => WithFile(file =>
    {
        File.WriteAllText(file, "one\ntwo");
        Add(History.Load(file), "three");
        Assert.Equal(["one", "two", "three"], History.Load(file).Lines);
    });

    [Fact]
    public void Sessions_that_write_at_once_write_over_nothing() => WithFile(file =>
    {
        const int lines = 200;
        Parallel.For(0, 4, session =>
        {
            History history = History.Load(file);
            for (int i = 0; i < lines; i++)
            {
                history.Add($"{session}.{i}");
            }
        });
        Assert.Equal(4 * lines, File.ReadAllLines(file).Distinct().Count());
    });

    [Fact]
    public void Without_a_place_for_the_file_lines_are_kept_for_the_session() => WithFile(file =>
    {
        History history = History.Load(Path.Combine(file, "missing"));
        Add(history, "one");
        Assert.Equal(["one"], history.Lines);
    });

    [Theory]
    [InlineData("showS", "showServers(|", "")]
    [InlineData("show", "show|", "showACL showServers")]
    [InlineData("sho", "show|", "")]
    [InlineData("x=getS", "x=getServer(|", "")]
    [InlineData("nothing", "nothing|", "")]
    [InlineData("showS()\u0002\u0002", "showServers|()", "")]
    public void Tab_completes_names_as_far_as_they_agree_and_then_shows_them(string keys, string shown, string offered)
    {
        LineEditor editor = Type(new History(), keys);
        Assert.Equal(offered, string.Join(' ', Completion.Complete(editor, Functions("getServer", "showACL", "showServers"))));
        Assert.Equal(shown, Shown(editor));
    }

    [Fact]
    public void Names_are_what_the_lines_of_help_begin_with() => Assert.Equal(
        [new("", "addACL"), new("", "newServer"), new("Server", "setUp"), new("", "showVersion")],
        Completion.NamesIn("Server:setUp(): use it\nshowVersion(): show the version\naddACL(netmask): add to the ACL: who can use this\nnewServer({address=\"ip:port\"}): add one\n\nUsage notes (long): none\naddACL: again\n"));

    [Theory]
    [InlineData("abc", 2, 80, "\r> abc\e[K\r\e[4C")]
    [InlineData("", 0, 80, "\r> \e[K\r\e[2C")]
    [InlineData("abcdefghij", 10, 8, "\r> fghij\e[K\r\e[7C")]
    [InlineData("abcdefghij", 0, 8, "\r> abcde\e[K\r\e[2C")]
    public void A_line_is_drawn_around_its_cursor(string text, int cursor, int width, string drawn) =>
        Assert.Equal(drawn, Screen.Draw("> ", text, cursor, width));

    [Fact]
    public void Names_are_shown_in_columns() => Assert.Equal("one    two\r\nthree  four\r\nfive\r\n", Screen.Columns(["one", "two", "three", "four", "five"], 15));

    [Theory]
    [InlineData("getServer(0):\t", "getServer(0):|", "getName setDown setUp")]
    [InlineData("getServer(0):getN\t", "getServer(0):getName(|", "")]
    [InlineData("getServer(\"a:(b\\\"\"):setU\t", "getServer(\"a:(b\\\"\"):setUp(|", "")]
    [InlineData("newServer{address='::1', weight=(1)} : setD\t", "newServer{address='::1', weight=(1)} : setDown(|", "")]
    [InlineData("getTLSFrontend(getServerCount()):\t", "getTLSFrontend(getServerCount()):reload(|", "")]
    [InlineData("getServer(0):getName():\t", "getServer(0):getName():|", "")]
    [InlineData("showACL():\t", "showACL():|", "")]
    [InlineData("one:s\t", "one:set|", "")]
    [InlineData("one:\t", "one:|", "getName reload setDown setUp")]
    [InlineData("rmServer(getS\t", "rmServer(getServer|", "")]
    [InlineData("rmServer(getServer(0):getN\t", "rmServer(getServer(0):getName(|", "")]
    [InlineData("set\t", "set|", "")]
    [InlineData("getServer(0).\t", "getServer(0).|", "")]
    [InlineData("getServer('sh\t", "getServer('sh|", "")]
    [InlineData("showACL() -- sh\t", "showACL() -- sh|", "")]
    [Trait("Row", "D9")]
    public void What_is_offered_is_what_may_stand_there(string keys, string shown, string offered)
    {
        LineEditor editor = Type(new History(), keys);
        Assert.Equal(offered, string.Join(' ', Completion.Complete(
            editor,
            [.. Functions("getServer", "getServerCount", "rmServer", "showACL"), new("Frontend", "reload"), new("Server", "getName"), new("Server", "setDown"), new("Server", "setUp")])
            .Order(StringComparer.Ordinal)));
        Assert.Equal(shown, Shown(editor));
    }

    private static KnownName[] Functions(params string[] names) => [.. names.Select(name => new KnownName("", name))];

    private static void WithFile(Action<string> test)
    {
        string folder = Directory.CreateTempSubdirectory("fastdist-history-").FullName;
        try
        {
            test(Path.Combine(folder, "history"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static LineEditor Type(History history, string keys)
    {
        var editor = new LineEditor(history);
        Press(editor, keys);
        return editor;
    }

    private static EditResult Press(LineEditor editor, string keys)
    {
        var decoder = new KeyDecoder();
        EditResult last = default;
        foreach (byte value in Encoding.UTF8.GetBytes(keys))
        {
            last = editor.Press(decoder.Next(value));
        }

        return last;
    }

    private static string Shown(LineEditor editor)
    {
        string[] runes = [.. editor.Text.EnumerateRunes().Select(r => $"{r}")];
        return $"{string.Concat(runes.Take(editor.Cursor))}|{string.Concat(runes.Skip(editor.Cursor))}";
    }

    private static History HistoryOf(params ReadOnlySpan<string> lines)
    {
        var history = new History();
        Add(history, lines);
        return history;
    }

    private static void Add(History history, params ReadOnlySpan<string> lines)
    {
        foreach (string line in lines)
        {
            history.Add(line);
        }
    }
}
