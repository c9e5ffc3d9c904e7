using System.Net;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>Sessions resumed at another node, which has the same keys from a file or makes them from the same secret.</summary>
[Trait("Stage", "4")]
public sealed class SharedTicketKeyTests
{
    private const int KeySize = 80;

    [Theory]
    [InlineData("ticketKeyFile", "-tls1_2")]
    [InlineData("ticketKeyFile", "-tls1_3")]
    [InlineData("ticketKeySecretFile", "-tls1_3")]
    public async Task A_session_of_one_node_resumes_at_the_other(string option, string version)
    {
        await using var lab = new Lab();
        string keys = lab.Scratch.WriteSecret("keys", RandomNumberGenerator.GetBytes(KeySize));
        FastdistProcess one = await NodeAsync(lab, $"{option}={keys}");
        FastdistProcess other = await NodeAsync(lab, $"{option}={keys}");
        string session = lab.Scratch.PathOf("session");
        string back = lab.Scratch.PathOf("back");

        await OpenSslClient.SaveSessionAsync(one.Tls, session, version);
        OpenSslClient there = await OpenSslClient.RunAsync(other.Tls, version, "-sess_in", session);
        await OpenSslClient.SaveSessionAsync(other.Tls, back, version);
        OpenSslClient here = await OpenSslClient.RunAsync(one.Tls, version, "-sess_in", back);

        Assert.True(there.IsResumed, there.Text);
        Assert.True(here.IsResumed, here.Text);
    }

    [Fact]
    public async Task A_session_does_not_resume_at_a_node_with_other_keys()
    {
        await using var lab = new Lab();
        FastdistProcess one = await NodeAsync(lab, $"ticketKeyFile={lab.Scratch.WriteSecret("keys", RandomNumberGenerator.GetBytes(KeySize))}");
        FastdistProcess other = await NodeAsync(lab, $"ticketKeyFile={lab.Scratch.WriteSecret("other", RandomNumberGenerator.GetBytes(KeySize))}");
        string session = lab.Scratch.PathOf("session");

        await OpenSslClient.SaveSessionAsync(one.Tls, session, "-tls1_3");
        OpenSslClient there = await OpenSslClient.RunAsync(other.Tls, "-tls1_3", "-sess_in", session);

        Assert.True(there is { IsConnected: true, IsResumed: false }, there.Text);
        Assert.Equal(1, (await other.CountersAsync()).Dot("tls-unknown-ticket-keys"));
    }

    [Fact]
    public async Task Under_a_secret_no_ticket_of_TLS_1_2_is_made()
    {
        await using var lab = new Lab();
        FastdistProcess node = await NodeAsync(
            lab, $"ticketKeySecretFile={lab.Scratch.WriteSecret("secret", RandomNumberGenerator.GetBytes(32))}");

        // An empty one says that there is none after all (RFC 5077 section 3.3).
        OpenSslClient client = await OpenSslClient.RunAsync(node.Tls, "-tls1_2");

        Assert.True(client.IsConnected, client.Text);
        Assert.DoesNotContain("TLS session ticket:", client.Text);
    }

