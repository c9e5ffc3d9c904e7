using System;
using System.IO;
using System.Linq;
using Fastdist.Control.Configuration.Dnsdist;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

public class DnsdistNamesTests
{
    /// <summary>What 1.7.3 has in its Lua state, and the names that the sources of 2.2 give to functions.</summary>
    [Theory]
    [InlineData("globals-1.7.3.txt")]
    [InlineData("functions-2.2.txt")]
    public void Every_function_of_dnsdist_has_its_fate(string list) =>
        Assert.All(Vector(list), static name => Assert.NotNull(DnsdistNames.Find(name)));

    [Fact]
    public void Every_constant_has_the_value_that_it_has_there()
    {
        // One more was put in front of the last one since.
        string[] moved = ["DNSResponseAction.None=5"];
        string[] ours = [.. Constants.Tables.SelectMany(static table => table.Values.Select(value => $"{table.Table}.{value.Name}={value.Value}"))];
        Assert.Equal(moved, Vector("constants-1.7.3.txt").Except(ours));
    }

    [Fact]
    public void Every_table_of_constants_is_among_the_names() =>
        Assert.All(Constants.Tables, static table => Assert.Equal(Fate.Same, DnsdistNames.Find($"{table.Table}.*")!.Fate));

    [Fact]
    public void No_constant_is_there_twice() =>
        Assert.All(Constants.Tables, static table => Assert.Equal(table.Values.Count, table.Values.Select(static value => value.Name).Distinct().Count()));

    [Fact]
    public void A_note_says_what_differs_and_only_then() => Assert.All(DnsdistNames.All, static name =>
    {
        Assert.Equal(name.Fate == Fate.Same, name.Note.Length == 0);
        Assert.False(name.Note.EndsWith('.'), $"{name.Name}: a clause, no sentence");
    });

    [Fact]
    public void Every_name_is_written_in_one_of_the_ways_there_are() =>
        Assert.All(DnsdistNames.All, static name => Assert.Matches(@"^(--[a-z-]+|[A-Za-z_0-9]+([:.][A-Za-z_0-9]+|\{[A-Za-z0-9]+\}|\.\*)?|dnsdist_ffi_\*)$", name.Name));

    [Fact]
    public void Every_option_belongs_to_a_function_that_is_named() => Assert.All(
        DnsdistNames.All.Where(static name => name.Name.Contains('{')),
        static name => Assert.NotNull(DnsdistNames.Find(name.Name[..name.Name.IndexOf('{', StringComparison.Ordinal)])));

    [Fact]
    public void What_nobody_knows_has_no_fate() => Assert.Null(DnsdistNames.Find("addNothing"));

    private static string[] Vector(string name) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Configuration", "Vectors", name));
}
