using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control;
using ConsoleKey = Fastdist.Control.Consoles.ConsoleKey;

namespace Fastdist;

/// <summary>The commands that need no proxy.</summary>
internal sealed class BasicCommands : IConsoleCommands
{
    private static readonly string[] Names = ["help()", "makeKey()", "showVersion()"];

    public string Execute(string line) => line.Trim() switch
    {
        "" => "",
        "help()" => "help(): list the commands\nmakeKey(): make a key for --setkey\nshowVersion(): show the version\n",
        "makeKey()" => ConsoleKey.MakeKey(),
        "showVersion()" => $"fastdist {Features.Version}\n",
        _ => $"Error: unknown command '{line}'; known are {string.Join(", ", Names)}\n",
    };

    public IReadOnlyList<string> Completions(string prefix) => [.. Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
}
