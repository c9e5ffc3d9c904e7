using System;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Tests.Allocation;

/// <summary>A log that keeps every line, for whoever wants to know why a test failed.</summary>
internal sealed class LineCollector : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(formatter(state, exception));

    public override string ToString() => string.Join('\n', _lines);
}
