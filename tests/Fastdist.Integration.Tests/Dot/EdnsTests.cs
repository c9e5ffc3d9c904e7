using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>The EDNS options that concern one hop: padding (RFC 7830, RFC 8467) and edns-tcp-keepalive (RFC 7828).</summary>
[Trait("Stage", "4")]
public sealed class EdnsTests
{
    private const ushort Keepalive = 11;
    private const ushort Padding = 12;
    private const int Block = 468;

    private static readonly (ushort Code, byte[] Data) s_padding = (Padding, new byte[50]);

    [Theory]
    [InlineData(100)]
    [InlineData(468)]
    [InlineData(1_500)]
    public async Task An_answer_is_padded_to_blocks_for_who_padded_the_query(int size)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, size)])));

        ParsedMessage answer = await DotClient.AskAsync(
            fastdist.Tls, Message.Query("x.load.test", edns: 1_232, options: s_padding));

        Assert.Equal(0, answer.Bytes.Length % Block);
        Assert.InRange(answer.Bytes.Length, size, size + 4 + Block);
        Assert.All(answer.Edns!.Options.Single(option => option.Code == Padding).Data, value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task Kdig_pads_and_is_padded_for()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(await lab.NsdAsync());

        Kdig answer = await Kdig.AskAsync(fastdist.Tls, "+tls", "+padding", "x.load.test");

        Assert.True(answer.Holds("PADDING"), answer.Text);
        Assert.True(answer.Holds($";; Received {Block} B"), answer.Text);
    }

    [Fact]
    public async Task An_answer_is_not_padded_for_who_did_not_pad_nor_where_nothing_is_encrypted()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));
        byte[] padded = Message.Query("x.load.test", edns: 1_232, options: s_padding);

        Assert.Null((await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test"))).Edns);
        Assert.Empty((await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test", edns: 1_232))).Edns!.Options);
        Assert.Empty((await DnsTcpClient.AskAsync(fastdist.Listen, padded)).Edns!.Options);
        Assert.Empty((await DnsUdpClient.AskAsync(fastdist.Listen, padded)).Edns!.Options);
    }

    [Fact]
    public async Task An_answer_is_not_padded_when_the_option_says_so()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},padResponses=false");

        ParsedMessage answer = await DotClient.AskAsync(
            fastdist.Tls, Message.Query("x.load.test", edns: 1_232, options: s_padding));

        Assert.False(answer.Edns!.Has(Padding));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("asked", false)]
    [Trait("Row", "D12")]
    public async Task True_is_dnsdists_and_pads_for_who_has_EDNS(string value, bool isPadded)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},padResponses={value}");

        ParsedMessage withEdns = await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test", edns: 1_232));
        ParsedMessage padded = await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test", edns: 1_232, options: s_padding));
        ParsedMessage withoutEdns = await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test"));

        Assert.Equal((isPadded, true), (withEdns.Edns!.Has(Padding), padded.Edns!.Has(Padding)));
        Assert.Equal(isPadded, withEdns.Bytes.Length == Block);
        Assert.Null(withoutEdns.Edns);
    }

    [Fact]
    public async Task Answers_of_our_own_are_padded_too()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        ParsedMessage answer = await DotClient.AskAsync(
            fastdist.Tls, Message.Query("x.load.test", Message.Axfr, edns: 1_232, options: s_padding));

        Assert.Equal(Rcode.Refused, answer.Rcode);
        Assert.Equal(0, answer.Bytes.Length % Block);
    }

    [Fact]
    public async Task Who_asks_how_long_to_stay_is_told_the_idle_timeout_of_the_transport()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.DotAsync(backend, null, "--tls-idle-timeout", "7", "--tcp-idle-timeout", "9");
        byte[] query = Message.Query("x.load.test", edns: 1_232, options: (Keepalive, []));

        // In units of 100 ms.
        Assert.Equal([0, 70], KeepaliveOf(await DotClient.AskAsync(fastdist.Tls, query)));
        Assert.Equal([0, 90], KeepaliveOf(await DnsTcpClient.AskAsync(fastdist.Listen, query)));
        Assert.False((await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test", edns: 1_232))).Edns!.Has(Keepalive));
        Assert.DoesNotContain(backend.Received, seen => ParsedMessage.Parse(seen).Edns is { } edns && edns.Has(Keepalive));
    }

    [Fact]
    [Trait("Row", "D12")]
    public async Task A_timeout_of_0_is_never_and_who_asks_is_told_the_longest_time_there_is()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--tls-idle-timeout", "0", "--tcp-idle-timeout", "1", "--tcp-recv-timeout", "0", "--tcp-send-timeout", "0");
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
        byte[] query = Message.Query("x.load.test", edns: 1_232, options: (Keepalive, []));

        Assert.Equal([255, 255], KeepaliveOf(await client.AskAsync(query)));

        // By the time that another is idle for too long, this one would be.
        using DnsTcpClient other = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await other.AskAsync(Message.Query("y.load.test"));
        await other.UntilEndedAsync();
        Assert.Equal(Rcode.NoError, (await client.AskAsync(query)).Rcode);
        Assert.Equal(0, (await fastdist.CountersAsync()).Dot("client-timeouts"));
    }

    private static byte[] KeepaliveOf(ParsedMessage answer) =>
        answer.Edns!.Options.Single(option => option.Code == Keepalive).Data;
}
