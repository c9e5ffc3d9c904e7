using System.Collections.Generic;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Limits;

/// <summary>Connections that end together, more of them than one turn looks at.</summary>
[Trait("Row", "A2")]
[Collection(LoadCollection.Name)]
public sealed class ManyEndsTests
{
    private const int Many = 2_500;

    [Theory, ClassData(typeof(Rings))]
    public async Task All_whose_time_is_over_end_and_who_goes_on_asking_is_answered(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), null, "--io", ring, "--shards", "1", "--tls-handshake-timeout", "2", "--tcp-idle-timeout", "2");
        List<DnsTcpClient> unshaken = await ConnectAsync(fastdist.Tls);
        List<DnsTcpClient> idle = await ConnectAsync(fastdist.Listen);
        using DnsTcpClient busy = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        Counters counters;
        do
        {
            Assert.Equal(Rcode.NoError, (await busy.AskAsync(Message.Query("x.load.test"))).Rcode);
            counters = await fastdist.CountersAsync();
        }
        while (counters.Dot("handshake-timed-out") < Many || counters.Tcp("client-timeouts") < Many);

        foreach (DnsTcpClient client in (IEnumerable<DnsTcpClient>)[.. unshaken, .. idle])
        {
            await client.UntilClosedAsync();
            client.Dispose();
        }

        Assert.Equal(Rcode.NoError, (await busy.AskAsync(Message.Query("y.load.test"))).Rcode);
        await fastdist.CountedAsync(now => now.Dot("current-connections") == 0 && now.Tcp("current-connections") == 1, "all but one gone");
        Assert.Equal((Many, Many), (counters.Dot("handshake-timed-out"), counters.Tcp("client-timeouts")));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_shutdown_says_goodbye_to_all_of_them(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            lab.Rogue(Rogue.Answers), "--io", ring, "--shards", "1", "--tcp-idle-timeout", "3600", "--shutdown-timeout", "30000");
        List<DnsTcpClient> idle = await ConnectAsync(fastdist.Listen);
        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") == Many, $"{Many} connections");

        fastdist.Signal(LinuxSignal.Terminate);

        foreach (DnsTcpClient client in idle)
        {
            await client.UntilClosedAsync();
            client.Dispose();
        }

        Assert.Equal(0, await fastdist.ExitAsync());
    }

    private static async Task<List<DnsTcpClient>> ConnectAsync(IPEndPoint server)
    {
        var clients = new List<DnsTcpClient>();
        for (int i = 0; i < Many; i++)
        {
            clients.Add(await DnsTcpClient.ConnectAsync(server));
        }

        return clients;
    }
}
