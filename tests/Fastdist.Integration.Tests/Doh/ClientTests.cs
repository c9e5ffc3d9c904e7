using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>DNS-over-HTTPS as other people's programs speak it.</summary>
[Trait("Stage", "5")]
public sealed class ClientTests
{
    private static readonly Func<RogueSession, Task> s_answersOwnAddress = Rogue.AnswersWith(query => [Message.AnswerOwnAddress(query)]);

    [Theory]
    [InlineData("io_uring", "+https")]
    [InlineData("io_uring", "+https-get")]
    [InlineData("epoll", "+https")]
    [InlineData("epoll", "+https-get")]
    public async Task Kdig_that_wants_our_name_and_authority_is_answered(string ring, string option)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(await lab.NsdAsync(), null, "--io", ring);
        string authority = lab.Scratch.Write("ca.pem", lab.Authority.Pem);

        Kdig answer = await Kdig.AskAsync(fastdist.Doh, option, $"+tls-ca={authority}", $"+tls-hostname={Lab.BackendName}", "x.load.test");

        Assert.True(answer.Status == "NOERROR", answer.Text);
        Assert.True(answer.Holds("192.0.2.1"), answer.Text);
        Assert.True(answer.Holds("HTTP/2"), answer.Text);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(1, counters.Doh(option == "+https" ? "doh-post-queries" : "doh-get-queries"));
    }

    [Fact]
    public async Task Kdig_gets_a_large_answer_whole()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(await lab.NsdAsync());

        Kdig answer = await Kdig.AskAsync(fastdist.Doh, "+https", "t60000.test", "TXT");

        Assert.Equal("NOERROR", answer.Status);
        Assert.Equal(60_000 / 213, answer.Text.Split('\n').Count(line => line.StartsWith("t60000.test.", StringComparison.Ordinal)));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Curl_that_resolves_by_us_arrives(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(s_answersOwnAddress);
        FastdistProcess fastdist = await lab.DohAsync(backend, null, "--io", ring);
        WebServer web = lab.Keep(new WebServer());

        ChildProcess curl = await ChildProcess.RunAsync(
            "curl", "--silent", "--show-error", "--max-time", "50", "--doh-url", $"https://{Lab.BackendName}:{fastdist.Doh.Port}/dns-query",
            "--cacert", lab.Scratch.Write("ca.pem", lab.Authority.Pem),
            "--resolve", $"{Lab.BackendName}:{fastdist.Doh.Port}:{fastdist.Doh.Address}", $"http://web.load.test:{web.Port}/");

        Assert.Equal($"{WebServer.Page}", curl.Output.ToString());
        Assert.Contains("web.load.test.", NamesAt(backend));
        Assert.InRange((await fastdist.CountersAsync()).Doh("doh-post-queries"), 1, 2);
    }

    [Fact]
    public async Task A_browser_that_resolves_by_us_arrives()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(s_answersOwnAddress);
        FastdistProcess fastdist = await lab.DohAsync(backend);
        WebServer web = lab.Keep(new WebServer());
        System.IO.Directory.CreateDirectory(lab.Scratch.PathOf("profile"));
        // The settings page of a user writes this.
        lab.Scratch.Write("profile/Local State", $$$"""
            {"dns_over_https":{"mode":"secure","templates":"https://{{{fastdist.Doh}}}/dns-query{?dns}"}}
            """);

        ChildProcess browser = await ChildProcess.RunAsync(
            "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--ignore-certificate-errors",
            $"--user-data-dir={lab.Scratch.PathOf("profile")}", "--dump-dom", $"http://browser.load.test:{web.Port}/");

        Assert.True(browser.Output.ToString().Contains(WebServer.Page, StringComparison.Ordinal), $"{browser.Output}\n{browser.Log}");
        Assert.Contains("browser.load.test.", NamesAt(backend));
        Assert.InRange((await fastdist.CountersAsync()).Doh("doh-get-queries"), 1, long.MaxValue);
    }

    [Theory]
    [InlineData("io_uring", true)]
    [InlineData("io_uring", false)]
    [InlineData("epoll", true)]
    [InlineData("epoll", false)]
    public async Task Dnspython_that_validates_is_answered(string ring, bool post)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(
            lab.Rogue(Rogue.Answers), lab.Certificate(lab.Authority.Issue(Lab.BackendName, Ports.Address)), "--io", ring);
        string script = lab.Scratch.Write("ask.py", $"""
            import dns.message, dns.query
            query = dns.message.make_query("x.load.test", "A")
            answer = dns.query.https(query, "https://{fastdist.Doh}/dns-query", post={(post ? "True" : "False")},
                                     verify="{lab.Scratch.Write("ca.pem", lab.Authority.Pem)}", timeout=50)
            print(answer.answer[0][0])
            """);

        // Debian's own, which its packages belong to.
        ChildProcess python = await ChildProcess.RunAsync("/usr/bin/python3", script);

        Assert.True(python.Output.ToString() == "192.0.2.1", $"{python.Output}\n{python.Log}");
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh(post ? "doh-post-queries" : "doh-get-queries"));
    }

    [Fact]
    public async Task Dnsdist_that_validates_forwards_to_us()
    {
        const int count = 50;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.DohAsync(backend);
        Forwarder forwarder = await Forwarder.DnsdistOverHttpsAsync(lab, fastdist.Doh);

        using var client = new DnsUdpClient(forwarder.EndPoint);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query($"q{i}.load.test", edns: 1_232))).Rcode);
        }

        Assert.InRange((await fastdist.CountersAsync()).Doh("doh-post-queries"), count, long.MaxValue);
        Assert.InRange(NamesAt(backend).Count(name => name.EndsWith(".load.test.", StringComparison.Ordinal)), count, 2 * count);
    }

    private static string[] NamesAt(RogueBackend backend) =>
        [.. backend.Received.Select(query => ParsedMessage.ParseQuery(query).QuestionName.ToLowerInvariant())];
}
