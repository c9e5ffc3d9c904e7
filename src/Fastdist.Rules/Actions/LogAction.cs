using System;
using Fastdist.Ring;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Actions;

/// <summary>A line is written about a query or an answer.</summary>
/// <param name="options">How.</param>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public sealed class LogAction(LogActionOptions options, bool isForAnswers = false) : RuleAction(isForAnswers)
{
    /// <summary>How.</summary>
    public LogActionOptions Options => options;

    /// <summary>Where lines are written; null for the log.</summary>
    public RuleLogSink? Sink { get; set; }

    /// <summary>The function that makes it.</summary>
    public string Name => IsForAnswers ? "LogResponseAction" : "LogAction";

    /// <inheritdoc/>
    public override string WrittenFile => options.File;

    /// <inheritdoc/>
    public override string ToString() => options.File.Length == 0 ? "log" : $"log to {options.File}";
}

/// <summary>How lines about queries are written.</summary>
public sealed record LogActionOptions
{
    /// <summary>To which file; empty for the log.</summary>
    public string File { get; init; } = "";

    /// <summary>Whether it is dnsdist's binary form: whole messages with their times.</summary>
    public bool IsBinary { get; init; } = true;

    /// <summary>Whether a file that is there is added to; else it is begun anew.</summary>
    public bool Appends { get; init; }

    /// <summary>Whether lines of the log are only written where it is verbose.</summary>
    public bool IsVerboseOnly { get; init; } = true;

    /// <summary>Whether each line begins with the time.</summary>
    public bool HasTime { get; init; }
}

/// <summary>Where lines about queries and answers are written, from any shard; whoever writes one never waits.</summary>
public abstract class RuleLogSink
{
    /// <summary>Writes one.</summary>
    /// <param name="shard">Number of the shard, on whose thread this is.</param>
    /// <param name="message">The query or answer.</param>
    /// <param name="questionEnd">Where its question ends.</param>
    /// <param name="client">Who asked.</param>
    /// <param name="isAnswer">Whether it is an answer.</param>
    public abstract void Write(int shard, ReadOnlySpan<byte> message, int questionEnd, in SocketAddress client, bool isAnswer);

    /// <summary>Opens the file anew, as it may have been moved away; it may be waited for, so not on a shard's thread.</summary>
    public abstract void Reopen();
}
