using System;
using System.IO;
using System.Linq;
using System.Threading;
using Fastdist.Proxy.Files;
using Fastdist.Tls;
using Xunit;

namespace Fastdist.Proxy.Tests.Files;

/// <summary>Key logs may be moved away: a reload opens them anew.</summary>
[Trait("Row", "C8")]
public sealed class KeyLogFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fastdist-keylog-");

    [Fact]
    public void Lines_go_to_the_new_file_once_it_was_opened_anew_and_none_is_lost()
    {
        string path = Path.Combine(_folder.FullName, "keys.log");
        string moved = path + ".1";
        var report = new ReloadReport();
        using (var files = new KeyLogFiles())
        {
            TlsKeyLog log = files.Open(path)!;
            Assert.Same(log, files.Open(path));
            log.Write("one"u8);
            Await(() => File.ReadAllText(path) == "one\n");
            File.Move(path, moved);
            log.Write("two"u8);
            Await(() => File.ReadAllText(moved) == "one\ntwo\n");
            files.Reopen(report);
            log.Write("three"u8);
        }

        Assert.Empty(report.Problems);
        Assert.Equal("three\n", File.ReadAllText(path));
        Assert.Equal("one\ntwo\n", File.ReadAllText(moved));
    }

    [Fact]
    public void The_old_file_is_let_go_of_before_the_next_line()
    {
        string path = Path.Combine(_folder.FullName, "keys.log");
        using var files = new KeyLogFiles();
        files.Open(path);
        File.Delete(path);
        files.Reopen(new ReloadReport());
        Await(() => !OpenFiles().Any(name => name.StartsWith(path, StringComparison.Ordinal) && name.EndsWith("(deleted)", StringComparison.Ordinal)));
        Assert.Contains(path, OpenFiles());
    }

    [Fact]
    public void One_that_cannot_be_opened_anew_is_named_and_the_old_one_written_on()
    {
        string path = Path.Combine(_folder.FullName, "keys.log");
        var report = new ReloadReport();
        using (var files = new KeyLogFiles())
        {
            TlsKeyLog log = files.Open(path)!;
            File.Move(path, path + ".1");
            Directory.CreateDirectory(path);
            files.Reopen(report);
            log.Write("one"u8);
        }

        Assert.Equal($"keyLogFile={path}: is a directory", Assert.Single(report.Problems));
        Assert.Equal("one\n", File.ReadAllText(path + ".1"));
    }

    [Fact]
    public void A_check_makes_no_file()
    {
        string path = Path.Combine(_folder.FullName, "keys.log");
        using var files = new KeyLogFiles(isCheck: true);
        Assert.NotNull(files.Open(path));
        Assert.False(File.Exists(path));
        Assert.Throws<TlsConfigurationException>(() => files.Open(Path.Combine(path, "beyond")));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)));

    private static string[] OpenFiles() => [.. Directory.GetFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget ?? "")];
}
