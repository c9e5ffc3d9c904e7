using System.IO;

namespace Fastdist.LoadComparison;

/// <summary>The C programs of perf/floor, compiled into artifacts/.</summary>
internal static class FloorPrograms
{
    /// <summary>Compiles one program and returns where it is.</summary>
    public static string Build(Settings settings, string name)
    {
        Directory.CreateDirectory(settings.Artifacts);
        var program = Path.Combine(settings.Artifacts, $"floor-{name}");
        Child.Require("gcc", "-O2", Path.Combine(settings.Root, "perf", "floor", $"{name}.c"), "-o", program, "-luring", "-lssl", "-lcrypto");
        return program;
    }
}
