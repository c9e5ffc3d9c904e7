using System.Security.Authentication;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>Sessions with backends end with close_notify (RFC 8446 section 6.1), whoever ends them and why.</summary>
[Trait("Row", "C4")]
public sealed class OrderlyEndTests
{
    public static TheoryData<string, string, SslProtocols> Ways => new(
        ("io_uring", "openssl", SslProtocols.Tls13), ("io_uring", "openssl", SslProtocols.Tls12), ("epoll", "openssl", SslProtocols.Tls13),
        ("epoll", "sslstream", SslProtocols.Tls13), ("io_uring", "sslstream", SslProtocols.Tls12));

    [Theory, MemberData(nameof(Ways))]
    public async Task A_shutdown_says_close_notify(string ring, string provider, SslProtocols protocol)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers, protocols: protocol);
        FastdistProcess fastdist = await StartAsync(lab, backend, ring, provider);
        await AskAsync(fastdist);

        Assert.Equal(0, await fastdist.StopAsync());
        await EndedAsync(backend.Sessions[^1]);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_close_notify_is_answered(string ring, string provider, SslProtocols protocol)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer, protocols: protocol);
        FastdistProcess fastdist = await StartAsync(lab, backend, ring, provider);
        await AskAsync(fastdist);

        await EndedAsync(await SessionWithQueryAsync(backend));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_silent_connection_is_left_with_close_notify(string ring, string provider, SslProtocols protocol)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Never, protocols: protocol);
        FastdistProcess fastdist = await StartAsync(lab, backend, ring, provider, "queryTimeout=300", "silenceTimeout=100");
        await fastdist.ConnectedAsync("one");
        Assert.Equal(Rcode.ServFail, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);

        await EndedAsync(await SessionWithQueryAsync(backend));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_server_that_is_removed_gets_close_notify(string ring, string provider, SslProtocols protocol)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers, protocols: protocol);
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", $"tls={provider}"), "--io", ring, "--shards", "1", "--control-socket", console);
        await AskAsync(fastdist);

        ChildProcess client = await FastdistProcess.RunToEndAsync("-c", console, "-e", "rmServer('one')");
        Assert.Equal(0, await client.ExitAsync());
        await EndedAsync(backend.Sessions[^1]);
    }

    private static Task<FastdistProcess> StartAsync(Lab lab, RogueBackend backend, string ring, string provider, params string[] options) =>
        lab.FastdistAsync("--server", lab.Unchecked(backend, "one", [$"tls={provider}", .. options]), "--io", ring, "--shards", "1");

    private static async Task AskAsync(FastdistProcess fastdist) =>
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);

    private static async Task<RogueSession> SessionWithQueryAsync(RogueBackend backend)
    {
        await backend.ReceivedAsync(1);
        return System.Array.Find(backend.Sessions, session => !session.Received.IsEmpty)!;
    }

    private static Task EndedAsync(RogueSession session) => Patience.UntilAsync(() => session.EndsInAlert, "close_notify at the backend");
}
