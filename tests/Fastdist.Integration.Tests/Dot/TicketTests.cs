using System;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>Sessions resumed by ticket at the process that made it.</summary>
[Trait("Stage", "4")]
public sealed class TicketTests
{
    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_resumes_at_every_shard(string version)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--shards", "4");
        string session = lab.Scratch.PathOf("session");

        OpenSslClient first = await OpenSslClient.SaveSessionAsync(fastdist.Tls, session, version);
        Assert.False(first.IsResumed, first.Text);
        const int times = 12;
        for (int i = 0; i < times; i++)
        {
            OpenSslClient again = await OpenSslClient.RunAsync(fastdist.Tls, version, "-sess_in", session);
            Assert.True(again.IsResumed, again.Text);
        }

        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(1, counters.Dot("tls-new-sessions"));
        Assert.Equal(times, counters.Dot("tls-resumptions"));
        Assert.Equal(0, counters.Dot("tls-unknown-ticket-keys"));
    }

    [Fact]
    public async Task A_session_of_one_frontend_resumes_at_another_as_they_share_their_keys()
    {
        await using var lab = new Lab();
        string certificate = lab.Certificate(lab.Authority.Issue(Lab.BackendName));
        System.Net.IPEndPoint other = Ports.Next();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), certificate, "--tls-local", $"{other},{certificate}");
        string session = lab.Scratch.PathOf("session");

        await OpenSslClient.SaveSessionAsync(fastdist.Tls, session, "-tls1_3");
        OpenSslClient again = await OpenSslClient.RunAsync(other, "-tls1_3", "-sess_in", session);

        Assert.True(again.IsResumed, again.Text);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_client_that_offers_a_ticket_gets_only_one_new_one(string version)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        OpenSslClient client = await OpenSslClient.SaveSessionAsync(fastdist.Tls, lab.Scratch.PathOf("session"), version);

        Assert.Equal(2, client.Text.Split("TLS session ticket:").Length);
    }

    [Theory]
    [InlineData("a key name that we never had")]
    [InlineData("a bit of the session turned")]
    [InlineData("a bit of the authentication turned")]
    [InlineData("nothing but chance")]
    public async Task A_forged_ticket_leads_to_a_full_handshake(string forgery)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));
        foreach (string version in (string[])["-tls1_2", "-tls1_3"])
        {
            string session = lab.Scratch.PathOf("session");
            string forged = lab.Scratch.PathOf("forged");
            await OpenSslClient.SaveSessionAsync(fastdist.Tls, session, version);
            TlsSessionFile.ChangeTicket(session, forged, ticket => Forge(forgery, ticket));

            OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls, version, "-sess_in", forged);

            Assert.True(client is { IsConnected: true, IsResumed: false }, client.Text);
        }

        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(4, counters.Dot("tls-new-sessions"));
        Assert.Equal(forgery is "a key name that we never had" or "nothing but chance" ? 2 : 0, counters.Dot("tls-unknown-ticket-keys"));
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task An_expired_ticket_leads_to_a_full_handshake(string version)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},sessionTimeout=1");
        string session = lab.Scratch.PathOf("session");
        string stretched = lab.Scratch.PathOf("stretched");
        await OpenSslClient.SaveSessionAsync(fastdist.Tls, session, version);
        // A client that does not know when to stop.
        TlsSessionFile.ChangeLifetime(session, stretched, 100);

        OpenSslClient? last = null;
        await Patience.UntilAsync(
            async () => !(last = await OpenSslClient.RunAsync(fastdist.Tls, version, "-sess_in", stretched)).IsResumed,
            "the end of the ticket's second");

        Assert.True(last!.IsConnected, last.Text);
        Assert.Equal(0, (await fastdist.CountersAsync()).Dot("tls-unknown-ticket-keys"));
    }

    [Fact]
    public async Task Keys_rotate_and_an_old_ticket_is_good_as_long_as_its_key_is_kept()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers),
            $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},ticketsKeysRotationDelay=1,numberOfTicketsKeys=5");
        string session = lab.Scratch.PathOf("session");
        await OpenSslClient.SaveSessionAsync(fastdist.Tls, session, "-tls1_3");

        await Patience.UntilAsync(
            async () =>
            {
                OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_3", "-sess_in", session);
                return client.IsResumed && (await fastdist.CountersAsync()).Dot("tls-inactive-ticket-keys") > 0;
            },
            "a resumption by a key that is not the active one");
        Assert.Equal(0, (await fastdist.CountersAsync()).Dot("tls-unknown-ticket-keys"));
        await Patience.UntilAsync(
            async () => !(await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_3", "-sess_in", session)).IsResumed,
            "a full handshake, as the key is gone");
        Assert.Equal(1, (await fastdist.CountersAsync()).Dot("tls-unknown-ticket-keys"));
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_reload_of_certificates_leaves_tickets_good(string version)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));
        string session = lab.Scratch.PathOf("session");
        await OpenSslClient.SaveSessionAsync(fastdist.Tls, session, version);

        lab.Certificate(lab.Authority.Issue("renewed.test"));
        await fastdist.ReloadAsync();

        await Patience.UntilAsync(
            async () =>
            {
                await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
                return client.CommonName == "renewed.test";
            },
            "the new certificate");
        Assert.True((await OpenSslClient.RunAsync(fastdist.Tls, version, "-sess_in", session)).IsResumed);
    }

    private static void Forge(string forgery, Span<byte> ticket)
    {
        switch (forgery)
        {
            case "a key name that we never had":
                RandomNumberGenerator.Fill(ticket[..TlsSessionFile.KeyNameSize]);
                break;
            case "a bit of the session turned":
                ticket[ticket.Length / 2] ^= 1;
                break;
            case "a bit of the authentication turned":
                ticket[^1] ^= 0x80;
                break;
            default:
                RandomNumberGenerator.Fill(ticket);
                break;
        }
    }
}
