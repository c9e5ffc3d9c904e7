using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Control.Consoles.Editing;
using Fastdist.Control.Dialogue;
using Fastdist.Control.Secrets;
using Fastdist.Settings;

namespace Fastdist.Control.Consoles;

/// <summary>What a console client is to do.</summary>
public sealed record ConsoleClientOptions
{
    /// <summary>The console: an <see cref="IPEndPoint"/> or a <see cref="UnixDomainSocketEndPoint"/>.</summary>
    public EndPoint Address { get; init; } = new IPEndPoint(IPAddress.Loopback, ConsoleSettings.DefaultPort);

    /// <summary>Finds the console's key, null for none; only asked when a console over TCP is connected to.</summary>
    public Func<SharedKey?> ReadKey { get; init; } = () => null;

    /// <summary>Bytes of the longest reply that is read, sealed.</summary>
    public int MaxReply { get; init; } = ConsoleSettings.DefaultMaxReply;

    /// <summary>Runs a command that needs no console; gives null for any other.</summary>
    public required Func<string, string?> ExecuteLocally { get; init; }

    /// <summary>The one command to execute; null for a session.</summary>
    public string? Command { get; init; }
}

/// <summary>
/// Talks to the console of fastdist or dnsdist: one command, the lines of standard input, or a session at the terminal.
/// </summary>
public static class ConsoleClient
{
    private const string Prompt = "> ";

    /// <summary>Does what is asked, with the process's own input and output.</summary>
    /// <returns>
    /// The exit code: 0, or 1 when the console cannot be reached or used, or when a command was not executed. A session at the
    /// terminal, where errors are seen, ends with 0 once it has begun.
    /// </returns>
    public static int Run(ConsoleClientOptions options)
    {
        try
        {
            return RunAsync(options).GetAwaiter().GetResult() ? 0 : 1;
        }
        catch (ConsoleException exception)
        {
            Complain(exception);
            return 1;
        }
    }

    private static async Task<bool> RunAsync(ConsoleClientOptions options)
    {
        // Whoever has no key yet cannot ask a console for one.
        if (options.Command is { } asked && options.ExecuteLocally(asked) is { } made)
        {
            Print(made);
            return !Reply.IsError(made);
        }

        if (options.Command is { } command)
        {
            using ConsoleConnection connection = await ConnectAsync(options).ConfigureAwait(false);
            string reply = await connection.ExecuteAsync(command).ConfigureAwait(false);
            Print(reply);
            return !Reply.IsError(reply);
        }

        if (Console.IsInputRedirected)
        {
            return await ExecuteLinesAsync(options, Console.In.ReadLine, Print).ConfigureAwait(false);
        }

        await HoldSessionAsync(options).ConfigureAwait(false);
        return true;
    }

    /// <summary>Executes lines until there are no more; connects for the first one that needs a console.</summary>
    /// <returns>Whether all of them could be executed.</returns>
    internal static async Task<bool> ExecuteLinesAsync(ConsoleClientOptions options, Func<string?> readLine, Action<string> print)
    {
        bool isGood = true;
        ConsoleConnection? connection = null;
        try
        {
            await ForEachCommandAsync(readLine, async line =>
            {
                string? reply = options.ExecuteLocally(line);
                if (reply is null)
                {
                    connection ??= await ConnectAsync(options).ConfigureAwait(false);
                    reply = await connection.ExecuteAsync(line).ConfigureAwait(false);
                }

                isGood &= !Reply.IsError(reply);
                print(reply);
            }).ConfigureAwait(false);
            return isGood;
        }
        finally
        {
            connection?.Dispose();
        }
    }

    private static Task<ConsoleConnection> ConnectAsync(ConsoleClientOptions options) =>
        ConsoleConnection.OpenAsync(options.Address, options.Address is UnixDomainSocketEndPoint ? null : options.ReadKey(), options.MaxReply);

    private static async Task HoldSessionAsync(ConsoleClientOptions options)
    {
        SharedKey? key = options.Address is UnixDomainSocketEndPoint ? null : options.ReadKey();
        using var console = new KeptConnection(() => ConsoleConnection.OpenAsync(options.Address, key, options.MaxReply), Print);
        string home = Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } set ? set : "/";
        History history = History.Load(Path.Combine(home, ".fastdist_history"));
        IReadOnlyList<KnownName> names = Completion.NamesIn(await console.ExecuteAsync("help()").ConfigureAwait(false));
        using var terminal = new Terminal(Console.Out, history, names);
        await ForEachCommandAsync(
            () =>
            {
                string? line = terminal.ReadLine(Prompt);
                history.Add(line?.Trim() ?? "");
                return line;
            },
            async line =>
            {
                try
                {
                    Print(await console.ExecuteAsync(line).ConfigureAwait(false));
                }
                catch (ConsoleException exception)
                {
                    Complain(exception);
                }
            }).ConfigureAwait(false);
    }

    private static async Task ForEachCommandAsync(Func<string?> readLine, Func<string, Task> execute)
    {
        while (readLine()?.Trim() is { } line and not ("quit" or "exit"))
        {
            if (line.Length > 0)
            {
                await execute(line is "?" or "help" ? "help()" : line).ConfigureAwait(false);
            }
        }
    }

    private static void Complain(ConsoleException exception) => Console.Error.WriteLine($"fastdist: {exception.Message}");

    private static void Print(string reply)
    {
        Console.Out.Write(reply.Length == 0 || reply.EndsWith('\n') ? reply : reply + "\n");
        Console.Out.Flush();
    }
}
