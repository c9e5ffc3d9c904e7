using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>
/// A file of scenarios. A line's first word says what it is: <c>scenario NAME</c> begins one, <c>with dnsdist VERSION</c>, <c>quickly</c>, <c>ageing</c>, <c>one shard</c> and
/// <c>refused</c> are about all of it, <c>|</c> is a line of its configuration, <c>?</c> a query, <c>$</c> a line for the console, <c>#</c> a comment. What came of a step stands behind it: <c>=</c> the
/// answer, <c>&gt;</c> what a backend saw, <c>:</c> what the console printed; <c>!</c> says why fastdist differs, and <c>!=</c>, <c>!&gt;</c>, <c>!:</c> are its own outcome.
/// Lines with <c>;</c> show an answer to readers; nobody compares them.
/// </summary>
internal sealed class ScenarioFile
{
    private const string Indent = "  ";

    private readonly string _path;
    private readonly List<string> _head = [];

    private ScenarioFile(string path) => _path = path;

    /// <summary>Its name without the extension.</summary>
    public string Name => Path.GetFileNameWithoutExtension(_path);

    public List<Scenario> Scenarios { get; } = [];

    /// <summary>All of them, by name.</summary>
    public static IEnumerable<ScenarioFile> All() => Directory.GetFiles(Folder(), "*.scenario").Order(StringComparer.Ordinal).Select(Read);

    /// <summary>The one of this name.</summary>
    public static ScenarioFile Named(string name) => Read(Path.Combine(Folder(), $"{name}.scenario"));

    private static ScenarioFile Read(string path)
    {
        var file = new ScenarioFile(path);
        string[] lines = File.ReadAllLines(path);
        var comments = new List<string>();
        for (int i = 0; i < lines.Length; i++)
        {
            try
            {
                file.Take(lines[i].Trim(), comments);
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                throw new FormatException($"{path}:{i + 1}: {e.Message}", e);
            }
        }

        return file;
    }

    /// <summary>Writes it again, with what was recorded since it was read.</summary>
    public void Write()
    {
        IEnumerable<string> lines = [.. _head, .. Scenarios.SelectMany(scenario => (string[])["", .. Lines(scenario)])];
        File.WriteAllLines(_path, lines);
    }

    private void Take(string line, List<string> comments)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        (string word, string rest) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..]);
        Scenario? scenario = Scenarios.LastOrDefault();
        switch (word)
        {
            case "" or ";":
                return;
            case "#":
                (scenario is null ? _head : comments).Add(line);
                return;
            case "scenario":
                Scenarios.Add(new(rest));
                MoveTo(Scenarios[^1].Comments, comments);
                return;
        }

        (scenario ?? throw new FormatException("no scenario has begun")).Comments.AddRange(scenario.Steps.Count == 0 && word is not ("?" or "$") ? Taken(comments) : []);
        TakeInside(scenario, word, rest, line, comments);
    }

    private static void TakeInside(Scenario scenario, string word, string rest, string line, List<string> comments)
    {
        switch (word)
        {
            case "with" when rest.StartsWith("dnsdist ", StringComparison.Ordinal):
                scenario.Dnsdist = rest["dnsdist ".Length..];
                break;
            case "quickly":
                scenario.IsQuick = true;
                break;
            case "ageing":
                scenario.IsAgeing = true;
                break;
            case "one" when rest == "shard":
                scenario.Shards = 1;
                break;
            case "refused":
                scenario.IsRefused = true;
                break;
            case "|":
                scenario.Configuration.Add(rest);
                break;
            case "?" or "$":
                scenario.Steps.Add(new(word == "?", rest));
                MoveTo(scenario.Steps[^1].Comments, comments);
                break;
            case "=" or ">" or ":":
                scenario.Steps[^1].Theirs.Add(line);
                break;
            case "!":
                scenario.Steps[^1].Difference = rest;
                break;
            case "!=" or "!>" or "!:":
                scenario.Steps[^1].Ours.Add(line[1..]);
                break;
            default:
                throw new FormatException($"no such word: {word}");
        }
    }

    private static IEnumerable<string> Lines(Scenario scenario)
    {
        foreach (string comment in scenario.Comments)
        {
            yield return comment;
        }

        yield return $"scenario {scenario.Name}";
        if (scenario.Dnsdist != Scenario.UsualDnsdist)
        {
            yield return $"{Indent}with dnsdist {scenario.Dnsdist}";
        }

        if (scenario.IsQuick)
        {
            yield return $"{Indent}quickly";
        }

        if (scenario.IsAgeing)
        {
            yield return $"{Indent}ageing";
        }

        if (scenario.Shards == 1)
        {
            yield return $"{Indent}one shard";
        }

        if (scenario.IsRefused)
        {
            yield return $"{Indent}refused";
        }

        foreach (string line in scenario.Configuration)
        {
            yield return $"{Indent}| {line}".TrimEnd();
        }

        foreach (string line in scenario.Steps.SelectMany(Lines))
        {
            yield return Indent + line;
        }
    }

    private static IEnumerable<string> Lines(ScenarioStep step) =>
    [
        .. step.Comments,
        $"{(step.IsQuery ? '?' : '$')} {step.Text}",
        .. step.Theirs.SelectMany(line => Shown(line, line)),
        .. step.Difference is null ? [] : (string[])[$"! {step.Difference}", .. step.Ours.SelectMany(line => Shown(line, "!" + line))],
    ];

    private static string[] Shown(string line, string written) => AnswerText.Of(line) is { } text ? [written, $"; {text}"] : [written];

    private static void MoveTo(List<string> to, List<string> from) => to.AddRange(Taken(from));

    private static string[] Taken(List<string> from)
    {
        string[] taken = [.. from];
        from.Clear();
        return taken;
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Scenarios");
}
