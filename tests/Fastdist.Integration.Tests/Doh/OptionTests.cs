using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>What an operator may say about the HTTP of a frontend.</summary>
[Trait("Stage", "5")]
public sealed class OptionTests
{
    private static readonly byte[] s_query = Message.Query("x.load.test");

    [Fact]
    public async Task Several_paths_are_served_and_no_other()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), lab.DohCertificate("path=/", "path=/clients/one"));

        int[] statuses = [.. (await Task.WhenAll(((string[])["/", "/clients/one", "/clients/two", "/dns-query"])
            .Select(path => Curl.AskAsync(lab, fastdist, Curl.Target(s_query, path))))).Select(response => response.Status)];

        Assert.Equal([200, 200, 404, 404], statuses);
    }

    [Fact]
    public async Task What_is_below_a_path_is_served_when_paths_need_not_be_exact()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), lab.DohCertificate("exactPathMatching=false"));

        int[] statuses = [.. (await Task.WhenAll(((string[])["/dns-query", "/dns-query/", "/dns-query/below/it", "/dns-querying", "/"])
            .Select(path => Curl.AskAsync(lab, fastdist, Curl.Target(s_query, path))))).Select(response => response.Status)];

        Assert.Equal([200, 200, 200, 404, 404], statuses);
    }

    [Fact]
    public async Task Every_response_has_the_fields_that_the_operator_adds()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(
            lab.Rogue(Rogue.Answers),
            lab.DohCertificate("customResponseHeaders=X-Served-By:ns1", "customResponseHeaders=x-note: two words", "serverTokens=h2o/2.2"));

        Curl served = await Curl.GetAsync(lab, fastdist, s_query);
        Curl refused = await Curl.AskAsync(lab, fastdist, "/elsewhere");

        Assert.Equal([200, 404], new[] { served.Status, refused.Status });
        Assert.All([served, refused], response =>
        {
            Assert.Equal("ns1", response["x-served-by"]);
            Assert.Equal("two words", response["x-note"]);
            Assert.Equal("h2o/2.2", response["server"]);
        });
    }

    [Theory, Trait("Row", "D7")]
    [InlineData("*", "https://page.example", "*", "")]
    [InlineData("https://page.example", "https://page.example", "https://page.example", "origin")]
    [InlineData("https://page.example", "https://other.example", "", "origin")]
    public async Task A_browser_is_told_whose_scripts_may_ask(string allowed, string origin, string told, string vary)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), lab.DohCertificate($"corsOrigin={allowed}"));
        string[] asking = ["--header", $"Origin: {origin}"];

        Curl preflight = await Curl.AskAsync(
            lab, fastdist, "/dns-query",
            ["--request", "OPTIONS", "--header", "Access-Control-Request-Method: POST", "--header", "Access-Control-Request-Headers: content-type", .. asking]);
        Curl got = await Curl.GetAsync(lab, fastdist, s_query, asking);
        Curl posted = await Curl.PostAsync(lab, fastdist, s_query, asking);
        Curl refused = await Curl.AskAsync(lab, fastdist, "/elsewhere", asking);

        Assert.Equal([204, 200, 200, 404], new[] { preflight.Status, got.Status, posted.Status, refused.Status });
        Assert.All([preflight, got, posted, refused], response => Assert.Equal((told, vary), (response["access-control-allow-origin"], response["vary"])));
        Assert.Empty(preflight.Body);
        Assert.Equal(told.Length > 0 ? "GET, HEAD, POST" : "", preflight["access-control-allow-methods"]);
        Assert.Equal(told.Length > 0 ? "content-type" : "", preflight["access-control-allow-headers"]);
        Assert.Equal(told.Length > 0 ? "86400" : "", preflight["access-control-max-age"]);
        Assert.Equal(2, (await fastdist.CountersAsync()).Doh("queries"));
    }

    [Fact]
    public async Task The_server_need_not_name_itself()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), lab.DohCertificate("serverTokens="));

        Curl response = await Curl.GetAsync(lab, fastdist, s_query);

        Assert.True(response.Status == 200, response.Text);
        Assert.False(response.Fields.ContainsKey("server"), response.Text);
    }

    [Theory]
    [InlineData("192.0.2.9", 200)]
    [InlineData("203.0.113.9, 192.0.2.9", 200)]
    [InlineData("203.0.113.9", 403)]
    [InlineData("192.0.2.9, 203.0.113.9", 403)]
    [InlineData("unknown", 403)]
    [InlineData("2001:db8::9", 200)]
    public async Task The_last_address_of_a_trusted_header_is_the_one_that_the_list_judges(string header, int status)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(
            lab.Rogue(Rogue.Answers), lab.DohCertificate("trustForwardedForHeader=true"),
            "-a", "127.0.0.0/8", "-a", "192.0.2.0/24", "-a", "2001:db8::/32");

        Curl response = await Curl.GetAsync(lab, fastdist, s_query, "--header", $"X-Forwarded-For: {header}");

        Assert.True(response.Status == status, response.Text);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(status == 403 ? 1 : 0, counters.Doh("doh-status-403"));
        Assert.Equal(status == 403 ? 1 : 0, counters.Doh("acl-drops"));
    }

    [Theory]
    [InlineData("192.0.2.0/24", "::ffff:192.0.2.9")]
    [InlineData("192.0.2.0/24", "[::ffff:c000:209]:4711")]
    [InlineData("::ffff:192.0.2.0/120", "192.0.2.9")]
    [Trait("Row", "D1")]
    public async Task A_mapped_address_is_judged_as_its_IPv4_address_and_told_as_such(string list, string header)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.DohAsync(
            lab.DohCertificate("trustForwardedForHeader=true"),
            ["--server", lab.Unchecked(backend, "one", "useClientSubnet=true"), "-a", list, "-a", "127.0.0.0/8"]);

        Curl welcome = await Curl.GetAsync(lab, fastdist, s_query, "--header", $"X-Forwarded-For: {header}");
        Curl stranger = await Curl.GetAsync(lab, fastdist, s_query, "--header", "X-Forwarded-For: ::ffff:203.0.113.9");

        Assert.True(welcome.Status == 200, welcome.Text);
        Assert.True(stranger.Status == 403, stranger.Text);
        Assert.Equal([0, 1, 24, 0, 192, 0, 2], SubnetIn(backend.Received.Single()));
    }

    [Fact]
    public async Task The_header_is_nothing_to_us_unless_it_is_trusted()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "-a", "127.0.0.0/8");

        Curl response = await Curl.GetAsync(lab, fastdist, s_query, "--header", "X-Forwarded-For: 203.0.113.9");

        Assert.True(response.Status == 200, response.Text);
    }

    [Fact]
    public async Task The_client_in_a_trusted_header_is_the_one_whose_subnet_the_backend_is_told()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.DohAsync(
            lab.DohCertificate("trustForwardedForHeader=true"),
            ["--server", lab.Unchecked(backend, "one", "useClientSubnet=true"), "-a", "0.0.0.0/0"]);

        Curl response = await Curl.GetAsync(lab, fastdist, s_query, "--header", "X-Forwarded-For: 192.0.2.9");

        Assert.True(response.Status == 200, response.Text);
        Assert.Equal([0, 1, 24, 0, 192, 0, 2], SubnetIn(backend.Received.Single()));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_connection_without_requests_ends_after_the_idle_timeout_with_GOAWAY(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), lab.DohCertificate("idleTimeout=1"), "--io", ring);
        await using Http2Client idle = await Http2Client.ConnectAsync(fastdist.Doh);
        await idle.AskAsync(s_query);
        await using Http2Client silent = await Http2Client.ConnectSilentlyAsync(fastdist.Doh);

        Assert.Equal(Http2Error.None, (await idle.GoAwayAsync())?.Error);
        await idle.UntilClosedAsync();
        await silent.UntilClosedAsync();

        Assert.Equal(2, (await fastdist.CountersAsync()).Doh("client-timeouts"));
    }

    [Fact]
    [Trait("Row", "D12")]
    public async Task Without_an_idle_timeout_a_connection_stays()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), lab.DohCertificate("idleTimeout=0"), "--tcp-idle-timeout", "1");
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        await client.AskAsync(s_query);

        // By the time that another is idle for too long, this one would be.
        using DnsTcpClient other = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await other.AskAsync(s_query);
        await other.UntilEndedAsync();

        await client.AskAsync(s_query);
        Assert.Equal(0, (await fastdist.CountersAsync()).Doh("client-timeouts"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_only_says_PING_is_idle(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), lab.DohCertificate("idleTimeout=1"), "--io", ring);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        await client.AskAsync(s_query);

        bool open = true;
        await Patience.UntilAsync(
            async () =>
            {
                // A PING each time, and its acknowledgement or the end of the connection.
                open = open && await client.TrySendAsync(Http2Frame.Ping())
                    && await client.FirstAsync(frame => frame.Type is Http2FrameType.Ping or Http2FrameType.GoAway) is { Type: Http2FrameType.Ping };
                return !open;
            },
            "the end of a client without requests");

        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("client-timeouts"));
    }

    [Fact]
    public async Task A_frontend_listens_on_further_addresses_as_well()
    {
        await using var lab = new Lab();
        var more = Ports.Next();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), lab.DohCertificate($"additionalAddresses={more}"));

        Assert.Equal(Rcode.NoError, (await Http2Client.AskAsync(fastdist.Doh, s_query)).Rcode);
        Assert.Equal(Rcode.NoError, (await Http2Client.AskAsync(more, s_query)).Rcode);
        Assert.Equal(2, (await fastdist.CountersAsync()).Doh("queries"));
    }

    /// <summary>What a query says of its client's network (RFC 7871 section 6).</summary>
    private static byte[] SubnetIn(byte[] query)
    {
        const int clientSubnet = 8;
        return ParsedMessage.Parse(query).Edns!.Options.Single(option => option.Code == clientSubnet).Data;
    }
}