    [Fact]
    public async Task The_last_key_of_the_file_is_the_active_one_and_a_reload_reads_it_again()
    {
        await using var lab = new Lab();
        byte[] old = RandomNumberGenerator.GetBytes(KeySize);
        byte[] fresh = RandomNumberGenerator.GetBytes(KeySize);
        string keys = lab.Scratch.WriteSecret("keys", old);
        FastdistProcess node = await NodeAsync(lab, $"ticketKeyFile={keys},numberOfTicketsKeys=2");
        string session = lab.Scratch.PathOf("session");
        await OpenSslClient.SaveSessionAsync(node.Tls, session, "-tls1_3");

        lab.Scratch.WriteSecret("keys", [.. old, .. fresh]);
        await node.ReloadAsync();
        OpenSslClient byOld = await OpenSslClient.RunAsync(node.Tls, "-tls1_3", "-sess_in", session);
        Counters afterFirst = await node.CountersAsync();
        lab.Scratch.WriteSecret("keys", [.. fresh, .. RandomNumberGenerator.GetBytes(KeySize)]);
        await node.ReloadAsync();
        OpenSslClient byNone = await OpenSslClient.RunAsync(node.Tls, "-tls1_3", "-sess_in", session);

        Assert.True(byOld.IsResumed, byOld.Text);
        Assert.Equal(1, afterFirst.Dot("tls-inactive-ticket-keys"));
        Assert.True(byNone is { IsConnected: true, IsResumed: false }, byNone.Text);
        Assert.Equal(1, (await node.CountersAsync()).Dot("tls-unknown-ticket-keys"));
    }

    [Fact]
    public async Task A_file_that_holds_no_whole_keys_leaves_the_old_ones_in_use()
    {
        await using var lab = new Lab();
        string keys = lab.Scratch.WriteSecret("keys", RandomNumberGenerator.GetBytes(KeySize));
        FastdistProcess node = await NodeAsync(lab, $"ticketKeyFile={keys}");
        string session = lab.Scratch.PathOf("session");
        await OpenSslClient.SaveSessionAsync(node.Tls, session, "-tls1_3");

        lab.Scratch.WriteSecret("keys", RandomNumberGenerator.GetBytes(KeySize - 1));
        LogLine said = await node.FailToReloadAsync();

        Assert.Contains(keys, said.Message);
        Assert.True((await OpenSslClient.RunAsync(node.Tls, "-tls1_3", "-sess_in", session)).IsResumed);
        Assert.Equal(1, (await node.CountersAsync()).Process["reload-failures"]);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task With_one_key_file_sessions_of_dnsdist_resume_here_and_ours_there(string version)
    {
        await using var lab = new Lab();
        string keys = lab.Scratch.WriteSecret("keys", RandomNumberGenerator.GetBytes(KeySize));
        FastdistProcess ours = await NodeAsync(lab, $"ticketKeyFile={keys}");
        IPEndPoint theirs = await DnsdistNodeAsync(lab, keys, ours.Listen);
        string fromOurs = lab.Scratch.PathOf("ours");
        string fromTheirs = lab.Scratch.PathOf("theirs");

        await OpenSslClient.SaveSessionAsync(ours.Tls, fromOurs, version);
        await OpenSslClient.SaveSessionAsync(theirs, fromTheirs, version);
        OpenSslClient here = await OpenSslClient.RunAsync(ours.Tls, version, "-sess_in", fromTheirs);
        OpenSslClient there = await OpenSslClient.RunAsync(theirs, version, "-sess_in", fromOurs);

        Assert.True(here.IsResumed, here.Text);
        Assert.True(there.IsResumed, there.Text);
        Assert.Equal(0, (await ours.CountersAsync()).Dot("tls-unknown-ticket-keys"));
    }

    private static Task<FastdistProcess> NodeAsync(Lab lab, string keys) =>
        lab.DotAsync(lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},{keys}");

    private static async Task<IPEndPoint> DnsdistNodeAsync(Lab lab, string keys, IPEndPoint backend)
    {
        IPEndPoint secure = Ports.Next();
        ServerCertificate certificate = lab.Authority.Issue(Lab.BackendName);
        string chain = lab.Scratch.Write("dnsdist.pem", certificate.CertificatePem);
        string key = lab.Scratch.WriteSecret("dnsdist.key", certificate.KeyPem);
        await Forwarder.DnsdistAsync(lab, $$"""
            newServer{address="{{backend}}", healthCheckMode="up"}
            addTLSLocal("{{secure}}", "{{chain}}", "{{key}}", {ticketKeyFile="{{keys}}", numberOfTicketsKeys=5})
            """);
        return secure;
    }
}
