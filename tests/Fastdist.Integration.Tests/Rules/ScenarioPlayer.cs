using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>
/// Plays a scenario before dnsdist or fastdist, one step after the other, each from a socket of its own. What comes of a query is <c>= HEX</c> (the answer without its ID),
/// <c>= silence</c>, <c>= closed</c>, or <c>= http STATUS TYPE BODY</c>; then a line for each backend that was asked.
/// </summary>
internal sealed class ScenarioPlayer(ScenarioStage stage)
{
    private const string Silence = "= silence", Closed = "= closed";

    private const int Id = 0x2a2a;

    /// <summary>What backends were asked and never answer: it may come again, while later steps are played.</summary>
    private readonly HashSet<string> _unanswered = [];

    /// <summary>What is answered the first time only, and was.</summary>
    private readonly HashSet<string> _askedOnce = [];

    /// <summary>How long nothing must come where nothing is expected, and where it is not known yet what comes.</summary>
    private static readonly TimeSpan s_shortWait = TimeSpan.FromMilliseconds(250), s_recordingWait = TimeSpan.FromSeconds(3);

    /// <summary>Longer than this, and a bucket that gets two tokens a second may have got one.</summary>
    private static readonly TimeSpan s_quick = TimeSpan.FromMilliseconds(450);

    /// <summary>Plays all of it.</summary>
    /// <param name="scenario">What is played.</param>
    /// <param name="dnsdist">Whether by dnsdist.</param>
    /// <param name="recording">Whether it is not known yet what comes.</param>
    /// <returns>What came of each step.</returns>
    public static async Task<List<List<string>>> PlayAsync(Scenario scenario, bool dnsdist, bool recording = false)
    {
        for (int tries = 1; ; tries++)
        {
            await using ScenarioStage stage = await ScenarioStage.StartAsync(scenario, dnsdist);
            var player = new ScenarioPlayer(stage);
            var outcomes = new List<List<string>>();
            var clock = Stopwatch.StartNew();
            foreach (ScenarioStep step in scenario.Steps)
            {
                List<string> expected = dnsdist || recording ? step.Theirs : step.Expected;
                TimeSpan patience = expected.Count > 0 && !expected.Contains(Silence) ? Patience.Bound : recording ? s_recordingWait : s_shortWait;
                outcomes.Add(await player.PlayAsync(step, patience));
            }

            if (!scenario.IsQuick || clock.Elapsed < s_quick || tries == 10)
            {
                return outcomes;
            }
        }
    }

    private async Task<List<string>> PlayAsync(ScenarioStep step, TimeSpan patience)
    {
        if (!step.IsQuery)
        {
            return [.. (await stage.CommandAsync(step.Text)).Select(static line => $": {line}".TrimEnd())];
        }

        ScenarioQuery query = ScenarioQuery.Parse(step.Text);
        List<string> first = await PlayAsync(step, query, patience), last = first;
        if (query.Until.Length > 0)
        {
            await Patience.UntilAsync(async () => IsUntil(query, first, last) || IsUntil(query, first, last = await PlayAsync(step, ScenarioQuery.Parse(step.Text), patience)), step.Text);
        }

        return last;
    }

    private static bool IsUntil(ScenarioQuery query, List<string> first, List<string> last) => query.Until switch
    {
        "asked" => last.Count > query.Messages,
        "aged" => last[0] != first[0],
        _ => throw new FormatException($"no such end: {query.Until}"),
    };

    private async Task<List<string>> PlayAsync(ScenarioStep step, ScenarioQuery query, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        var outcome = new List<string>();
        try
        {
            outcome.AddRange(await AskAsync(query, deadline.Token));
        }
        catch (OperationCanceledException)
        {
            outcome.Add(Silence);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            outcome.Add(Closed);
        }

        List<string> seen = [.. stage.Backends.SelectMany(static backend => backend.TakeSeen()).Where(line => !_unanswered.Contains(line))];
        if (step.Text.Contains(ScenarioAnswers.Silent, StringComparison.Ordinal) || (step.Text.Contains(ScenarioAnswers.Once, StringComparison.Ordinal) && !_askedOnce.Add(step.Text)))
        {
            _unanswered.UnionWith(seen);
        }

        return [.. outcome, .. seen];
    }

