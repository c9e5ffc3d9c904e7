using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>Load balancers, which say in a PROXY header of version 2 whom they speak for.</summary>
[Trait("Stage", "4")]
public sealed class ProxyProtocolTests
{
    private const string Outside = "proxyProtocolOutsideTLS=true";
    private const string Inside = "proxyProtocolOutsideTLS=false";

    private static readonly IPAddress s_welcome = IPAddress.Parse("192.0.2.9");
    private static readonly IPAddress s_stranger = IPAddress.Parse("203.0.113.9");

    [Theory]
    [InlineData(Outside, "io_uring")]
    [InlineData(Outside, "epoll")]
    [InlineData(Inside, "io_uring")]
    [InlineData(Inside, "epoll")]
    public async Task The_address_in_the_header_is_the_one_that_the_list_judges(string where, string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BalancedAsync(lab, where, "-a", "192.0.2.0/24", "--io", ring);

        await using DotClient welcome = await ComeAsync(fastdist, where, Header(s_welcome));
        Assert.Equal(Rcode.NoError, (await welcome.AskAsync(Message.Query("x.load.test"))).Rcode);
        await RefusedAsync(fastdist, where, Header(s_stranger));

        await fastdist.CountedAsync(counters => counters.Dot("acl-drops") == 1, "one outside the list");
        Assert.Equal(1, (await fastdist.CountersAsync()).Dot("queries"));
    }

    [Theory]
    [InlineData(Outside)]
    [InlineData(Inside)]
    public async Task The_address_in_the_header_is_the_one_that_the_limits_count(string where)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BalancedAsync(
            lab, where, "-a", "0.0.0.0/0", "--shards", "1", "--max-tcp-connections-per-client", "1");

        await using DotClient one = await ComeAsync(fastdist, where, Header(s_welcome));
        await using DotClient other = await ComeAsync(fastdist, where, Header(s_stranger));
        Assert.Equal(Rcode.NoError, (await one.AskAsync(Message.Query("x.load.test"))).Rcode);
        Assert.Equal(Rcode.NoError, (await other.AskAsync(Message.Query("y.load.test"))).Rcode);
        await RefusedAsync(fastdist, where, Header(s_welcome));

        await fastdist.CountedAsync(counters => counters.Dot("refused-per-client") == 1, "one too many of one client");
    }

    [Theory]
    [InlineData(Outside)]
    [InlineData(Inside)]
    public async Task A_load_balancer_that_speaks_for_itself_counts_by_its_own_address(string where)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BalancedAsync(lab, where, "-a", "127.0.0.0/8");

        await using DotClient client = await ComeAsync(fastdist, where, Local());

        Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query("x.load.test"))).Rcode);
    }

    [Theory]
    [InlineData(Outside)]
    [InlineData(Inside)]
    public async Task A_load_balancer_without_a_header_is_closed_and_counted(string where)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BalancedAsync(lab, where);

        if (where == Outside)
        {
            OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls);
            Assert.False(client.IsConnected, client.Text);
        }
        else
        {
            await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
            await client.SendAsync(Message.Query("x.load.test"));
            await client.UntilClosedAsync();
        }

        await fastdist.CountedAsync(counters => counters.Dot("invalid-proxy-headers") == 1, "one without a header");
        Assert.Equal(0, (await fastdist.CountersAsync()).Dot("queries"));
    }

    [Fact]
    public async Task A_header_may_come_in_the_segment_of_the_hello_and_byte_by_byte()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BalancedAsync(lab, Outside, "-a", "192.0.2.0/24");
        byte[] header = Header(s_welcome);

        using DnsTcpClient together = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        await together.SendRawAsync([.. header, .. await ClientHello.MakeAsync()]);
        Assert.NotEqual(0, await together.ReadSomeAsync(4_096));
        using DnsTcpClient slowly = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        foreach (byte one in header)
        {
            await slowly.SendRawAsync([one]);
        }

        await slowly.SendRawAsync(await ClientHello.MakeAsync());
        Assert.NotEqual(0, await slowly.ReadSomeAsync(4_096));
        Assert.Equal(0, (await fastdist.CountersAsync()).Dot("invalid-proxy-headers"));
    }

    [Fact]
    public async Task Who_is_no_load_balancer_needs_no_header_and_may_not_send_one()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers),
            $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},proxyProtocolACL=127.0.0.3/32,{Inside}");

        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
        Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query("x.load.test"))).Rcode);
        await using DotClient liar = await DotClient.ConnectAsync(fastdist.Tls);
        await liar.SendRawAsync(Header(s_stranger));

        // Its first two bytes are the length of a message that never comes whole.
        await liar.UntilClosedAsync();
        Assert.Equal(1, (await fastdist.CountersAsync()).Dot("queries"));
    }

    private static Task<FastdistProcess> BalancedAsync(Lab lab, string where, params string[] arguments) => lab.DotAsync(
        lab.Rogue(Rogue.Answers),
        $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},proxyProtocolACL=127.0.0.0/8,{where}",
        arguments);

    private static async Task<DotClient> ComeAsync(FastdistProcess fastdist, string where, byte[] header)
    {
        if (where == Outside)
        {
            return await DotClient.ConnectAsync(fastdist.Tls, inClear: header);
        }

        DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
        await client.SendRawAsync(header);
        return client;
    }

    private static async Task RefusedAsync(FastdistProcess fastdist, string where, byte[] header)
    {
        if (where == Outside)
        {
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Tls);
            await client.SendRawAsync(header);
            await client.UntilClosedAsync();
        }
        else
        {
            await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
            await client.SendRawAsync(header);
            await client.UntilClosedAsync();
        }
    }

    /// <summary>PROXY, TCP over IPv4, from this address.</summary>
    private static byte[] Header(IPAddress source) =>
        [.. Signature, 0x21, 0x11, 0, 12, .. source.GetAddressBytes(), 127, 0, 0, 1, 0x30, 0x39, 0x03, 0x55];

    /// <summary>LOCAL, without addresses.</summary>
    private static byte[] Local() => [.. Signature, 0x20, 0, 0, 0];

    private static System.ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;
}
