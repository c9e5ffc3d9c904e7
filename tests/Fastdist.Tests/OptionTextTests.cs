using System;
using System.Linq;
using Fastdist.Options;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Tests;

public class OptionTextTests
{
    [Fact]
    public void The_readme_holds_the_option_reference_word_for_word() => HeldText.Check("README.md", "options", "--option-reference", OptionText.WriteReference);

    [Fact]
    public void The_reference_has_a_row_for_every_option_with_its_default_and_unit()
    {
        string reference = HeldText.Print(OptionText.WriteReference);
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
            HeldText.Print(OptionText.WriteReference).Split('\n').Where(line => line.StartsWith('|')),
            line => Assert.Equal(5, line.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|')));

    [Fact]
    public void The_help_names_every_option()
    {
        string help = HeldText.Print(OptionText.WriteHelp);
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
        string example = HeldText.Print(OptionText.WriteUsage).Split('\n').First(line => line.TrimStart().StartsWith("fastdist --local", StringComparison.Ordinal));
        ProcessOptions settings = CommandLine.Parse(example.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]).Settings.Complete(processors: 1);
        Assert.Single(settings.Proxy.Frontends);
        Assert.Single(settings.Proxy.Backends);
    }
}
