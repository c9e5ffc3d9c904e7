using System.Collections.Generic;

namespace Fastdist.Control;

/// <summary>What the console can be told. The caller sees to it that one call ends before the next begins.</summary>
public interface IConsoleCommands
{
    /// <summary>Runs one line, for instance <c>showServers()</c>.</summary>
    /// <param name="line">As typed; the empty line answers the empty string, by which clients try their key.</param>
    /// <returns>What to print, the final newline included; an error in the line is told here too.</returns>
    string Execute(string line);

    /// <summary>The names that begin so, for whoever completes what is typed.</summary>
    IReadOnlyList<string> Completions(string prefix);
}
