using System;
using System.IO;

namespace Fastdist.LoadComparison;

/// <summary>What the command line asked for, and where things are.</summary>
internal sealed class Settings
{
    public required string Root { get; init; }
    public required string[] Peers { get; init; }
    public required string[] Parts { get; init; }
    public required LoadMode[] Modes { get; init; }
    public required string Backend { get; init; }
    public required int Seconds { get; init; }
    public required int SweepSeconds { get; init; }
    public required string NewerRoot { get; init; }
    public required int Rounds { get; init; }
    public required int Rate { get; init; }
    public required int Clients { get; init; }
    public required int Outstanding { get; init; }
    public required int IdleConnections { get; init; }
    public required bool PrintOnly { get; init; }
    public required string CommandLine { get; init; }

    /// <summary>Configurations, keys and names of this run; gone when it ends.</summary>
    public string Scratch { get; } = Directory.CreateTempSubdirectory("fastdist-load-").FullName;

    /// <summary>The query paths among the parts.</summary>
    public QueryPath[] Paths => QueryPath.Choose(Parts);

    public string Artifacts => Path.Combine(Root, "artifacts");

    public string Write(string name, string text)
    {
        var path = Path.Combine(Scratch, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void DeleteScratch() => Directory.Delete(Scratch, recursive: true);

    /// <summary>The folder of the solution, from wherever in it the program was started.</summary>
    public static string FindRoot()
    {
        foreach (var start in (string[])[Directory.GetCurrentDirectory(), AppContext.BaseDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "fastdist.sln")))
                {
                    return folder.FullName;
                }
            }
        }
        throw new ComparisonException("fastdist.sln not found: start the load comparison inside the repository");
    }
}

/// <summary>The comparison cannot go on; the message says what to do.</summary>
internal sealed class ComparisonException(string message) : Exception(message);
