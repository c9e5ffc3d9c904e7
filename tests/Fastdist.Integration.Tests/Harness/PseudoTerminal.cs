using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A program on a terminal of its own, which util-linux's <c>script</c> makes: keys in, a screen out.</summary>
internal sealed class PseudoTerminal : IAsyncDisposable
{
    private const int Rows = 24, Columns = 80;

    private readonly Scratch _scratch = new();
    private readonly Watched _watched = new();
    private readonly TerminalScreen _screen = new(Rows, Columns);
    private readonly Process _script;
    private readonly Task<int> _exit;

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables it gets besides ours.</param>
    public PseudoTerminal(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        // The shell stays behind the program, to see what became of the terminal. Control-C is for the program only.
        string shell = _scratch.Write("session", $"""
            trap : INT
            stty sane rows {Rows} cols {Columns}
            tty > tty
            stty -a > before
            sh -c 'echo $$ > id; exec "$@"' sh {string.Join(' ', command.Select(Quoted))}
            code=$?
            stty -a > after
            exit $code
            """);
        var start = new ProcessStartInfo("script", ["--quiet", "--return", "--flush", "--command", $"exec sh {shell}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = _scratch.Folder,
            Environment = { ["SHELL"] = "/bin/sh", ["TERM"] = "xterm-256color" },
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _script = Process.Start(start) ?? throw new InvalidOperationException("script did not start");
        _exit = ReadToExitAsync();
    }

    /// <summary>The modes that the program found, and those that it left once it has ended, as <c>stty -a</c> shows them.</summary>
    public (string Before, string After) Modes => (Read("before"), Read("after"));

    /// <summary>Presses keys, all at once.</summary>
    public async Task TypeAsync(string keys)
    {
        await _script.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(keys));
        await _script.StandardInput.BaseStream.FlushAsync();
    }

    /// <summary>Waits until exactly this is on the screen, as <see cref="TerminalScreen.Text"/> has it.</summary>
    public Task ShowsAsync(string text) => ShowsAsync(shown => shown == text, text);

    /// <summary>Waits until the screen is as wanted.</summary>
    public Task ShowsAsync(Func<string, bool> wanted, string what) => _watched.FirstAsync(
        () =>
        {
            AssertUnderstood();
            return wanted(_screen.Text) ? _screen : null;
        },
        () => $"the program ended without showing:\n{what}\nIt showed:\n{_screen.Text}",
        () => $"not within {Patience.Bound.TotalSeconds} s on the screen:\n{what}\nIt shows:\n{_screen.Text}");

    /// <summary>Makes the terminal narrower or wider.</summary>
    public async Task ResizeAsync(int columns)
    {
        await ChildProcess.RunAsync("stty", "-F", Read("tty").Trim(), "cols", columns.ToString(CultureInfo.InvariantCulture));
        _watched.Change(() => _screen.Resize(columns));
    }

    /// <summary>Waits until keys are signals again, as they are between two lines.</summary>
    public Task SignalsAsync() => Patience.UntilAsync(
        async () =>
        {
            await using ChildProcess stty = await ChildProcess.RunAsync("stty", "-F", Read("tty").Trim(), "-a");
            return $"{stty.Output}".Split(' ', '\n').Contains("isig");
        },
        "a terminal that signals");

    /// <summary>Signals the program.</summary>
    public void Signal(LinuxSignal signal) => LinuxSignals.Send(int.Parse(Read("id"), CultureInfo.InvariantCulture), signal);

    /// <summary>The program's exit code, waited for.</summary>
    public async Task<int> ExitAsync()
    {
        int code = await Patience.ForAsync(_exit, "the end of the session");
        AssertUnderstood();
        return code;
    }

    /// <summary>Takes the terminal away, as when its window is closed.</summary>
    public async Task HangUpAsync()
    {
        if (!_exit.IsCompleted)
        {
            _script.Kill();
            await _exit;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await HangUpAsync();
        _script.Dispose();
        _scratch.Dispose();
    }

    private void AssertUnderstood()
    {
        if (_screen.Fault is { } fault)
        {
            throw new InvalidOperationException($"{fault} was written to the terminal, which now shows:\n{_screen.Text}");
        }
    }

    private static string Quoted(string argument) => $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private string Read(string file) => File.ReadAllText(_scratch.PathOf(file));

    private async Task<int> ReadToExitAsync()
    {
        char[] characters = new char[4096];
        while (await _script.StandardOutput.ReadAsync(characters) is > 0 and var count)
        {
            _watched.Change(() => _screen.Write(new string(characters, 0, count)));
        }

        _watched.End();
        await _script.WaitForExitAsync();
        return _script.ExitCode;
    }
}
