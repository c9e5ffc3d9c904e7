using System;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>The lock around what a process has put out so far, with a way to wait for what comes next.</summary>
internal sealed class Watched
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    public T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    public void Change(Action change)
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

    /// <summary>Nothing will follow: whoever waits gives up.</summary>
    public void End() => Change(() => _ended = true);

    /// <summary>What is looked for, looked for again after each change.</summary>
    /// <param name="find">Null while it is not there.</param>
    /// <param name="ended">What to say when nothing will follow.</param>
    /// <param name="late">What to say when it takes too long.</param>
    public async Task<T> FirstAsync<T>(Func<T?> find, Func<string> ended, Func<string> late)
        where T : class
    {
        using var bound = new CancellationTokenSource(Patience.Bound);
        while (true)
        {
            (T? found, bool isOver, Task changed) = Read(() => (find(), _ended, _changed.Task));
            if (found is not null)
            {
                return found;
            }

            if (isOver)
            {
                throw new InvalidOperationException(Read(ended));
            }

            try
            {
                await changed.WaitAsync(bound.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(Read(late));
            }
        }
    }
}
