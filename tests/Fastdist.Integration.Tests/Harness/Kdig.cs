using System.Linq;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>kdig's reading of an answer.</summary>
internal sealed partial record Kdig(string Status, string Transport, string From, string Text)
{
    /// <summary>Asks once; options are kdig's own, such as <c>+tcp</c>.</summary>
    public static Task<Kdig> AskAsync(IPEndPoint server, params string[] options) => AskAsync(null, server.Address.ToString(), server.Port, options);

    public static async Task<Kdig> AskAsync(NetworkNamespace? from, string address, int port, params string[] options)
    {
        ChildProcess process = await ChildProcess.RunAsync(
            [.. from?.Prefix ?? [], "kdig", $"@{address}", "-p", $"{port}", "+retry=0", "+timeout=30", .. options]);
        string text = process.Output.ToString();
        Match source = SourcePattern().Match(text);
        return new(
            StatusPattern().Match(text).Groups[1].Value,
            source.Groups["transport"].Value,
            source.Groups["address"].Value,
            text + process.Log);
    }

    public bool Holds(string record) => Text.Split('\n').Any(line => line.Contains(record));

    [GeneratedRegex(@"status: (\w+);")]
    private static partial Regex StatusPattern();

    [GeneratedRegex(@"^;; From (?<address>\S+)@\d+\((?<transport>\w+)\)", RegexOptions.Multiline)]
    private static partial Regex SourcePattern();
}
