using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Configuration;

/// <summary>dnsdist and fastdist run the same file, each on a host of its own that has the addresses it names.</summary>
public sealed class SideBySideTests
{
    private static readonly IPEndPoint s_address = IPEndPoint.Parse("192.0.2.53:53"), s_backend = IPEndPoint.Parse("192.0.2.1:853");

    private static readonly string[] s_names = ["a.load.test", "B.Load.Test", "xn--bcher-kva.example", "."];

    private static readonly (int Port, string Option)[] s_ways = [(53, "+notcp"), (53, "+tcp"), (853, "+tls"), (443, "+https")];

    [Fact]
    public async Task The_same_queries_over_all_protocols_get_the_same_answers_and_are_counted_the_same()
    {
        await using var lab = new Lab();
        ServerCertificate certificate = lab.Authority.Issue("dns.example");
        string file = lab.Scratch.Write("dnsdist.conf", $$$"""
            -- What both understand, in the words of both.
            setLocal('192.0.2.53')
            addLocal('192.0.2.53:54', {reusePort=true})
            addTLSLocal('192.0.2.53', '{{{lab.Scratch.Write("dns.pem", certificate.CertificatePem)}}}', '{{{lab.Scratch.WriteSecret("dns.key", certificate.KeyPem)}}}', {minTLSVersion='tls1.2', numberOfTicketsKeys=3})
            addDOHLocal('192.0.2.53', '{{{lab.Scratch.PathOf("dns.pem")}}}', '{{{lab.Scratch.PathOf("dns.key")}}}', '/dns-query')
            setACL({'192.0.2.0/24', '127.0.0.0/8'})
            newServer({address='{{{s_backend}}}', name='unbound', tls='openssl', subjectName='{{{Lab.BackendName}}}', caStore='{{{lab.Scratch.Write("ca.pem", lab.Authority.Pem)}}}', checkTimeout=20000, maxInFlight=100, pool={'', 'others'}})
            setServerPolicy(leastOutstanding)
            setMaxTCPClientThreads(2)
            setSecurityPollSuffix('')
            setServFailWhenNoServer(true)
            controlSocket('127.0.0.1')
            setKey('S7WPOiCWlIgfLt6UUq9eKuFL0rDvvQpSVzfI6l4XGeg=')
            for i = 1, 2 do newServer({address='192.0.2.' .. 10 + i, name='idle' .. i, pool='unused'}):setDown() end
            """);
        NetworkNamespace theirHost = await HostAsync(lab, "theirs"), ourHost = await HostAsync(lab, "ours");
        lab.Keep(new ChildProcess([.. theirHost.Prefix, "dnsdist", "--supervised", "--disable-syslog", "-C", file]));
        lab.Keep(await FastdistProcess.StartAsync(s_address, ["-C", file], ourHost));
        await AnswersAsync(theirHost);
        await AnswersAsync(ourHost);

        Dictionary<string, string> theirsBefore = await FiguresAsync(theirHost, "dnsdist", file), oursBefore = await FiguresAsync(ourHost, Repository.Fastdist, file);
        foreach ((int port, string option) in s_ways)
        {
            foreach (string name in s_names)
            {
                Assert.Equal(await AskAsync(theirHost, port, option, name, "A"), await AskAsync(ourHost, port, option, name, "A"));
            }
        }

        Dictionary<string, string> theirs = await FiguresAsync(theirHost, "dnsdist", file), ours = await FiguresAsync(ourHost, Repository.Fastdist, file);
        foreach (string counter in (string[])["queries", "responses", "frontend-noerror", "frontend-nxdomain", "acl-drops", "self-answered", "no-policy", "downstream-timeouts"])
        {
            Assert.Equal((counter, Gain(theirsBefore, theirs, counter)), (counter, Gain(oursBefore, ours, counter)));
        }

        Assert.Equal(s_ways.Length * s_names.Length, Gain(oursBefore, ours, "queries"));
    }

    private static async Task<NetworkNamespace> HostAsync(Lab lab, string name)
    {
        NetworkNamespace host = await lab.NetworkAsync();
        await host.RunAsync("ip", "address", "add", "192.0.2.53/32", "dev", "lo");
        await host.RunAsync("ip", "address", "add", "192.0.2.1/32", "dev", "lo");
        lab.Keep(await UnboundBackend.StartAsync(lab.Scratch, name, lab.Authority.Issue(Lab.BackendName), s_backend, host));
        return host;
    }

    private static Task AnswersAsync(NetworkNamespace host) =>
        Patience.UntilAsync(async () => (await Kdig.AskAsync(host, "192.0.2.53", 53, "+notcp", "ready.load.test", "A")).Status == "NOERROR", "an answer");

    /// <summary>Status, and records without what differs from one asking to the next.</summary>
    private static async Task<string> AskAsync(NetworkNamespace host, int port, string option, string name, string type)
    {
        Kdig answer = await Kdig.AskAsync(host, "192.0.2.53", port, option, name, type);
        string[] records = [.. answer.Text.Split('\n').Where(static line => line.Length > 0 && !line.StartsWith(';'))];
        return $"{option} {name}: {answer.Status} {string.Join(" | ", records)}";
    }

    /// <summary>The statistics of the whole process, by the console's own client of each.</summary>
    private static async Task<Dictionary<string, string>> FiguresAsync(NetworkNamespace host, string program, string file)
    {
        ChildProcess client = await ChildProcess.RunAsync([.. host.Prefix, program, "-C", file, "-c", "-e", "dumpStats()"]);
        string[] words = client.Output.ToString().Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var figures = new Dictionary<string, string>();
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            figures[words[i]] = words[i + 1];
        }

        Assert.True(figures.ContainsKey("queries"), $"{client.Output}\n{client.Log}");
        return figures;
    }

    private static long Gain(Dictionary<string, string> before, Dictionary<string, string> after, string counter) =>
        long.Parse(after[counter], System.Globalization.CultureInfo.InvariantCulture) - long.Parse(before[counter], System.Globalization.CultureInfo.InvariantCulture);
}
