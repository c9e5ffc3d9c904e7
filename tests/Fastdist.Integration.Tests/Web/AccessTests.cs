using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Web;

/// <summary>Who may read what of the web server, and how much of it anybody may use up.</summary>
[Trait("Stage", "5")]
public sealed class AccessTests
{
    private const string Overview = "/api/v1/servers/localhost";

    private static readonly string[] s_all =
        ["/", "/dashboard.css", "/dashboard.js", "/model.js", "/icon.svg", "/live.json", "/metrics", "/jsonstat?command=stats", Overview, Overview + "/statistics"];

    [Fact]
    public async Task Without_a_secret_nothing_is_shown_not_even_what_there_is()
    {
        await using var lab = new Lab();
        Site site = await StartAsync(lab);

        foreach (string target in s_all.Append("/nothing"))
        {
            Curl refused = await site.AskAsync(target);
            Assert.True(refused.Status == 401 && refused["www-authenticate"].StartsWith("Basic realm=\"fastdist\"", StringComparison.Ordinal), refused.Text);
        }
    }

    [Fact]
    [Trait("Row", "D11")]
    public async Task The_password_opens_all_but_the_api_of_which_it_opens_the_overview_and_the_key_all_but_the_page()
    {
        await using var lab = new Lab();
        Site site = await StartAsync(lab);

        foreach (string target in s_all)
        {
            bool isForBoth = target is "/metrics" or "/jsonstat?command=stats" or Overview;
            bool isForKey = target.EndsWith("/statistics", StringComparison.Ordinal);
            Assert.Equal((target, isForKey ? 401 : 200), (target, (await site.AskWithPasswordAsync(target)).Status));
            Assert.Equal((target, isForKey || isForBoth ? 200 : 401), (target, (await site.AskWithKeyAsync(target)).Status));
        }

        Assert.Equal(404, (await site.AskWithPasswordAsync("/nothing")).Status);
        Assert.Equal(401, (await site.AskWithKeyAsync("/nothing")).Status);
        Assert.Equal(404, (await site.AskWithKeyAsync("/api/nothing")).Status);
        Assert.Equal(401, (await site.AskAsync("/", "--user", $"operator:{Site.Key}")).Status);
        Assert.Equal(401, (await site.AskAsync("/", "--header", $"X-API-Key: {Site.Password}")).Status);
        Assert.Equal(401, (await site.AskAsync("/", "--header", "Authorization: Basic !")).Status);
        Assert.Equal(401, (await site.AskAsync("/", "--header", $"Authorization: Basic {Convert.ToBase64String("nocolon"u8)}")).Status);
        Assert.Equal(401, (await site.AskAsync("/", "--header", $"Authorization: Bearer {Site.Key}")).Status);
    }

    [Fact]
    public async Task A_password_that_dnsdist_hashed_opens_it()
    {
        await using var lab = new Lab();
        string configuration = lab.Scratch.Write("hash.conf", "print('hash ' .. hashPassword('sesame'))\n");
        ChildProcess dnsdist = await ChildProcess.RunAsync("dnsdist", "--check-config", "-C", configuration);
        string hash = dnsdist.Output.Snapshot().Single(line => line.StartsWith("hash ", StringComparison.Ordinal))[5..];
        Site site = new(lab);
        await lab.FastdistAsync(
            ["--server", Backend(lab), "--webserver", $"{site.Address}", "--webserver-password-file", lab.Scratch.WriteSecret("hash", hash)]);

        Assert.StartsWith("$scrypt$ln=10,p=1,r=8$", hash, StringComparison.Ordinal);
        Assert.Equal(200, (await site.AskAsync("/", "--user", "anybody:sesame")).Status);
        Assert.Equal(401, (await site.AskAsync("/", "--user", "anybody:sesamE")).Status);
    }

    [Fact]
    public async Task Too_many_wrong_secrets_are_not_looked_at_but_who_was_right_before_stays_in()
    {
        const int most = 10;
        await using var lab = new Lab();
        Site site = await StartAsync(lab);
        Assert.Equal(200, (await site.AskWithPasswordAsync("/")).Status);

        for (int i = 0; i < most; i++)
        {
            Assert.Equal(401, (await site.AskAsync("/", "--user", $"operator:wrong{i}")).Status);
        }

        Curl tooMany;
        do
        {
            // One a second is still looked at, and this machine may be slow.
            tooMany = await site.AskAsync("/", "--user", "operator:wrong again");
        }
        while (tooMany.Status == 401);

        Assert.True(tooMany.Status == 429 && tooMany["retry-after"].Length > 0, tooMany.Text);
        Assert.Equal(200, (await site.AskWithPasswordAsync("/")).Status);
    }

    [Fact]
    public async Task What_an_operator_opens_needs_no_secret_and_says_what_he_has_it_say()
    {
        await using var lab = new Lab();
        Site site = await StartAsync(
            lab, "--webserver-stats-require-authentication", "false", "--webserver-allow-cross-origin-requests", "true",
            "--webserver-custom-header", "x-frame-options:", "--webserver-custom-header", "X-Served-By: ns1", "--webserver-max-concurrent-connections", "1");

        Curl metrics = await site.AskAsync("/metrics", "--header", "Origin: https://page.example");
        Assert.Equal((200, "", "ns1", "https://page.example"), (metrics.Status, metrics["x-frame-options"], metrics["x-served-by"], metrics["access-control-allow-origin"]));
        Assert.Equal(401, (await site.AskAsync("/")).Status);
        Assert.Equal(204, (await site.AskAsync("/", "--request", "OPTIONS")).Status);

        using Socket first = await ConnectAsync(site);
        await first.SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await Patience.ForAsync(async token => await first.ReceiveAsync(new byte[4096], token), "an answer");
        using Socket second = await ConnectAsync(site);
        Assert.Equal("", await ReadToEndAsync(second));
    }

