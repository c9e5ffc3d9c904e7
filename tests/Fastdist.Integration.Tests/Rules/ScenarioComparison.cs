using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading.Tasks;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>The names of the scenarios in a file.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ScenariosAttribute(string file) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. ScenarioFile.Named(file).Scenarios.Select(scenario => new TheoryDataRow(file, scenario.Name))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

/// <summary>Compares what came of a scenario with what is written.</summary>
internal static class ScenarioComparison
{
    private const int AtOnce = 4;

    /// <summary>fastdist does what dnsdist did, but where the scenario says why not.</summary>
    public static async Task FastdistAsync(string file, string name)
    {
        Scenario scenario = ScenarioFile.Named(file).Scenarios.Single(scenario => scenario.Name == name);
        if (scenario.IsRefused)
        {
            Exception? refusal = await Record.ExceptionAsync(() => ScenarioPlayer.PlayAsync(scenario, dnsdist: false));
            Assert.True(refusal?.Message.Contains("is not supported yet", StringComparison.Ordinal) == true, $"{name}: no longer refused, so take that word away: {refusal?.Message}");
            return;
        }

        string different = Differences(scenario, await ScenarioPlayer.PlayAsync(scenario, dnsdist: false), static step => step.Expected);
        string[] needless = [.. scenario.Steps.Where(static step => step.Difference is not null && step.Ours.SequenceEqual(step.Theirs)).Select(static step => step.Text)];
        Assert.True(different.Length == 0, different);
        Assert.True(needless.Length == 0, $"{name}: a reason is given where nothing differs: {string.Join(", ", needless)}");
    }

    /// <summary>dnsdist does what is stored of it in this file.</summary>
    public static async Task DnsdistAsync(string file)
    {
        var different = new ConcurrentBag<string>();
        List<Scenario> scenarios = ScenarioFile.Named(file).Scenarios;
        foreach (string missing in scenarios.Select(static scenario => scenario.Dnsdist).Distinct().Where(static version => !NewerDnsdist.IsHere(version)))
        {
            TestContext.Current.AddWarning($"dnsdist {missing} is not here: compared with its stored outcomes only (tools/newer-peers fetch {missing})");
        }

        await Parallel.ForEachAsync(scenarios.Where(static scenario => NewerDnsdist.IsHere(scenario.Dnsdist)), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (scenario, _) =>
            different.Add(Differences(scenario, await ScenarioPlayer.PlayAsync(scenario, dnsdist: true), static step => step.Theirs)));
        Assert.True(different.All(static text => text.Length == 0), string.Join('\n', different));
    }

    /// <summary>Each step of which something else came than is written; empty when there is none.</summary>
    private static string Differences(Scenario scenario, List<List<string>> outcomes, Func<ScenarioStep, List<string>> written)
    {
        var different = new StringBuilder();
        foreach ((ScenarioStep step, List<string> outcome) in scenario.Steps.Zip(outcomes).Where(pair => !AreEqual(scenario, pair.Second, written(pair.First))))
        {
            different.AppendLine(step.Text);
            Append(different, "expected", written(step));
            Append(different, "got", outcome);
        }

        return different.Length == 0 ? "" : $"{scenario.Name}\n{string.Join('\n', scenario.Configuration)}\n{different}";
    }

    private static bool AreEqual(Scenario scenario, List<string> outcome, List<string> written) =>
        scenario.IsAgeing ? outcome.Count == written.Count && outcome.Zip(written, AnswerText.AreEqualButForAge).All(static equal => equal) : outcome.SequenceEqual(written);

    private static void Append(StringBuilder text, string what, List<string> lines)
    {
        foreach (string line in lines)
        {
            text.AppendLine($"  {what} {line}{(AnswerText.Of(line) is { } readable ? $"\n      {readable}" : "")}");
        }
    }
}
