using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.PlainDns;

/// <summary>kdig asks in every way there is, a server of plain DNS answers over UDP, and over TCP what does not fit.</summary>
public sealed class ServerTests
{
    /// <summary>Asks over UDP, and over TCP when the answer is cut.</summary>
    private const string UntilCut = "+noignore";

    private static readonly string s_long = $"t{RootZone.LargestText}.test";

    public static MatrixTheoryData<string, string> Ways => new(["nsd", "unbound", "named", "knotd"], ["io_uring", "epoll"]);

    [Theory, MemberData(nameof(Ways))]
    public async Task Clients_of_all_kinds_get_short_answers_and_whole_ones_of_64_kB(string program, string ring)
    {
        await using var lab = new Lab();
        PlainServer server = await lab.PlainAsync(program);
        FastdistProcess fastdist = await StartAsync(lab, server, "--io", ring);
        (IPEndPoint EndPoint, string Option)[] ways =
            [(fastdist.Listen, UntilCut), (fastdist.Listen, "+tcp"), (fastdist.Tls, "+tls"), (fastdist.Doh, "+https")];

        foreach ((IPEndPoint endPoint, string option) in ways)
        {
            Kdig answer = await Kdig.AskAsync(endPoint, option, "x.load.test");
            Assert.True(answer.Status == "NOERROR" && answer.Holds("192.0.2.1"), answer.Text);
        }

        ParsedMessage cut = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query(s_long, Message.Txt, edns: 1_232));
        Assert.True(cut is { IsTruncated: true, Answers: [] });

        // Whoever asks over UDP comes by TCP then.
        foreach ((IPEndPoint endPoint, string option) in ways)
        {
            Kdig whole = await Kdig.AskAsync(endPoint, option, s_long, "TXT");
            Assert.True(whole.Status == "NOERROR" && CountOfTexts(whole) == RootZone.TextRecords(RootZone.LargestText).Count(), whole.Text);
        }

        CounterLine counters = (await fastdist.CountersAsync()).Backend(server.Name);
        Assert.Equal(4, counters["udp-truncated-responses"]);
        Assert.True(counters["new-connections"] > 0);
    }

    private static int CountOfTexts(Kdig answer) =>
        answer.Text.Split('\n').Count(line => line.StartsWith(s_long, StringComparison.Ordinal) && line.Contains("TXT", StringComparison.Ordinal));

    private static async Task<FastdistProcess> StartAsync(Lab lab, PlainServer server, params string[] arguments)
    {
        IPEndPoint listen = Ports.Next(), tls = Ports.Next(), doh = Ports.Next();
        FastdistProcess fastdist = lab.Keep(await FastdistProcess.StartAsync(
            listen,
            [
                "-l", $"{listen}", "--tls-local", $"{tls},{lab.Certificate(lab.Authority.Issue(Lab.BackendName))}",
                "--doh-local", $"{doh},{lab.DohCertificate()}", "--server", lab.Server(server, "checkTimeout=20000"), .. arguments,
            ],
            tls: tls,
            doh: doh));
        await fastdist.MarkedUpAsync(server.Name);
        return fastdist;
    }
}
