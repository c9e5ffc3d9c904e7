using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Fastdist.Lua.Tests;

/// <summary>States for tests, and scripts run in them.</summary>
internal static class Worlds
{
    public static LuaState Plain(bool isUnsafe = false, bool hasJit = false) =>
        new(new LuaOptions { IsUnsafe = isUnsafe, HasJit = hasJit, Read = ReadFile });

    public static LuaState WithFiles(IReadOnlyDictionary<string, string> files, string folder = "/conf") => new(new LuaOptions
    {
        Folder = folder,
        Read = path => files.TryGetValue(path, out string? text) ? Encoding.UTF8.GetBytes(text) : null,
    });

    public static LuaValue Run(this LuaState state, string script, string name = "@/conf/test.conf") => state.Load(Encoding.UTF8.GetBytes(script), name).Call();

    private static byte[]? ReadFile(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;
}
