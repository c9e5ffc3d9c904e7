using System.Runtime.InteropServices;

namespace Fastdist.LoadComparison;

/// <summary>How many files this program and the children it starts may have open, which thousands of connections exceed.</summary>
internal static partial class OpenFiles
{
    private const int RlimitNofile = 7;

    /// <summary>Raises the limit where it is lower; above the hard limit that takes root.</summary>
    public static void Allow(int files)
    {
        _ = GetLimit(RlimitNofile, out var limit);
        if (limit.Soft >= (nuint)files)
        {
            return;
        }
        var wanted = new Limit { Soft = (nuint)files, Hard = nuint.Max(limit.Hard, (nuint)files) };
        if (SetLimit(RlimitNofile, in wanted) != 0)
        {
            throw new ComparisonException(
                $"idle connections need {files} open files and {limit.Hard} are allowed: raise ulimit -Hn, or ask for fewer with --idle-connections");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);
}
