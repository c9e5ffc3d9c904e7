using System;
using System.IO;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>Where the repository's own things are, seen from a test program inside it.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The binary under test: <c>FASTDIST_BINARY</c>, or what <c>make</c> left.</summary>
    public static string Fastdist =>
        Environment.GetEnvironmentVariable("FASTDIST_BINARY") is { Length: > 0 } chosen
            ? chosen
            : Built("fastdist");

    public static string Built(string program)
    {
        string path = Path.Combine(Root, "artifacts", program);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built: run make first");
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "fastdist.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no fastdist.sln above {AppContext.BaseDirectory}");
    }
}
