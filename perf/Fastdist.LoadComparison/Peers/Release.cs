using System.IO;

namespace Fastdist.LoadComparison.Peers;

/// <summary>Which release of a peer: this system's own, or a newer one in a folder that holds another system.</summary>
internal sealed class Release
{
    public static readonly Release Installed = new(), Newer = new();

    /// <summary>The end of a peer's name.</summary>
    public string Suffix => this == Newer ? "-newer" : "";

    public bool IsAskedFor(Settings settings) => this == Installed || settings.NewerRoot.Length > 0;

    public string Remedy => this == Newer ? "make its folder with perf/newer-peers and name it with --newer-root" : "run tools/install-deps bench";

    /// <summary>The command that starts a program of the release; null when there is none.</summary>
    public string[]? Command(Settings settings, string program)
    {
        if (this == Installed)
        {
            return [program];
        }
        // By the other system's loader with its libraries, so that files and network stay this one's.
        var (loader, file) = (Path.Combine(settings.NewerRoot, "usr/lib64/ld-linux-x86-64.so.2"), Find(settings.NewerRoot, program));
        return file is not null && File.Exists(loader) ? [loader, "--library-path", Path.Combine(settings.NewerRoot, "usr/lib/x86_64-linux-gnu"), file] : null;
    }

    private static string? Find(string root, string program)
    {
        foreach (var folder in (string[])["usr/bin", "usr/sbin"])
        {
            if (root.Length > 0 && Path.Combine(root, folder, program) is var file && File.Exists(file))
            {
                return file;
            }
        }
        return null;
    }
}
