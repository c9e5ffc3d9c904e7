using System;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>The only backend is killed and is back after a moment.</summary>
[Trait("Row", "F5")]
public sealed class QuickRestartTests
{
    [Theory, ClassData(typeof(Exchanges))]
    public async Task Queries_wait_for_a_lone_backend_that_is_killed_and_started_again(string transport)
    {
        await using var lab = new Lab();
        Daemon backend = await lab.DaemonAsync(transport);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--shards", "1");
        await using SteadyLoad load = await SteadyLoad.StartAsync(fastdist.Listen, number => $"q{number}.load.test");
        await load.IsAnsweredAsync(20);

        // A stopped process takes queries and answers none, so that some are in flight when it is killed.
        backend.SignalAll(LinuxSignal.Stop);
        await load.SendsAsync(10);
        await backend.KillAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        await backend.StartAsync();
        await load.IsAnsweredAsync(100);

        ParsedMessage[] answers = await load.StopAsync();
        Assert.Equal($"{answers.Length} NoError", Tally.Of(answers));
    }
}
