using System.Net;
using Fastdist.Control.Tests.Commands;
using Fastdist.Dns;
using Fastdist.Rules.Blocks;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Control.Tests.Blocks;

/// <summary>What a shard counts of clients, by hand.</summary>
internal static class Flood
{
    private const long Second = 1_000_000;

    /// <summary>A client asks.</summary>
    public static void Ask(this FakeProxy proxy, string client, int times, RecordType type = RecordType.A)
    {
        foreach (BlockCounter counter in proxy.Counters)
        {
            counter.Tick(proxy.Now);
            for (int i = 0; i < times; i++)
            {
                counter.CountQuery(Of(client), type);
            }
        }
    }

    /// <summary>A client gets answers.</summary>
    public static void Answer(this FakeProxy proxy, string client, int times, string name = "www.example.org", Rcode rcode = Rcode.NoError, int bytes = 100)
    {
        DomainName.TryParse(System.Text.Encoding.ASCII.GetBytes(name), out DomainName? question);
        foreach (BlockCounter counter in proxy.Counters)
        {
            counter.Tick(proxy.Now);
            for (int i = 0; i < times; i++)
            {
                counter.CountResponse(Of(client), question!.Wire, (int)rcode, bytes, isHit: false);
            }
        }
    }

    /// <summary>A second goes by, shards notice, and groups that are looked at by a thread of their own are.</summary>
    public static void Pass(this FakeProxy proxy)
    {
        proxy.Now += Second;
        foreach (BlockCounter counter in proxy.Counters)
        {
            counter.Tick(proxy.Now);
        }

        proxy.Blocks.Round();
    }

    private static SocketAddress Of(string client) => SocketAddress.From(IPEndPoint.Parse(client.Contains(':') ? $"[{client}]:40000" : $"{client}:40000"));
}
