using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Fastdist.Proxy;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Logging;

/// <summary>What one part of the program logs; within it, event ids tell kinds of messages apart.</summary>
internal sealed class CategoryLogger(LogProvider log) : ILogger
{
    private readonly ConcurrentDictionary<int, MessageKind> _kinds = new();

    public IEnumerable<MessageKind> Kinds => _kinds.Values;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= log.Minimum && logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        // Who asks for the counters gets all of them.
        bool isLimited = (eventId.Id, eventId.Name) != (ServerLog.Statistics.Id, ServerLog.Statistics.Name);
        long suppressed = 0;
        if (isLimited && !KindOf(eventId, logLevel).TryPass(log.Now(), out suppressed))
        {
            return;
        }

        string message = formatter(state, exception);
        log.Add(new LogLine(default, logLevel, eventId, exception is null ? message : $"{message} ({exception.GetType().Name}: {exception.Message})", suppressed, isLimited)
        {
            Parameters = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [],
        });
    }

    private MessageKind KindOf(EventId id, LogLevel level) =>
        _kinds.TryGetValue(id.Id, out MessageKind? kind) ? kind : _kinds.GetOrAdd(id.Id, log.KindOf(id, level));
}
