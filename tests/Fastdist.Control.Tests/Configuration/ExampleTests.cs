using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Fastdist.Control.Configuration;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

/// <summary>The configurations under examples/, read where their other files are in a folder of the test's own.</summary>
public sealed class ExampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fastdist-examples-").FullName;

    public static IEnumerable<TheoryDataRow<string>> All => Directory.GetFiles(Examples, "*.conf").Select(path => new TheoryDataRow<string>(Path.GetFileName(path)));

    private static string Examples { get; } = Path.Combine(FindRoot(), "examples");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(All))]
    public void An_example_is_read_without_a_problem(string name)
    {
        var problems = new Problems();
        ProcessOptions settings = Read(name, problems);
        problems.ThrowIfAny();
        Assert.NotEmpty(settings.Proxy.Frontends);
        Assert.NotEmpty(settings.Proxy.Backends);
        Assert.DoesNotContain(problems.Notes, note => note.Level == NoteLevel.Warning && note.Text.Contains("unknown option", StringComparison.Ordinal));
    }

    [Fact]
    public void All_that_an_old_file_says_in_vain_is_told()
    {
        var problems = new Problems();
        Read("from-dnsdist.conf", problems);
        string[] told = [.. problems.Notes.Where(note => note.Level == NoteLevel.Warning).Select(note => note.Text)];
        Assert.Contains(told, line => line.EndsWith("from-dnsdist.conf:15: setMaxTCPClientThreads does nothing here: there are no worker threads: each shard serves its own clients from accept to answer; see --shards", StringComparison.Ordinal));
        Assert.All(told, line => Assert.Contains("does nothing here", line));
    }

    /// <summary>But for what only the console is for, and what each chain of rules has as the first one has it.</summary>
    [Fact]
    public void Together_they_use_all_that_a_configuration_can_say()
    {
        string text = string.Concat(Directory.GetFiles(Examples, "*.conf").Select(File.ReadAllText));
        Assert.Equal([], Vocabulary.Functions.Where(function => !function.IsForProcess && function.Name is not ("showACL" or "showConsoleACL") && !Regex.IsMatch(function.Name, "(CacheMiss|Response|CacheHit)Rules?(ToTop)?$|^topRule$|^clearRules$|^setRules$")).Select(function => function.Name).Where(name => !Regex.IsMatch(text, $@"\b{name}\b")));
    }

    private ProcessOptions Read(string name, Problems problems)
    {
        foreach (string source in Directory.GetFiles(Examples, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder, Path.GetRelativePath(Examples, source));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, File.ReadAllText(source).Replace("/etc/fastdist", Path.Combine(_folder, "etc"), StringComparison.Ordinal));
        }

        return ConfigurationFile.Read(new ProcessOptions { ConfigurationFile = Path.Combine(_folder, name) }, isForClient: false, problems, out _);
    }

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
