using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Files;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Logging;

/// <summary>
/// The log: messages become lines on the thread that logs, and one thread writes the lines. Whoever logs never waits;
/// what does not fit is dropped and counted, and of each kind of message (event id) only so many a second become lines.
/// </summary>
public sealed class LogProvider : ILoggerProvider, ILogCounters
{
    /// <summary>Messages of a kind that may come at once; as many as there may be backends whose state changes.</summary>
    public const int Burst = 100;

    /// <summary>How often one more may come after that.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Told when lines were dropped.</summary>
    internal static readonly EventId LinesDropped = new(1, nameof(LinesDropped));

    /// <summary>Told when messages were left out and none of their kind has followed.</summary>
    internal static readonly EventId MessagesSuppressed = new(2, nameof(MessagesSuppressed));

    private readonly ConcurrentDictionary<string, CategoryLogger> _loggers = new();
    private readonly LogFormat _format;
    private readonly TimeProvider _clock;
    private volatile LogLevel _minimum;
    private readonly LineQueue _lines;

    /// <summary>Starts a log.</summary>
    /// <param name="stream">Where lines go, each with one write.</param>
    /// <param name="format">How they are written.</param>
    /// <param name="minimum">Messages below this level are not wanted.</param>
    /// <param name="clock">Tells the time of a line and the pace of its kind.</param>
    public LogProvider(Stream stream, LogFormat format, LogLevel minimum, TimeProvider clock)
    {
        _format = format;
        _clock = clock;
        _minimum = minimum;
        _lines = new LineQueue(stream, DescribeDropped);
    }

    /// <inheritdoc/>
    public long Dropped => _lines.Dropped;

    /// <inheritdoc/>
    public long Suppressed => Kinds.Sum(kind => kind.Suppressed);

    /// <summary>Messages below this level are not wanted.</summary>
    public LogLevel Minimum
    {
        get => _minimum;
        set => _minimum = value;
    }

    private IEnumerable<MessageKind> Kinds => _loggers.Values.SelectMany(logger => logger.Kinds);

    /// <summary>The most bytes that one kind of message can make the log grow by.</summary>
    /// <param name="format">How lines are written.</param>
    /// <param name="time">Within this time.</param>
    public static long MaxBytes(LogFormat format, TimeSpan time) =>
        (Burst + (long)(time / Interval)) * (format == LogFormat.Json ? JsonLines.MaxSize : TextLines.MaxSize);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, static (_, log) => new CategoryLogger(log), this);

    /// <summary>Tells of what was suppressed and did not come again: call it about once a second, from one thread.</summary>
    public void Maintain()
    {
        long now = _clock.GetTimestamp();
        foreach (MessageKind kind in Kinds)
        {
            if (kind.TryReport(now, out long suppressed))
            {
                DescribeSuppressed(kind, suppressed);
            }
        }
    }

    /// <summary>Writes what is queued, then stops.</summary>
    public void Dispose()
    {
        foreach (MessageKind kind in Kinds)
        {
            if (kind.TakePending() is > 0 and long suppressed)
            {
                DescribeSuppressed(kind, suppressed);
            }
        }

        _lines.Dispose();
    }

    internal long Now() => _clock.GetTimestamp();

    internal MessageKind KindOf(EventId id, LogLevel level) =>
        new(id, level, (long)(Interval.TotalSeconds * _clock.TimestampFrequency), Burst);

    internal void Add(in LogLine line) => _lines.TryAdd(Format(line with { Time = _clock.GetUtcNow() }));

    private byte[] Format(in LogLine line) => _format switch
    {
        LogFormat.Json => JsonLines.Format(line),
        LogFormat.Systemd => TextLines.Format(line, TextLines.PriorityOf(line)),
        LogFormat.Bare => TextLines.Format(line, ""),
        _ => TextLines.Format(line, TextLines.TimeOf(line)),
    };

    private byte[] DescribeDropped(long count) => Format(
        new LogLine(_clock.GetUtcNow(), LogLevel.Warning, LinesDropped, string.Create(CultureInfo.InvariantCulture, $"{count} lines were dropped"))
        {
            Parameters = [new("dropped", count)],
        });

    private void DescribeSuppressed(MessageKind kind, long count) => Add(
        new LogLine(default, kind.Level, MessagesSuppressed, string.Create(CultureInfo.InvariantCulture, $"suppressed {count} more like this: {kind.Id.Name}"))
        {
            Parameters = [new("suppressed", count), new("kind", kind.Id.Name)],
        });
}
