using System;
using System.Collections.Generic;
using System.Globalization;
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
    /// <summary>fastdist does what dnsdist did, but where the scenario says why not.</summary>
    public static Task FastdistAsync(string file, string name) => CompareAsync(file, name, dnsdist: false, static step => step.Expected);

    /// <summary>dnsdist, where it is here, does what is stored of it.</summary>
    public static Task DnsdistAsync(string file, string name) => CompareAsync(file, name, dnsdist: true, static step => step.Theirs);

    private static async Task CompareAsync(string file, string name, bool dnsdist, Func<ScenarioStep, List<string>> written)
    {
        Scenario scenario = ScenarioFile.Named(file).Scenarios.Single(scenario => scenario.Name == name);
        if (dnsdist && !NewerDnsdist.IsHere(scenario.Dnsdist))
        {
            return;
        }

        if (!dnsdist && scenario.IsRefused)
        {
            Exception? refusal = await Record.ExceptionAsync(() => ScenarioPlayer.PlayAsync(scenario, dnsdist: false));
            Assert.True(refusal?.Message.Contains("is not supported yet", StringComparison.Ordinal) == true, $"{name}: no longer refused, so take that word away: {refusal?.Message}");
            return;
        }

        List<List<string>> outcomes = await ScenarioPlayer.PlayAsync(scenario, dnsdist);
        var different = new StringBuilder();
        foreach ((ScenarioStep step, List<string> outcome) in scenario.Steps.Zip(outcomes).Where(pair => !pair.Second.SequenceEqual(written(pair.First))))
        {
            different.AppendLine(step.Text);
            Append(different, "expected", written(step));
            Append(different, "got", outcome);
        }

        foreach (ScenarioStep step in scenario.Steps.Where(static step => step.Difference is not null && step.Ours.SequenceEqual(step.Theirs)))
        {
            different.AppendLine(CultureInfo.InvariantCulture, $"{step.Text}\n  does not differ, though a reason is given");
        }

        Assert.True(different.Length == 0, $"{name}\n{string.Join('\n', scenario.Configuration)}\n{different}");
    }

    private static void Append(StringBuilder text, string what, List<string> lines)
    {
        foreach (string line in lines)
        {
            text.AppendLine($"  {what} {line}{(AnswerText.Of(line) is { } readable ? $"\n      {readable}" : "")}");
        }
    }
}
