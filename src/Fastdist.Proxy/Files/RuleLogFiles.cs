using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Fastdist.Rules.Actions;
using Fastdist.Settings.Rules;
using Fastdist.Tls.Files;

namespace Fastdist.Proxy.Files;

/// <summary>
/// The files that rules write to (LogAction, LogResponseAction), each open once however many actions write to it, and for as long as one does.
/// </summary>
/// <param name="shards">Shards that write.</param>
internal sealed class RuleLogFiles(int shards) : IDisposable
{
    /// <summary>What names a file, behind the function.</summary>
    internal const string Option = "file";

    private readonly Lock _lock = new();
    private Dictionary<string, MessageLog> _logs = [];

    /// <summary>Lines that were dropped, of the files that are open.</summary>
    public long Dropped => Logs.Sum(static log => log.Dropped);

    private MessageLog[] Logs
    {
        get
        {
            lock (_lock)
            {
                return [.. _logs.Values];
            }
        }
    }

    /// <summary>What is wrong with files that rules name, none of which is made.</summary>
    public static IReadOnlyList<string> Check(RuleChains rules)
    {
        var report = new ReloadReport();
        foreach (LogAction action in ActionsOf(rules).DistinctBy(static action => action.WrittenFile))
        {
            report.Try(action.Name, () =>
            {
                OperatorFile.RequireAppendable(Option, action.WrittenFile);
                return action;
            });
        }

        return report.Problems;
    }

    /// <summary>Opens the files of rules that are not open yet. One that is not there is made, and only its owner may read it.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="report">Told of what cannot be opened.</param>
    public RuleLogPlan Prepare(RuleChains rules, ReloadReport report)
    {
        LogAction[] actions = [.. ActionsOf(rules)];
        HashSet<string> open = [.. Logs.Select(static log => log.Path)];
        var coming = new Dictionary<string, FileStream>();
        foreach (LogAction action in actions.Where(action => !open.Contains(action.WrittenFile)))
        {
            if (!coming.ContainsKey(action.WrittenFile) && report.Try(action.Name, () => OperatorFile.OpenToAppend(Option, action.WrittenFile)) is { } file)
            {
                coming.Add(action.WrittenFile, file);
            }
        }

        return new RuleLogPlan(actions, coming);
    }

    /// <summary>Has the actions of a plan write to their files, before any shard asks them; the files that none writes to are closed.</summary>
    public void Use(RuleLogPlan plan)
    {
        foreach (MessageLog log in Replace(plan))
        {
            log.End();
        }
    }

    /// <summary>Opens every file anew, as it may have been moved away; what is there is added to in any case.</summary>
    public void Reopen(ReloadReport report)
    {
        foreach (MessageLog log in Logs)
        {
            if (report.Try("LogAction", () => OperatorFile.OpenToAppend(Option, log.Path)) is { } file)
            {
                log.Use(file);
            }
        }
    }

    /// <summary>Tells of lines that were dropped since the last time.</summary>
    /// <param name="tell">Is told the file, and how many.</param>
    public void TellDropped(Action<string, long> tell)
    {
        foreach (MessageLog log in Logs)
        {
            long dropped = log.Dropped;
            if (dropped > log.ToldDropped)
            {
                tell(log.Path, dropped - log.ToldDropped);
                log.ToldDropped = dropped;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(Replace(RuleLogPlan.None), static log => log.Dispose());

    /// <returns>The files that are no longer written to.</returns>
    private MessageLog[] Replace(RuleLogPlan plan)
    {
        lock (_lock)
        {
            var logs = new Dictionary<string, MessageLog>();
            foreach (LogAction action in plan.Actions)
            {
                string path = action.WrittenFile;
                if (!logs.TryGetValue(path, out MessageLog? log))
                {
                    logs.Add(path, log = _logs.GetValueOrDefault(path) ?? new MessageLog(path, plan.Begin(path), shards));
                }

                action.Sink = new FileSink(log, action.Options);
            }

            MessageLog[] going = [.. _logs.Values.Except(logs.Values)];
            _logs = logs;
            return going;
        }
    }

    private static IEnumerable<LogAction> ActionsOf(RuleChains rules) =>
        rules.All.Select(static entry => LogActionIn(entry.Rule.Action)).Where(static action => action is { WrittenFile.Length: > 0 }).OfType<LogAction>();

    private static LogAction? LogActionIn(RuleAction action) => action is ContinueAction outer ? LogActionIn(outer.Inner) : action as LogAction;
}

/// <summary>The files that rules need, open, so that nothing can go wrong any more.</summary>
/// <param name="Actions">The actions that write to files.</param>
/// <param name="Coming">The files that were not open before.</param>
internal sealed record RuleLogPlan(IReadOnlyList<LogAction> Actions, IReadOnlyDictionary<string, FileStream> Coming)
{
    /// <summary>No files.</summary>
    public static RuleLogPlan None { get; } = new([], new Dictionary<string, FileStream>());

    /// <summary>A file that comes; it is emptied where no action wants what is in it.</summary>
    public FileStream Begin(string path)
    {
        FileStream file = Coming[path];
        if (!Actions.Any(action => action.WrittenFile == path && action.Options.Appends))
        {
            try
            {
                file.SetLength(0);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // One that may only be added to (chattr +a) is added to.
            }
        }

        return file;
    }

    /// <summary>Closes what nobody came to use.</summary>
    public void Discard()
    {
        foreach (FileStream file in Coming.Values)
        {
            file.Dispose();
        }
    }
}
