using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Fastdist.Tests;

/// <summary>Text that the program prints and a file of the repository holds between two lines.</summary>
internal static class HeldText
{
    /// <summary>Compares line by line.</summary>
    /// <param name="file">The file, from the root of the repository.</param>
    /// <param name="mark">What the lines are: <c>&lt;!-- mark --&gt;</c> and <c>&lt;!-- /mark --&gt;</c>.</param>
    /// <param name="flag">What has the program print the text.</param>
    /// <param name="write">Prints it here.</param>
    public static void Check(string file, string mark, string flag, Action<TextWriter> write)
    {
        (string begin, string end) = ($"<!-- {mark} -->", $"<!-- /{mark} -->");
        string remedy = $"write what 'artifacts/fastdist {flag}' prints between the lines {begin} and {end} of {file}";
        string path = Path.Combine(FindRoot(), file);
        Assert.True(File.Exists(path), $"there is no {file}; {remedy}");
        string text = File.ReadAllText(path);
        int first = text.IndexOf(begin, StringComparison.Ordinal);
        int last = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(first >= 0 && last > first, $"{file} has no place for it; {remedy}");

        string[] held = Lines(text[(first + begin.Length)..last]);
        string[] printed = Lines(Print(write));
        int differs = Enumerable.Range(0, Math.Max(held.Length, printed.Length)).FirstOrDefault(i => held.ElementAtOrDefault(i) != printed.ElementAtOrDefault(i), -1);
        Assert.True(
            differs < 0,
            $"{file} is not up to date; {remedy}\nline {differs + 1} there: {held.ElementAtOrDefault(differs)}\nline {differs + 1} now:   {printed.ElementAtOrDefault(differs)}");
    }

    /// <summary>What is written, as one text.</summary>
    public static string Print(Action<TextWriter> write)
    {
        using var writer = new StringWriter();
        write(writer);
        return writer.ToString();
    }

    private static string[] Lines(string text) => text.Trim('\n').Split('\n');

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "fastdist.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("no fastdist.sln above the test program");
    }
}
