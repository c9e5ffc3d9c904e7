using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>What a handshake may agree on, seen by <c>openssl s_client</c>.</summary>
[Trait("Stage", "4")]
public sealed class HandshakeOptionTests
{
    /// <summary>Ciphers that a client of today must be told to offer for TLS 1.0 and 1.1.</summary>
    private static readonly string[] s_old = ["-cipher", "DEFAULT@SECLEVEL=0"];

    [Theory]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task TLS_1_2_and_1_3_are_spoken(string version, string name)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls, version);

        Assert.True(client.IsConnected, client.Text);
        Assert.Contains($"New, {name}, Cipher is ", client.Text);
        Assert.Contains("Secure Renegotiation", client.Text);
        Assert.Contains("Compression: NONE", client.Text);
    }

    [Theory]
    [InlineData("-tls1")]
    [InlineData("-tls1_1")]
    public async Task Older_versions_are_refused_and_counted(string version)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls, [version, .. s_old]);

        Assert.False(client.IsConnected, client.Text);
        await fastdist.CountedAsync(counters => counters.Dot("handshake-unsupported-protocol") == 1, "one unsupported protocol");
    }

    [Theory]
    [InlineData("-tls1", "TLSv1", "tls10-queries")]
    [InlineData("-tls1_1", "TLSv1.1", "tls11-queries")]
    public async Task Older_versions_are_spoken_on_request(string version, string name, string counter)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},minTLSVersion=tls1.0");

        await using OpenSslClient client = await OpenSslClient.ConnectAsync(fastdist.Tls, [version, .. s_old]);

        Assert.True(client.IsConnected, client.Text);
        Assert.Contains($"Protocol  : {name}\n", client.Text + '\n');
        await client.TypeAsync(OpenSslClient.TypedMessage);
        await fastdist.CountedAsync(counters => counters.Dot(counter) == 1, $"one of {counter}");
    }

    [Fact]
    public async Task Only_TLS_1_3_is_spoken_when_that_is_the_least()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},minTLSVersion=tls1.3");

        Assert.False((await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_2")).IsConnected);
        Assert.True((await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_3")).IsConnected);
    }

    [Theory]
    [InlineData("ciphers=ECDHE-ECDSA-AES256-GCM-SHA384", "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("ciphers=ECDHE-ECDSA-AES256-GCM-SHA384", "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", null)]
    [InlineData("ciphersTLS13=TLS_CHACHA20_POLY1305_SHA256", "-tls1_3", "TLS_CHACHA20_POLY1305_SHA256")]
    [InlineData("ciphersTLS13=TLS_CHACHA20_POLY1305_SHA256", "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256", null)]
    [InlineData("ecdheCurves=P-384", "-tls1_3", "Server Temp Key: ECDH, secp384r1, 384 bits")]
    [InlineData("ecdheCurves=P-384", "-tls1_3 -groups X25519", null)]
    [InlineData("ecdheCurves=P-384:X25519", "-tls1_2 -groups X25519:P-256", "Server Temp Key: X25519, 253 bits")]
    [InlineData("provider=openssl", "-tls1_3 -groups P-256", "Server Temp Key: ECDH, prime256v1, 256 bits")]
    [InlineData("provider=openssl", "-tls1_3 -curves X25519", "Server Temp Key: X25519, 253 bits")]
    public async Task Ciphers_and_groups_are_those_of_the_option(string option, string offered, string? agreed)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},{option}");

        OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls, offered.Split(' '));

        Assert.Equal(agreed is not null, client.IsConnected);
        Assert.Contains(agreed ?? "Cipher is (NONE)", client.Text);
        await fastdist.CountedAsync(
            counters => counters.Dot("handshake-no-shared-cipher") + counters.Dot("handshake-no-shared-group") == (agreed is null ? 1 : 0),
            "a refusal under its name, if it was one");
    }

    [Theory]
    [InlineData("ffdhe2048")]
    [InlineData("ffdhe8192")]
    [InlineData("X448")]
    [InlineData("P-521")]
    public async Task By_default_no_group_is_agreed_on_but_X25519_P256_and_P384(string group)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_3", "-groups", group);

        Assert.False(client.IsConnected, client.Text);
        await fastdist.CountedAsync(counters => counters.Dot("handshake-no-shared-group") == 1, "no shared group");
    }

    [Theory]
    [InlineData("true", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("false", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    public async Task The_order_of_ciphers_is_ours_or_the_clients(string ours, string agreed)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers),
            $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},preferServerCiphers={ours},ciphers=ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256");

        OpenSslClient client = await OpenSslClient.RunAsync(
            fastdist.Tls, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384");

        Assert.Contains($"Cipher is {agreed}", client.Text);
    }

    [Theory]
    [InlineData("dot", "ALPN protocol: dot")]
    [InlineData("h2,dot", "ALPN protocol: dot")]
    [InlineData("h2", "No ALPN negotiated")]
    public async Task The_protocol_name_dot_is_agreed_on_and_no_other_is_refused(string offered, string agreed)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        OpenSslClient client = await OpenSslClient.RunAsync(fastdist.Tls, "-alpn", offered);

        Assert.True(client.IsConnected, client.Text);
        Assert.Contains(agreed, client.Text);
    }

    [Fact]
    public async Task Renegotiation_is_refused_and_nobody_else_notices()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--shards", "1");
        await using DotClient other = await DotClient.ConnectAsync(fastdist.Tls);
        await using OpenSslClient client = await OpenSslClient.ConnectAsync(fastdist.Tls, "-tls1_2");

        await client.PrintedAsync("Verify return code");
        await client.TypeAsync("R");

        // s_client takes the no_renegotiation alert for the end.
        await client.ExitAsync();
        Assert.Contains("RENEGOTIATING", client.Text);
        Assert.Contains("no renegotiation", client.Text);
        Assert.Equal(Rcode.NoError, (await other.AskAsync(Message.Query("x.load.test"))).Rcode);
        await fastdist.CountedAsync(counters => counters.Dot("current-connections") == 1, "the other one left");
    }

    [Fact]
    public async Task Renegotiation_is_had_by_who_asks_for_it_in_the_options()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},enableRenegotiation=true");
        await using OpenSslClient client = await OpenSslClient.ConnectAsync(fastdist.Tls, "-tls1_2");

        await client.PrintedAsync("Verify return code");
        await client.TypeAsync("R");
        await client.SaidAsync("RENEGOTIATING");
        Assert.Equal(0, await client.EndAsync());

        Assert.DoesNotContain("no renegotiation", client.Text);
        Assert.Equal(0, (await fastdist.CountersAsync()).Dot("tls-errors"));
    }

    [Fact]
    public async Task A_client_of_TLS_1_3_may_renew_the_keys_of_both_directions()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));
        await using OpenSslClient client = await OpenSslClient.ConnectAsync(fastdist.Tls, "-tls1_3");

        await client.PrintedAsync("Verify return code");
        await client.TypeAsync("K");
        await client.SaidAsync("KEYUPDATE");
        await client.TypeAsync(OpenSslClient.TypedMessage);

        await fastdist.CountedAsync(counters => counters.Dot("tls13-queries") == 1, "a message under the new keys");
        Assert.Equal(0, (await fastdist.CountersAsync()).Dot("tls-errors"));
    }

    [Theory]
    [InlineData("-tls1_2", "CLIENT_RANDOM ")]
    [InlineData("-tls1_3", "SERVER_TRAFFIC_SECRET_0 ")]
    public async Task Secrets_are_logged_to_a_file_of_the_owners_alone(string version, string label)
    {
        await using var lab = new Lab();
        string file = lab.Scratch.PathOf("keys.log");
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},keyLogFile={file}");
        string clients = lab.Scratch.PathOf("client.log");

        await OpenSslClient.RunAsync(fastdist.Tls, version, "-keylogfile", clients);

        string[] wanted = [.. File.ReadAllLines(clients).Where(line => line.StartsWith(label, StringComparison.Ordinal))];
        Assert.NotEmpty(wanted);
        await Patience.UntilAsync(() => wanted.All(File.ReadAllLines(file).Contains), "the secrets that the client has, too");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact, Trait("Row", "C8")]
    public async Task A_file_of_secrets_that_was_moved_away_is_opened_anew_by_a_reload()
    {
        await using var lab = new Lab();
        string file = lab.Scratch.PathOf("keys.log");
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},keyLogFile={file}");
        await OpenSslClient.RunAsync(fastdist.Tls);
        await Patience.UntilAsync(() => File.ReadAllText(file).Length > 0, "secrets");

        File.Move(file, file + ".1");
        await fastdist.ReloadAsync();
        long before = new FileInfo(file + ".1").Length;
        await OpenSslClient.RunAsync(fastdist.Tls);

        await Patience.UntilAsync(() => File.ReadAllText(file).Length > 0, "secrets in the new file");
        Assert.Equal(before, new FileInfo(file + ".1").Length);
    }

    [Fact]
    public async Task Without_tickets_nobody_resumes()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},sessionTickets=false");

        foreach (string version in (string[])["-tls1_2", "-tls1_3"])
        {
            // TLS 1.3 sends its tickets before the first answer, TLS 1.2 within the handshake.
            await using OpenSslClient client = await OpenSslClient.ConnectAsync(fastdist.Tls, version, "-msg");
            await client.TypeAsync(OpenSslClient.TypedMessage);
            await client.PrintedAsync("close_notify");
            Assert.True(client.IsConnected, client.Text);
            Assert.DoesNotContain("NewSessionTicket", client.Text);
        }
    }

    [Fact]
    public async Task Without_tickets_a_stored_session_resumes()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers),
            $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},sessionTickets=false,numberOfStoredSessions=100");
        string session = lab.Scratch.PathOf("session");

        await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_2", "-sess_out", session);
        OpenSslClient second = await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_2", "-sess_in", session);

        Assert.True(second.IsResumed, second.Text);
        Assert.Equal(1, (await fastdist.CountersAsync()).Dot("tls-resumptions"));
    }
}
