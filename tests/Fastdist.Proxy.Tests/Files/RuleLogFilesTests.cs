using System;
using System.IO;
using System.Linq;
using System.Threading;
using Fastdist.Proxy.Files;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Rules;
using Fastdist.Shared;
using Fastdist.Tls;
using Xunit;

namespace Fastdist.Proxy.Tests.Files;

/// <summary>The files that rules write to.</summary>
public sealed class RuleLogFilesTests : IDisposable
{
    private const int QuestionEnd = 17;

    private static readonly byte[] s_query = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1];
    private static readonly SocketAddress s_client = SocketAddress.From([192, 0, 2, 1], 4242);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fastdist-rule-log-");
    private readonly ReloadReport _report = new();

    private string File1 => Path.Combine(_folder.FullName, "rules.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Actions_that_name_one_file_share_it_and_each_writes_in_its_way()
    {
        LogAction one = Logging(), other = new(new LogActionOptions { File = File1, IsBinary = false }, isForAnswers: true), binary = Logging(isBinary: true);
        using (var files = new RuleLogFiles(shards: 2))
        {
            files.Use(files.Prepare(Rules(one, new ContinueAction(binary), other), _report));
            one.Sink!.Write(1, s_query, QuestionEnd, in s_client, isAnswer: false);
            Await(() => Text() == "Packet from 192.0.2.1:4242 for . A with id 7\n");
            other.Sink!.Write(1, s_query, QuestionEnd, in s_client, isAnswer: true);
            binary.Sink!.Write(1, s_query, QuestionEnd, in s_client, isAnswer: false);
        }

        Assert.Empty(_report.Problems);
        Assert.StartsWith("Packet from 192.0.2.1:4242 for . A with id 7\nAnswer to 192.0.2.1:4242 for . A (No Error) with id 7\n\0\a", Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "before\n")]
    public void A_file_is_begun_anew_unless_it_is_to_be_added_to(bool appends, string kept)
    {
        File.WriteAllText(File1, "before\n");
        LogAction action = new(new LogActionOptions { File = File1, IsBinary = false, Appends = appends });
        using (var files = new RuleLogFiles(shards: 1))
        {
            RuleLogPlan plan = files.Prepare(Rules(action), _report);
            Assert.Equal("before\n", Text());
            files.Use(plan);
            action.Sink!.Write(0, s_query, QuestionEnd, in s_client, isAnswer: false);
        }

        Assert.Equal($"{kept}Packet from 192.0.2.1:4242 for . A with id 7\n", Text());
    }

    [Fact]
    public void A_file_that_other_rules_name_as_well_is_kept_with_what_is_in_it()
    {
        LogAction action = Logging(), later = Logging();
        using (var files = new RuleLogFiles(shards: 1))
        {
            files.Use(files.Prepare(Rules(action), _report));
            action.Sink!.Write(0, s_query, QuestionEnd, in s_client, isAnswer: false);
            RuleLogPlan plan = files.Prepare(Rules(later), _report);
            Assert.Empty(plan.Coming);
            files.Use(plan);
            later.Sink!.Write(0, s_query, QuestionEnd, in s_client, isAnswer: false);
        }

        Assert.Equal(2, Text().Count(static letter => letter == '\n'));
    }

    [Fact]
    public void A_file_that_no_rule_names_any_more_is_closed_and_what_was_noted_is_in_it()
    {
        LogAction action = Logging();
        using var files = new RuleLogFiles(shards: 1);
        files.Use(files.Prepare(Rules(action), _report));
        action.Sink!.Write(0, s_query, QuestionEnd, in s_client, isAnswer: false);
        files.Use(files.Prepare(RuleChains.None, _report));
        Await(() => !OpenFiles().Contains(File1));
        Assert.Equal(1, Text().Count(static letter => letter == '\n'));

        // What was on its way to a shard meanwhile does no harm.
        action.Sink!.Write(0, s_query, QuestionEnd, in s_client, isAnswer: false);
    }

    [Fact]
    public void Lines_go_to_the_new_file_once_it_was_opened_anew_and_it_is_never_emptied()
    {
        LogAction action = Logging();
        using (var files = new RuleLogFiles(shards: 1))
        {
            files.Use(files.Prepare(Rules(action), _report));
            action.Sink!.Write(0, s_query, QuestionEnd, in s_client, isAnswer: false);
            Await(() => Text().Length > 0);
            files.Reopen(_report);
            action.Sink.Write(0, s_query, QuestionEnd, in s_client, isAnswer: false);
            Await(() => Text().Count(static letter => letter == '\n') == 2);
            File.Move(File1, File1 + ".1");
            action.Sink.Reopen();
            Await(() => !OpenFiles().Contains(File1 + ".1"));
            action.Sink.Write(0, s_query, QuestionEnd, in s_client, isAnswer: false);
        }

        Assert.Equal((1, 2), (File.ReadAllLines(File1).Length, File.ReadAllLines(File1 + ".1").Length));
    }

    [Fact]
    public void What_cannot_be_opened_is_named_with_its_function_and_nothing_stays_open()
    {
        using var files = new RuleLogFiles(shards: 1);
        LogAction action = new(new LogActionOptions { File = _folder.FullName }, isForAnswers: true);
        RuleLogPlan plan = files.Prepare(Rules(Logging(), action), _report);
        plan.Discard();
        Assert.Equal([$"LogResponseAction: file={_folder.FullName}: is a directory"], _report.Problems);
        Assert.Equal(_report.Problems, RuleLogFiles.Check(Rules(action)));
        Assert.DoesNotContain(File1, OpenFiles());
        Assert.Throws<TlsConfigurationException>(Reopened);

        void Reopened()
        {
            LogAction moved = Logging();
            files.Use(files.Prepare(Rules(moved), new ReloadReport()));
            File.Delete(File1);
            Directory.CreateDirectory(File1);
            moved.Sink!.Reopen();
        }
    }

    [Fact]
    public void A_check_makes_no_file()
    {
        Assert.Empty(RuleLogFiles.Check(Rules(Logging())));
        Assert.False(File.Exists(File1));
    }

    [Fact]
    public void What_comes_faster_than_it_is_written_is_dropped_counted_and_told_of_once()
    {
        using var hung = new HungStream();
        using (var log = new MessageLog("a", hung, shards: 1))
        {
            var message = default(LoggedMessage);
            for (int i = 0; i < 20_000; i++)
            {
                log.Add(0, ref message, [0]);
            }

            Assert.InRange(log.Dropped, 10_000, 20_000);
            hung.Release();
        }
    }

    [Fact]
    public void To_write_allocates_nothing_on_the_shard()
    {
        LogAction action = Logging();
        using var files = new RuleLogFiles(shards: 1);
        files.Use(files.Prepare(Rules(action), _report));
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                action.Sink!.Write(0, s_query, QuestionEnd, in s_client, isAnswer: false);
            }
        });
    }

    private LogAction Logging(bool isBinary = false) => new(new LogActionOptions { File = File1, IsBinary = isBinary });

    private static RuleChains Rules(params RuleAction[] actions) =>
        RuleChains.None.With(ChainKind.Query, [.. actions.Where(static action => !action.IsForAnswers).Select(static action => new Rule(new AllSelector(), action))])
            .With(ChainKind.Response, [.. actions.Where(static action => action.IsForAnswers).Select(static action => new Rule(new AllSelector(), action))]);

    private string Text() => File.Exists(File1) ? File.ReadAllText(File1) : "";

    private static string[] OpenFiles() => [.. Directory.GetFiles("/proc/self/fd").Select(static link => new FileInfo(link).LinkTarget ?? "")];

    private static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)));

    /// <summary>A disk that takes nothing until it is released.</summary>
    private sealed class HungStream : MemoryStream
    {
        private readonly ManualResetEventSlim _released = new(false);

        public void Release() => _released.Set();

        public override void Write(ReadOnlySpan<byte> buffer) => _released.Wait();

        protected override void Dispose(bool disposing)
        {
            _released.Dispose();
            base.Dispose(disposing);
        }
    }
}
