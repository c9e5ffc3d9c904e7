using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>The lines that a process has printed, with a way to wait for the next one.</summary>
internal sealed class LineLog
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lines.Count;
            }
        }
    }

    public string[] Snapshot(int from = 0)
    {
        lock (_gate)
        {
            return [.. _lines.Skip(from)];
        }
    }

    public override string ToString() => string.Join('\n', Snapshot());

    public void Add(string line) => Change(() => _lines.Add(line));

    /// <summary>No line will follow: whoever waits for one gives up.</summary>
    public void End() => Change(() => _ended = true);

    /// <summary>The first line from <paramref name="from"/> on that is the wanted one, waited for.</summary>
    public async Task<string> FirstAsync(Func<string, bool> wanted, string what, int from = 0)
    {
        using var bound = new CancellationTokenSource(Patience.Bound);
        while (true)
        {
            string? found;
            bool ended;
            Task changed;
            lock (_gate)
            {
                found = _lines.Skip(from).FirstOrDefault(wanted);
                ended = _ended;
                changed = _changed.Task;
            }

            if (found is not null)
            {
                return found;
            }

            if (ended)
            {
                throw new InvalidOperationException($"the process ended without printing {what}; it printed:\n{this}");
            }

            try
            {
                await changed.WaitAsync(bound.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"no line {what} within {Patience.Bound.TotalSeconds} s; printed so far:\n{this}");
            }
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}