    [Fact]
    public async Task Who_is_not_on_the_list_is_closed_unread()
    {
        await using var lab = new Lab();
        Site site = await StartAsync(lab, "--webserver-acl", "192.0.2.0/24");

        Curl closed = await site.AskWithPasswordAsync("/");

        Assert.True(closed.Status == 0 && closed.Text.Contains("(52)", StringComparison.Ordinal), closed.Text);
    }

    [Fact]
    public async Task Over_ipv6_this_host_is_on_the_default_list_too()
    {
        await using var lab = new Lab();
        NetworkNamespace host = await lab.NetworkAsync();
        var site = new Site(lab) { Address = new(IPAddress.IPv6Loopback, Ports.NextNumber()), Host = host };
        await lab.FastdistOnAsync(host, Ports.Next(), ["--server", lab.Unchecked(lab.RogueOn(host, Rogue.Answers), "one"), .. site.Flags()]);

        Assert.Equal(200, (await site.AskWithPasswordAsync("/")).Status);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task Only_reading_is_possible(string method)
    {
        await using var lab = new Lab();
        Site site = await StartAsync(lab);

        Curl refused = await site.AskWithKeyAsync(Overview, "--request", method);

        Assert.True(refused.Status == 405 && refused["allow"] == "GET, HEAD", refused.Text);
    }

    [Fact]
    public async Task Every_answer_tells_a_browser_to_trust_nothing_and_nobody_what_serves_it()
    {
        await using var lab = new Lab();
        Site site = await StartAsync(lab);

        foreach (Curl answer in new[] { await site.AskWithPasswordAsync("/"), await site.AskAsync("/"), await site.AskWithPasswordAsync("/metrics"), await site.AskWithKeyAsync("/nothing") })
        {
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", answer["content-security-policy"], StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", answer["content-security-policy"], StringComparison.Ordinal);
            Assert.Equal("nosniff", answer["x-content-type-options"]);
            Assert.Equal("DENY", answer["x-frame-options"]);
            Assert.Equal("no-referrer", answer["referrer-policy"]);
            Assert.Equal("no-store", answer["cache-control"]);
            Assert.Equal("", answer["server"]);
        }
    }

    [Fact]
    public async Task Head_is_answered_without_a_body()
    {
        await using var lab = new Lab();
        Site site = await StartAsync(lab);

        Curl head = await site.AskWithPasswordAsync("/metrics", "--head");

        // With --head, curl writes the header to the body's file; a body after it would be an error of the transfer.
        Assert.True(head.Status == 200 && head["content-type"].StartsWith("text/plain", StringComparison.Ordinal), head.Text);
        Assert.DoesNotContain("# HELP", Encoding.ASCII.GetString(head.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_may_not_be_endless()
    {
        await using var lab = new Lab();
        Site site = await StartAsync(lab);

        Assert.Equal(431, (await site.AskWithPasswordAsync("/", "--header", $"X-Long: {new string('x', 9000)}")).Status);
        Assert.Equal(431, (await site.AskWithPasswordAsync("/", [.. Enumerable.Range(0, 60).SelectMany(i => new[] { "--header", $"X-{i}: x" })])).Status);
    }

    [Fact]
    public async Task A_target_may_not_be_endless()
    {
        await using var lab = new Lab();
        Site site = await StartAsync(lab);

        Assert.Equal(414, (await site.AskWithPasswordAsync("/" + new string('x', 3000))).Status);
    }

    [Fact]
    public async Task A_client_that_never_ends_its_request_is_closed()
    {
        await using var lab = new Lab();
        Site site = await StartAsync(lab);
        using Socket slow = await ConnectAsync(site);
        await slow.SendAsync("GET / HTTP/1.1\r\nHost: "u8.ToArray());

        string answer = await ReadToEndAsync(slow);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_a_hundred_connections_are_not_held()
    {
        const int most = 100;
        await using var lab = new Lab();
        Site site = await StartAsync(lab);
        var held = new List<Socket>();

        // Whoever is refused is not kept.
        string secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{Site.Password}"));
        byte[] request = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {secret}\r\n\r\n");
        try
        {
            for (int i = 0; i < most; i++)
            {
                held.Add(await ConnectAsync(site));
                await held[i].SendAsync(request);
                await Patience.ForAsync(async token => await held[i].ReceiveAsync(new byte[4096], token), "an answer");
            }

            using Socket oneMore = await ConnectAsync(site);
            Assert.Equal("", await ReadToEndAsync(oneMore));
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }

        await Patience.UntilAsync(async () => (await site.AskWithPasswordAsync("/")).Status == 200, "room again");
    }

    private static string Backend(Lab lab) => lab.Unchecked(lab.Rogue(Rogue.Answers), "one");

    private static async Task<Site> StartAsync(Lab lab, params string[] flags)
    {
        var site = new Site(lab);
        await lab.FastdistAsync(["--server", Backend(lab), .. site.Flags(flags)]);
        return site;
    }

    private static async Task<Socket> ConnectAsync(Site site)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(site.Address);
        return socket;
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await Patience.ForAsync(async token =>
        {
            try
            {
                return await reader.ReadToEndAsync(token);
            }
            catch (IOException)
            {
                // A reset is an end too.
                return "";
            }
        }, "the end of the connection");
    }
}
