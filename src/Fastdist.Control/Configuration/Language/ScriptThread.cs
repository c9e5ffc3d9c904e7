using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading;

namespace Fastdist.Control.Configuration.Language;

/// <summary>
/// The thread that scripts run on, one at a time: whoever has one run waits for it, and nobody else does. One that runs for too long is interrupted; what
/// cannot be interrupted is left behind, and the others are told so.
/// </summary>
internal sealed class ScriptThread : IDisposable
{
    /// <summary>Room for tables within tables and patterns; what Lua itself bounds, is bounded below this.</summary>
    private const int StackBytes = 16 << 20;

    /// <summary>What an interrupted script gets to end; one within a function of Lua's own, or compiled, does not.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<Action> _work = [];
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>A new one.</summary>
    /// <param name="recurrent">Done again and again, between scripts; null for nothing.</param>
    /// <param name="interval">How often.</param>
    public ScriptThread(Action? recurrent = null, TimeSpan interval = default) =>
        new Thread(() => Serve(recurrent, interval), StackBytes) { IsBackground = true, Name = "lua" }.Start();

    /// <summary>Runs something of a script.</summary>
    /// <param name="run">It.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="interrupt">Has it end soon.</param>
    /// <exception cref="ScriptException">It cannot be run, or did not end.</exception>
    public T Run<T>(Func<T> run, TimeSpan limit, Action interrupt)
    {
        if (!_turn.Wait(limit))
        {
            throw new ScriptException("another script is running, and does not end");
        }

        var done = new ManualResetEventSlim();
        T? result = default;
        Exception? failure = null;
        _work.Add(() =>
        {
            try
            {
                result = run();
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            done.Set();
            _turn.Release();
        });
        if (!done.Wait(limit))
        {
            interrupt();
            if (!done.Wait(s_grace))
            {
                throw new ScriptException($"it has run for {limit.TotalSeconds} seconds and cannot be interrupted, as it is within a function of Lua's own or compiled");
            }
        }

        return failure is null ? result! : throw failure;
    }

    /// <inheritdoc/>
    public void Dispose() => _work.CompleteAdding();

    private void Serve(Action? recurrent, TimeSpan interval)
    {
        long due = Stopwatch.GetTimestamp();
        while (!_work.IsCompleted)
        {
            TimeSpan wait = interval - Stopwatch.GetElapsedTime(due);
            if (_work.TryTake(out Action? work, recurrent is null ? Timeout.InfiniteTimeSpan : wait > TimeSpan.Zero ? wait : TimeSpan.Zero))
            {
                work();
            }

            if (recurrent is not null && !_work.IsAddingCompleted && Stopwatch.GetElapsedTime(due) >= interval)
            {
                due = Stopwatch.GetTimestamp();
                recurrent();
            }
        }
    }
}
