using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A program started by a test; it is gone when this object is.</summary>
internal class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<int> _exit;

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables it gets besides ours.</param>
    /// <param name="keepInput">Whether standard input stays open, for <see cref="TypeAsync"/>.</param>
    public ChildProcess(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, bool keepInput = false)
    {
        Command = string.Join(' ', command);
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        for (int i = 1; i < command.Count; i++)
        {
            start.ArgumentList.Add(command[i]);
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{Command} did not start");
        Id = _process.Id;
        if (!keepInput)
        {
            _process.StandardInput.Close();
        }

        _exit = ReadToExitAsync();
    }

    public string Command { get; }

    public int Id { get; }

    /// <summary>Standard output.</summary>
    public LineLog Output { get; } = new();

    /// <summary>Standard error, where programs log.</summary>
    public LineLog Log { get; } = new();

    public bool HasExited => _exit.IsCompleted;

    public void Signal(LinuxSignal signal) => LinuxSignals.Send(Id, signal);

    /// <summary>Types a line into it; one that has ended already does not mind.</summary>
    public async Task TypeAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (System.IO.IOException)
        {
            // It ended first, which the test sees by its output.
        }
    }

    /// <summary>The exit code, waited for; 128 + N when signal N ended the process.</summary>
    public Task<int> ExitAsync() => Patience.ForAsync(_exit, $"the end of {Command}");

    /// <summary>Starts a program, waits for its end.</summary>
    public static async Task<ChildProcess> RunAsync(params string[] command)
    {
        await using var process = new ChildProcess(command);
        await process.ExitAsync();
        return process;
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            _process.Kill();
            await _exit;
        }

        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<int> ReadToExitAsync()
    {
        Task output = PumpAsync(_process.StandardOutput, Output);
        Task log = PumpAsync(_process.StandardError, Log);
        await _process.WaitForExitAsync();
        await Task.WhenAll(output, log);
        return _process.ExitCode;
    }

    private static async Task PumpAsync(System.IO.StreamReader from, LineLog to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            to.Add(line);
        }

        to.End();
    }
}
