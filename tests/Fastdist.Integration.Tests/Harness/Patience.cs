using System;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>Waiting for events. The bound is for a broken product, not for a slow machine.</summary>
internal static class Patience
{
    /// <summary><c>FASTDIST_TEST_PATIENCE</c> shortens it, in seconds, for whoever expects failures.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("FASTDIST_TEST_PATIENCE"), out int seconds) ? seconds : 60);

    /// <summary>Looks again until the condition holds.</summary>
    public static Task UntilAsync(Func<bool> holds, string what) => UntilAsync(() => Task.FromResult(holds()), what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var bound = new CancellationTokenSource(Bound);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await holds())
        {
            if (bound.IsCancellationRequested)
            {
                throw new TimeoutException($"not within {Bound.TotalSeconds} s: {what}");
            }

            await tick.WaitForNextTickAsync();
        }
    }

    /// <summary>The task's result, or a failure that says what was waited for.</summary>
    public static async Task<T> ForAsync<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Bound);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"not within {Bound.TotalSeconds} s: {what}");
        }
    }

    /// <summary>Runs an operation that takes a token, within the bound.</summary>
    public static async Task<T> ForAsync<T>(Func<CancellationToken, Task<T>> operation, string what)
    {
        using var bound = new CancellationTokenSource(Bound);
        try
        {
            return await operation(bound.Token);
        }
        catch (OperationCanceledException) when (bound.IsCancellationRequested)
        {
            throw new TimeoutException($"not within {Bound.TotalSeconds} s: {what}");
        }
    }
}
