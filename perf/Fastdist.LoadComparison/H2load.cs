using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Fastdist.LoadComparison;

/// <summary>
/// The generator for DNS-over-HTTPS: GET of the same names. dnsperf 2.10 can do it too, but loses answers with more than
/// one query in flight on a connection, whoever answers.
/// </summary>
internal sealed partial class H2load(Settings settings) : Generator
{
    private readonly string _targets = settings.Write("targets", string.Concat(NameSet.All.Select(name => $"https://127.0.0.1{Question.TargetOf(name)}\n")));
    private readonly string _log = Path.Combine(settings.Scratch, "h2load.log");

    public override LoadResult WarmUp(QueryPath path, int port) => Run(port, ["-n", Text(NameSet.Count)], everyQuery: false);

    public override LoadResult Saturate(QueryPath path, int port, int seconds, bool everyQuery) => Run(port, ["-D", Text(seconds)], everyQuery);

    public override LoadResult Pace(QueryPath path, int port, int seconds) =>
        Run(port, ["-D", Text(seconds), "--rps", Text(settings.Rate / settings.Clients)], everyQuery: true);

    private LoadResult Run(int port, string[] length, bool everyQuery)
    {
        File.Delete(_log);
        string text = Child.Output("h2load",
        [
            "-i", _targets, "-B", $"https://127.0.0.1:{Text(port)}", "-c", Text(settings.Clients), "-m", Text(settings.Outstanding / settings.Clients),
            .. length, .. everyQuery ? ["--log-file", _log] : Array.Empty<string>(),
        ]);
        if (!Requests().IsMatch(text))
        {
            throw new ComparisonException($"h2load did not finish:\n{text}");
        }
        var latencies = everyQuery ? Latencies.OfColumns(File.ReadAllBytes(_log)) : null;
        var (done, good) = (Figure(Requests(), text), Figure(GoodAnswers(), text));
        return new LoadResult((long)good, (long)(done - good), Seconds(text), latencies?.Percentile(50), latencies?.Percentile(99));
    }

    private static double Seconds(string text) => Duration().Match(text) is { Success: true } match
        ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * (match.Groups[2].Value == "ms" ? 0.001 : 1)
        : throw new ComparisonException($"h2load does not say how long it took:\n{text}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Figure(Regex pattern, string text) => double.Parse(pattern.Match(text).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"requests: .* (\d+) done,")]
    private static partial Regex Requests();

    [GeneratedRegex(@"status codes: (\d+) 2xx")]
    private static partial Regex GoodAnswers();

    [GeneratedRegex(@"finished in ([\d.]+)(ms|s)")]
    private static partial Regex Duration();
}