    private async Task<List<string>> AskAsync(ScenarioQuery query, CancellationToken stop)
    {
        switch (query.Transport)
        {
            case "udp":
                return [Answer(query, await AskUdpAsync(query, stop))];
            case "tcp":
                await using (Stream stream = await ConnectAsync(query, ServerOf(query), stop))
                {
                    return await AskStreamAsync(query, stream, stop);
                }

            case "dot":
                await using (var stream = new SslStream(await ConnectAsync(query, stage.Tls, stop)))
                {
                    await stream.AuthenticateAsClientAsync(
                        new SslClientAuthenticationOptions { TargetHost = query.ServerName, RemoteCertificateValidationCallback = static (_, _, _, _) => true }, stop);
                    return await AskStreamAsync(query, stream, stop);
                }

            case "doh":
                return [await AskHttpAsync(query, stop)];
            default:
                throw new FormatException($"no such transport: {query.Transport}");
        }
    }

    private IPEndPoint ServerOf(ScenarioQuery query) => query.From?.AddressFamily == AddressFamily.InterNetworkV6 ? stage.Listen6 : stage.Listen;

    private async Task<byte[]> AskUdpAsync(ScenarioQuery query, CancellationToken stop)
    {
        IPEndPoint server = ServerOf(query);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (query.From is { } source)
        {
            socket.Bind(new IPEndPoint(source, 0));
        }

        await socket.ConnectAsync(server, stop);
        await socket.SendAsync(query.Message(Id), stop);
        byte[] buffer = new byte[65_536];
        return buffer[..await socket.ReceiveAsync(buffer, stop)];
    }

    private static async Task<NetworkStream> ConnectAsync(ScenarioQuery query, IPEndPoint server, CancellationToken stop)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (query.From is { } source)
        {
            socket.Bind(new IPEndPoint(source, 0));
        }

        await socket.ConnectAsync(server, stop);
        return new(socket, ownsSocket: true);
    }

    private static async Task<List<string>> AskStreamAsync(ScenarioQuery query, Stream stream, CancellationToken stop)
    {
        var outcome = new List<string>();
        await stream.WriteAsync(Message.Framed(query.Message(Id)), stop);
        byte[] length = new byte[2];
        while (outcome.Count < query.Messages)
        {
            if (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, stop) < 2)
            {
                outcome.Add(Closed);
                break;
            }

            byte[] answer = new byte[(length[0] << 8) | length[1]];
            await stream.ReadExactlyAsync(answer, stop);
            outcome.Add(Answer(query, answer));
        }

        return outcome;
    }

    private async Task<string> AskHttpAsync(ScenarioQuery query, CancellationToken stop)
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new() { RemoteCertificateValidationCallback = static (_, _, _, _) => true, TargetHost = query.ServerName },
            ConnectCallback = async (_, token) => await ConnectAsync(query, stage.Doh, token),
            AllowAutoRedirect = false,
            UseProxy = false,
        };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(query.IsGet ? HttpMethod.Get : HttpMethod.Post, $"https://{query.ServerName}{query.Path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (query.IsGet)
        {
            request.RequestUri = new($"{request.RequestUri}?dns={Base64Url.EncodeToString(query.Message(Id))}");
        }
        else
        {
            request.Content = new ByteArrayContent(query.Message(Id)) { Headers = { ContentType = new MediaTypeHeaderValue("application/dns-message") } };
        }

        foreach ((string name, string value) in query.HttpHeaders)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, stop);
            return await OutcomeAsync(query, response, stop);
        }
        catch (HttpRequestException)
        {
            return Closed;
        }
    }

    private static async Task<string> OutcomeAsync(ScenarioQuery query, HttpResponseMessage response, CancellationToken stop)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(stop);
        string type = response.Content.Headers.ContentType?.ToString() ?? "-";
        string location = response.Headers.Location is { } where ? $" location={where}" : "";
        return response.StatusCode == HttpStatusCode.OK && type == "application/dns-message" && body.Length >= AnswerText.HeaderSize
            ? Answer(query, body)
            : $"= http {(int)response.StatusCode} {type} {Convert.ToHexStringLower(body)}{location}".TrimEnd();
    }

    /// <summary>An answer in hexadecimal; one under another ID is none of ours.</summary>
    private static string Answer(ScenarioQuery query, byte[] answer) =>
        Message.Id(answer) != Id ? $"= under another ID: {AnswerText.HexOf(answer)}"
        : query.IsShuffled ? $"= {AnswerText.HexOfShuffled(answer)}"
        : $"= {AnswerText.HexOf(answer)}";
}
