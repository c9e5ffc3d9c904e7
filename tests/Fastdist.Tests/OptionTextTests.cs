using System;
using System.IO;
using System.Linq;
using Fastdist.Options;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Tests;

public class OptionTextTests
{
    private const string Begin = "<!-- options -->";
    private const string End = "<!-- /options -->";
    private const string Remedy = $"write what 'artifacts/fastdist --option-reference' prints between the lines {Begin} and {End} of README.md";

    [Fact]
    public void The_readme_holds_the_option_reference_word_for_word()
    {
        string path = Path.Combine(FindRoot(), "README.md");
        Assert.True(File.Exists(path), $"there is no README.md; {Remedy}");
        string text = File.ReadAllText(path);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"README.md has no place for the options; {Remedy}");

        string[] held = Lines(text[(begin + Begin.Length)..end]);
        string[] printed = Lines(Text(OptionText.WriteReference));
        int differs = Enumerable.Range(0, Math.Max(held.Length, printed.Length)).FirstOrDefault(i => held.ElementAtOrDefault(i) != printed.ElementAtOrDefault(i), -1);
        Assert.True(
            differs < 0,
            $"README.md is not up to date; {Remedy}\nline {differs + 1} there: {held.ElementAtOrDefault(differs)}\nline {differs + 1} now:   {printed.ElementAtOrDefault(differs)}");
    }

    [Fact]
    public void The_reference_has_a_row_for_every_option_with_its_default_and_unit()
    {
        string reference = Text(OptionText.WriteReference);
        Check(FrontendOptionTable.Table, "");
        Check(TlsFrontendOptionTable.Table, "");
        Check(BackendOptionTable.Table, "");
        Check(ProcessOptionTable.Table, "--");

        void Check<T>(OptionTable<T> table, string dashes) => Assert.All(table.Entries, entry => Assert.Contains(
            reference.Split('\n'),
            line => line.Contains($"{dashes}{entry.Name}", StringComparison.Ordinal)
                && line.EndsWith($"` | {entry.Default} | {entry.Unit} | {entry.Text} |", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_row_of_the_reference_has_four_cells() =>
        Assert.All(
            Text(OptionText.WriteReference).Split('\n').Where(line => line.StartsWith('|')),
            line => Assert.Equal(5, line.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|')));

    [Fact]
    public void The_help_names_every_option()
    {
        string help = Text(OptionText.WriteHelp);
        Assert.All(ProcessOptionTable.Table.Entries, e => Assert.Contains($"--{e.Name}", help));
        Assert.All(ProcessOptionTable.Table.Entries.Where(e => e.Short != 0), e => Assert.Contains($"-{e.Short}, --{e.Name}", help));
        Assert.All(FrontendOptionTable.Table.Entries, e => Assert.Contains($"  {e.Name}={e.Value}", help));
        Assert.All(TlsFrontendOptionTable.Table.Entries, e => Assert.Contains($"  {e.Name}={e.Value}", help));
        Assert.All(BackendOptionTable.Table.Entries, e => Assert.Contains($"  {e.Name}={e.Value}", help));
        Assert.All(PoolOptionTable.Table.Entries, e => Assert.Contains($"  {e.Name}={e.Value}", help));
    }

    [Fact]
    public void The_example_of_the_usage_is_a_command_line_that_works()
    {
        string example = Text(OptionText.WriteUsage).Split('\n').First(line => line.TrimStart().StartsWith("fastdist --local", StringComparison.Ordinal));
        ProcessOptions settings = CommandLine.Parse(example.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]).Settings.Complete(processors: 1);
        Assert.Single(settings.Proxy.Frontends);
        Assert.Single(settings.Proxy.Backends);
    }

    private static string Text(Action<TextWriter> write)
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
