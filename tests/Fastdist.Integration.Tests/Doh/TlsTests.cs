using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>The TLS of DNS-over-HTTPS is that of DNS-over-TLS.</summary>
[Trait("Stage", "5")]
public sealed class TlsTests
{
    private static readonly byte[] s_query = Message.Query("x.load.test");
    private static readonly IPAddress s_welcome = IPAddress.Parse("192.0.2.9");
    private static readonly IPAddress s_stranger = IPAddress.Parse("203.0.113.9");

    [Theory]
    [InlineData("h2", "h2")]
    [InlineData("http/1.1,h2", "h2")]
    [InlineData("dot,h2", "h2")]
    public async Task HTTP_2_is_selected_when_the_client_offers_it(string offered, string selected)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers));

        OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Doh, "-alpn", offered);

        Assert.Contains($"ALPN protocol: {selected}", client.Text);
    }

    [Fact]
    public async Task The_certificate_is_the_one_of_the_name_that_was_asked_for()
    {
        await using var lab = new Lab();
        string one = lab.Certificate(lab.Authority.Issue("one.test"), "one");
        string two = lab.Certificate(lab.Authority.Issue("two.test"), "two");
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), $"{one},{two}");

        foreach (string name in (string[])["one.test", "two.test"])
        {
            OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Doh, "-servername", name);
            Assert.Contains($"subject=CN = {name}", client.Text);
        }
    }

    [Fact]
    public async Task A_session_of_a_DoT_frontend_resumes_over_HTTPS_as_they_share_their_keys()
    {
        await using var lab = new Lab();
        string certificate = lab.DohCertificate();
        IPEndPoint dot = Ports.Next();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), certificate, "--tls-local", $"{dot},{certificate}");
        string session = lab.Scratch.PathOf("session");

        await OpenSslClient.SaveSessionAsync(dot, session, "-tls1_3");
        OpenSslClient again = await OpenSslClient.RunAsync(fastdist.Doh, "-tls1_3", "-sess_in", session);

        Assert.True(again.IsResumed, again.Text);
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("tls-resumptions"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task New_handshakes_get_the_new_certificate_after_a_reload_and_old_sessions_live_on(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        await using Http2Client before = await Http2Client.ConnectAsync(fastdist.Doh);
        await before.AskAsync(s_query);

        lab.Certificate(lab.Authority.Issue("renewed.test"), "doh");
        await fastdist.ReloadAsync();

        await Patience.UntilAsync(
            async () => (await OpenSslClient.RunAsync(fastdist.Doh)).Text.Contains("subject=CN = renewed.test", System.StringComparison.Ordinal),
            "the new certificate");
        Assert.Equal(Rcode.NoError, (await before.AskAsync(s_query)).Rcode);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_holds_so_many_connections_and_another_is_not_touched(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring, "--max-tcp-connections-per-client", "1");
        await using Http2Client first = await Http2Client.ConnectAsync(fastdist.Doh);
        await first.AskAsync(s_query);

        using DnsTcpClient second = await DnsTcpClient.ConnectAsync(fastdist.Doh);
        await second.UntilClosedAsync();

        await using Http2Client other = await Http2Client.ConnectAsync(fastdist.Doh, source: IPAddress.Parse("127.0.0.2"));
        Assert.Equal(Rcode.NoError, (await other.AskAsync(s_query)).Rcode);
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("refused-per-client"));
    }

    [Theory]
    [InlineData("inside", "io_uring")]
    [InlineData("inside", "epoll")]
    [InlineData("outside", "io_uring")]
    [InlineData("outside", "epoll")]
    [InlineData("clear", "io_uring")]
    [InlineData("clear", "epoll")]
    public async Task The_address_in_a_PROXY_header_is_the_one_that_the_list_judges(string where, string ring)
    {
        await using var lab = new Lab();
        const string trusted = "proxyProtocolACL=127.0.0.0/8";
        FastdistProcess fastdist = await lab.DohAsync(
            lab.Rogue(Rogue.Answers),
            where == "clear" ? trusted : lab.DohCertificate(trusted, $"proxyProtocolOutsideTLS={(where == "outside" ? "true" : "false")}"),
            "-a", "192.0.2.0/24", "--io", ring);

        await using Http2Client welcome = await ComeAsync(fastdist, where, s_welcome);
        Assert.Equal(Rcode.NoError, (await welcome.AskAsync(s_query)).Rcode);
        if (where == "outside")
        {
            using DnsTcpClient stranger = await DnsTcpClient.ConnectAsync(fastdist.Doh);
            await stranger.SendRawAsync(Header(s_stranger));
            await stranger.UntilClosedAsync();
        }
        else
        {
            await using Http2Client stranger = await ComeAsync(fastdist, where, s_stranger);
            await stranger.UntilClosedAsync();
        }

        await fastdist.CountedAsync(counters => counters.Doh("acl-drops") == 1, "one outside the list");
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("queries"));
    }

    [Fact]
    public async Task Handshakes_and_queries_are_counted_by_version()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers));

        Curl old = await Curl.GetAsync(lab, fastdist, s_query, "--tls-max", "1.2");
        Curl current = await Curl.GetAsync(lab, fastdist, s_query, "--tlsv1.3");

        Assert.Equal([200, 200], new[] { old.Status, current.Status });
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(2, counters.Doh("tls-new-sessions"));
        Assert.Equal(1, counters.Doh("tls12-queries"));
        Assert.Equal(1, counters.Doh("tls13-queries"));
        Assert.Equal(0, counters.Doh("tls-errors"));
    }

    [Fact]
    public async Task Answers_to_padded_queries_are_padded()
    {
        const int padding = 12;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers));

        Curl response = await Curl.PostAsync(lab, fastdist, Message.Query("x.load.test", Message.A, 0, 1_232, (padding, new byte[8])));

        Assert.True(response.Message.Edns!.Has(padding));
        Assert.Equal(0, response.Body.Length % 468);
        Assert.Equal($"{response.Body.Length}", response["content-length"]);
    }

    private static Task<Http2Client> ComeAsync(FastdistProcess fastdist, string where, IPAddress source) => where switch
    {
        "inside" => Http2Client.ConnectAsync(fastdist.Doh, inside: Header(source)),
        "outside" => Http2Client.ConnectAsync(fastdist.Doh, before: Header(source)),
        _ => Http2Client.ConnectAsync(fastdist.Doh, clear: true, before: Header(source)),
    };

    /// <summary>PROXY, TCP over IPv4, from this address.</summary>
    private static byte[] Header(IPAddress source) =>
        [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x11, 0, 12, .. source.GetAddressBytes(), 127, 0, 0, 1, 0x30, 0x39, 0x01, 0xbb];
}
