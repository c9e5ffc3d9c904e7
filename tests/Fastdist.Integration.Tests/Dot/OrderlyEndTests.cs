using System.IO;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>Sessions of clients that we end at once end with close_notify too (RFC 8446 section 6.1).</summary>
[Trait("Row", "C4")]
public sealed class OrderlyEndTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task A_query_that_does_not_come_to_its_end(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring, "--tcp-recv-timeout", "1");
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);

        await client.SendRawAsync([0, 30, 1]);
        await EndedAsync(client);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_over_its_rate_of_sessions(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), null, "--io", ring, "--max-tls-new-session-rate-per-client", "1", "--tcp-rate-burst", "1");
        await using DotClient first = await DotClient.ConnectAsync(fastdist.Tls);
        await using DotClient second = await DotClient.ConnectAsync(fastdist.Tls);

        await EndedAsync(second);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_is_banned_for_its_many_reads_although_it_goes_on_sending(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring, "--max-tcp-read-ios-per-query", "3");
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);

        Task ended = EndedAsync(client);
        await client.SendRawAsync([0xff, 0xff]);
        try
        {
            while (!ended.IsCompleted)
            {
                await client.SendRawAsync([0]);
                await Task.Yield();
            }
        }
        catch (IOException)
        {
            // It hears nothing more.
        }

        await ended;
        Assert.Equal(1, (await fastdist.CountersAsync()).Dot("too-many-read-ios"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_shutdown_whose_time_is_up(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Never);
        FastdistProcess fastdist = await lab.DotAsync(backend, null, "--io", ring, "--shutdown-timeout", "300");
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
        await client.SendAsync(Message.Query("x.load.test"));
        await backend.ReceivedAsync(1);

        Assert.Equal(0, await fastdist.StopAsync());
        await EndedAsync(client);
    }

    private static async Task EndedAsync(DotClient client)
    {
        Assert.Null(await client.ReceiveRawAsync());
        Assert.True(client.EndsInAlert, "the session ended without close_notify");
    }
}
