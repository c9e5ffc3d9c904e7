using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A response as curl got it.</summary>
/// <param name="Status">Its status; 0 when there was none.</param>
/// <param name="Version">HTTP's version, such as <c>2</c>.</param>
/// <param name="Fields">Header fields, their names in lower case.</param>
/// <param name="Body">The body.</param>
/// <param name="Text">What curl said, for a test that fails.</param>
internal sealed record Curl(int Status, string Version, IReadOnlyDictionary<string, string> Fields, byte[] Body, string Text)
{
    public ParsedMessage Message => ParsedMessage.Parse(Body);

    /// <summary>The value of a field, whatever its name's case; empty without it.</summary>
    public string this[string field] => Fields.GetValueOrDefault(field.ToLowerInvariant(), "");

    /// <summary>Asks over HTTP/2 for a path; options are curl's own.</summary>
    public static Task<Curl> AskAsync(Lab lab, FastdistProcess fastdist, string target, params string[] options) => RunAsync(
        lab, fastdist.Doh, ["--http2", "--cacert", lab.Scratch.Write("curl-ca.pem", lab.Authority.Pem), .. options, $"https://{Lab.BackendName}:{fastdist.Doh.Port}{target}"]);

    /// <summary>Asks over HTTP/2 in the clear.</summary>
    public static Task<Curl> AskInClearAsync(Lab lab, FastdistProcess fastdist, string target, params string[] options) => RunAsync(
        lab, fastdist.Doh, ["--http2-prior-knowledge", .. options, $"http://{Lab.BackendName}:{fastdist.Doh.Port}{target}"]);

    /// <summary>Asks the web server over HTTP/1.1 in the clear.</summary>
    public static Task<Curl> AskWebAsync(Lab lab, IPEndPoint web, string target, params string[] options) =>
        AskWebAsync(lab, null, web, target, options);

    /// <inheritdoc cref="AskWebAsync(Lab, IPEndPoint, string, string[])"/>
    public static Task<Curl> AskWebAsync(Lab lab, NetworkNamespace? from, IPEndPoint web, string target, params string[] options) =>
        RunAsync(lab, web, ["--http1.1", .. options, $"http://{web}{target}"], from);

    /// <summary>GET of a message.</summary>
    public static Task<Curl> GetAsync(Lab lab, FastdistProcess fastdist, byte[] query, params string[] options) =>
        AskAsync(lab, fastdist, Target(query), options);

    /// <summary>POST of a message.</summary>
    public static Task<Curl> PostAsync(Lab lab, FastdistProcess fastdist, byte[] query, params string[] options) =>
        AskAsync(lab, fastdist, "/dns-query", [.. Posting(lab, query), .. options]);

    /// <summary>The options that make a POST of a message.</summary>
    public static string[] Posting(Lab lab, byte[] message, string type = "application/dns-message")
    {
        string file = lab.Scratch.PathOf($"{Guid.NewGuid():N}.dns");
        File.WriteAllBytes(file, message);
        return ["--data-binary", $"@{file}", "--header", $"content-type: {type}"];
    }

    /// <summary>The target of a GET.</summary>
    public static string Target(byte[] query, string path = "/dns-query") => $"{path}?dns={Base64Url.EncodeToString(query)}";

    private static async Task<Curl> RunAsync(Lab lab, IPEndPoint server, string[] options, NetworkNamespace? from = null)
    {
        string name = Guid.NewGuid().ToString("N");
        string body = lab.Scratch.PathOf($"{name}.body");
        string head = lab.Scratch.PathOf($"{name}.head");
        ChildProcess process = await ChildProcess.RunAsync(
        [
            .. from?.Prefix ?? [], "curl", "--silent", "--show-error", "--max-time", "50", "--resolve", $"{Lab.BackendName}:{server.Port}:{server.Address}",
            "--output", body, "--dump-header", head, .. options,
        ]);
        string[] lines = File.Exists(head) ? await File.ReadAllLinesAsync(head) : [];
        string[] first = lines.FirstOrDefault("").Split(' ', '/');
        return new(
            first.Length > 2 ? int.Parse(first[2], CultureInfo.InvariantCulture) : 0,
            first.Length > 2 ? first[1] : "",
            lines.Skip(1).Where(line => line.Contains(':')).ToDictionary(line => line[..line.IndexOf(':')].ToLowerInvariant(), line => line[(line.IndexOf(':') + 1)..].Trim()),
            File.Exists(body) ? await File.ReadAllBytesAsync(body) : [],
            $"{process.Command}\n{string.Join('\n', lines)}\n{process.Log}");
    }
}
