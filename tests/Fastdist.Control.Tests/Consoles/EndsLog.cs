using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Control.Consoles;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Tests.Consoles;

/// <summary>A console's log, as a way to wait until it says that a connection has ended, which is the last that is done about one.</summary>
internal sealed class EndsLog : ILogger
{
    private readonly SemaphoreSlim _ends = new(0);

    /// <summary>Of each message, in the order of the log.</summary>
    public ConcurrentQueue<LogLevel> Levels { get; } = new();

    /// <summary>Waits for one more end.</summary>
    public async Task NextAsync()
    {
        if (!await _ends.WaitAsync(ConsoleUnderTest.Patience))
        {
            throw new TimeoutException("no connection has ended");
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Levels.Enqueue(logLevel);
        if (eventId.Name is nameof(ConsoleLog.ConsoleDisconnected) or nameof(ConsoleLog.ConsoleClosed))
        {
            _ends.Release();
        }
    }
}
