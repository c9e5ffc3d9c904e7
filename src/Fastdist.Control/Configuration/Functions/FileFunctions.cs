using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>Files of a configuration.</summary>
internal static class FileFunctions
{
    /// <summary>All of them. Files one by one are Lua's own: include, dofile, require.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Function.Doing("includeDirectory", "directory", "read all *.conf files of a directory, sorted by name", 1, 1, IncludeDirectory) with { IsForStart = true, IsForClients = true },
    ];

    /// <summary>The lines of a text file, without comments and blanks.</summary>
    /// <exception cref="ScriptException">It cannot be read.</exception>
    public static IEnumerable<string> LinesOf(string path) => Encoding.UTF8.GetString(Read(path)).Split('\n')
        .Select(static line => line.Split('#')[0].Trim()).Where(static line => line.Length > 0);

    private static byte[] Read(string path)
    {
        try
        {
            return ScriptFile.Read(path) ?? throw new ScriptException($"cannot read {path}: no such file");
        }
        catch (LuaException exception)
        {
            throw new ScriptException(exception.Message);
        }
    }

    private static void IncludeDirectory(Script script, Arguments arguments)
    {
        string folder = arguments.String(0, "directory");
        if (!script.TryEnterDirectory())
        {
            throw new ScriptException($"'{folder}' is asked for by a file that was itself included so: write includeDirectory into the configuration itself");
        }

        try
        {
            foreach (string path in FilesOf(folder))
            {
                Include(script, path);
            }
        }
        finally
        {
            script.LeaveDirectory();
        }
    }

    private static void Include(Script script, string path)
    {
        try
        {
            script.Run(Read(path), $"@{path}");
        }
        catch (LuaException exception)
        {
            // Where it went wrong is a line of the included file.
            throw new ScriptException(exception.Message);
        }
    }

    private static string[] FilesOf(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.conf").Where(static path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ScriptException($"cannot read the directory '{folder}': {(exception is DirectoryNotFoundException ? "there is none" : exception.Message)}");
        }
    }
}
