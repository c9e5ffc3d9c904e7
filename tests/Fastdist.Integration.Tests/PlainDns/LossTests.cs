using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.PlainDns;

/// <summary>Between fastdist and its backends packets get lost, are overtaken and arrive twice, as on a bad line.</summary>
[Collection(LoadCollection.Name)]
public sealed class LossTests
{
    private const int Queries = 40_000;

    private static readonly string[] s_names = ["one", "two"];

    [Theory]
    [InlineData(1, Queries / 1_000)]
    [InlineData(2, Queries / 10_000)]
    public async Task Hardly_a_query_goes_without_its_answer_where_one_packet_in_twenty_is_lost_each_way(int backends, int bound)
    {
        await using var lab = new Lab();
        var relays = new List<DatagramRelay>();
        foreach (string name in s_names[..backends])
        {
            PlainServer nsd = await lab.PlainAsync(name: name);
            relays.Add(lab.Relay(nsd.EndPoint, new Weather(relays.Count) { Loss = 0.05, Delay = 0.1, Duplication = 0.01 }));
        }

        FastdistProcess fastdist = await lab.FastdistAsync(
            ["--shards", "2", .. relays.SelectMany((relay, i) => (string[])["--server", lab.Server("udp", relay.EndPoint, s_names[i], "udpTimeout=2")])]);
        foreach (string name in s_names[..backends])
        {
            await fastdist.MarkedUpAsync(name);
        }

        DnsperfResult load = await Dnsperf.RunAsync(lab.Scratch, "udp", fastdist.Listen, Queries, "-c", "8");

        Assert.True(load.Sent == Queries && Queries - load.NoError < bound, load.Text);
        Assert.InRange(relays.Sum(relay => relay.Lost), Queries / 20, Queries / 4);
    }
}
