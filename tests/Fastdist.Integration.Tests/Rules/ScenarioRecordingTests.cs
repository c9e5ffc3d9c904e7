using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>
/// Writes what came of the scenarios into their files. Not tests but a way to make them, they run when asked for: <c>-explicit only -method '*Recorded*'</c>; <c>FASTDIST_SCENARIOS</c> chooses files by a part of their names.
/// </summary>
public sealed class ScenarioRecordingTests
{
    private const int AtOnce = 6;

    [Fact(Explicit = true)]
    public Task Recorded_from_dnsdist() => RecordAsync(
        static _ => true, dnsdist: true, static (step, outcome) => step.Theirs = outcome);

    /// <summary>Our own outcomes, where a step says why it differs; for reading before they are committed.</summary>
    [Fact(Explicit = true)]
    public Task Recorded_from_fastdist_where_it_differs_on_purpose() => RecordAsync(
        static scenario => scenario.Steps.Any(static step => step.Difference is not null), dnsdist: false, KeepOurs);

    /// <summary>What does not differ needs no reason.</summary>
    private static void KeepOurs(ScenarioStep step, List<string> outcome)
    {
        step.Difference = outcome.SequenceEqual(step.Theirs) ? null : step.Difference;
        step.Ours = step.Difference is null ? [] : outcome;
    }

    private static async Task RecordAsync(Func<Scenario, bool> wanted, bool dnsdist, Action<ScenarioStep, List<string>> keep)
    {
        string chosen = Environment.GetEnvironmentVariable("FASTDIST_SCENARIOS") ?? "";
        var failures = new List<string>();
        foreach (ScenarioFile file in ScenarioFile.All().Where(file => file.Name.Contains(chosen, StringComparison.Ordinal)))
        {
            await Parallel.ForEachAsync(file.Scenarios.Where(wanted), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (scenario, _) =>
            {
                try
                {
                    List<List<string>> outcomes = await ScenarioPlayer.PlayAsync(scenario, dnsdist, recording: true);
                    foreach ((ScenarioStep step, List<string> outcome) in scenario.Steps.Zip(outcomes))
                    {
                        keep(step, outcome);
                    }
                }
                catch (Exception e) when (e is InvalidOperationException or TimeoutException or FormatException)
                {
                    lock (failures)
                    {
                        failures.Add($"{file.Name}: {scenario.Name}: {e.Message}");
                    }
                }
            });
            file.Write();
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }
}
