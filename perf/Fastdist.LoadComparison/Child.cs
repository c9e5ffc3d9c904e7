using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

namespace Fastdist.LoadComparison;

/// <summary>A server that the comparison started and will end.</summary>
internal sealed partial class Child : IDisposable
{
    private const int Sigterm = 15;
    private static readonly Lock Gate = new();
    private static readonly HashSet<Child> Living = [];
    private static bool _closed;
    private readonly Process _process;
    private readonly List<string> _lines = [];

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static Child Start(string program, params string[] arguments)
    {
        var child = Begin(program, arguments);
        child._process.OutputDataReceived += child.Keep;
        child._process.ErrorDataReceived += child.Keep;
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    private static Child Begin(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        lock (Gate)
        {
            // An interrupt comes on a thread of its own: what it ended must not be followed by another start.
            if (_closed)
            {
                throw new ComparisonException("interrupted");
            }
            try
            {
                var child = new Child(Process.Start(start)!);
                Living.Add(child);
                return child;
            }
            catch (Win32Exception problem)
            {
                throw new ComparisonException($"{program} cannot be started ({problem.Message}): run tools/install-deps bench");
            }
        }
    }

    /// <summary>Runs a program to its end and returns what it printed on either stream.</summary>
    public static string Output(string program, params string[] arguments)
    {
        using var child = Start(program, arguments);
        child._process.WaitForExit();
        return child.Text;
    }

    /// <summary>As <see cref="Output"/>, but standard output only and byte for byte: megabytes of it cost little while it runs.</summary>
    public static ReadOnlyMemory<byte> RawOutput(string program, params string[] arguments)
    {
        using var child = Begin(program, arguments);
        child._process.BeginErrorReadLine();
        var output = new MemoryStream();
        child._process.StandardOutput.BaseStream.CopyTo(output);
        child._process.WaitForExit();
        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    /// <summary>As <see cref="Output"/>, but a failure of the program is a failure of the comparison.</summary>
    public static void Require(string program, params string[] arguments)
    {
        using var child = Start(program, arguments);
        child._process.WaitForExit();
        if (child._process.ExitCode != 0)
        {
            throw new ComparisonException($"{program} {string.Join(' ', arguments)} failed:\n{child.Text}");
        }
    }

    /// <summary>Everything printed so far, both streams.</summary>
    public string Text
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public int LineCount
    {
        get
        {
            lock (_lines)
            {
                return _lines.Count;
            }
        }
    }

    public string[] LinesFrom(int first)
    {
        lock (_lines)
        {
            return [.. _lines[first..]];
        }
    }

    /// <summary>Waits for a line that starts so, after the first lines that the caller has seen already.</summary>
    public string AwaitLine(string start, TimeSpan patience, int first = 0)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            // Asked before the lines are looked at: what a program says last may come after it has ended.
            var ended = _process.HasExited;
            if (ended)
            {
                _process.WaitForExit();
            }
            if (Array.Find(LinesFrom(first), line => line.StartsWith(start, StringComparison.Ordinal)) is { } line)
            {
                return line;
            }
            if (ended || waited.Elapsed > patience)
            {
                throw new ComparisonException($"{_process.StartInfo.FileName} did not say {start}; it said:\n{Text}");
            }
            Thread.Sleep(10);
        }
    }

    /// <summary>A proxy that ended under load has no figures.</summary>
    public void RequireAlive(string name)
    {
        if (HasExited)
        {
            throw new ComparisonException($"{name} ended under load; it said:\n{Text}");
        }
    }

    public void Signal(int number) => _ = Kill(_process.Id, number);

    public void Dispose()
    {
        lock (Gate)
        {
            if (!Living.Remove(this))
            {
                return;
            }
            End();
        }
    }

    public static void EndAll()
    {
        lock (Gate)
        {
            _closed = true;
            foreach (var child in Living)
            {
                child.End();
            }
            Living.Clear();
        }
    }

    private void End()
    {
        if (!_process.HasExited)
        {
            Signal(Sigterm);
            if (!_process.WaitForExit(TimeSpan.FromSeconds(3)))
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            lock (_lines)
            {
                _lines.Add(line.Data);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
