using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;

namespace Fastdist.Integration.Tests.Web;

/// <summary>Known counts of everything that the metrics and the page show: a world, and what is sent through it.</summary>
internal sealed class Traffic
{
    public const int Udp = 3;
    public const int Tcp = 4;
    public const int Dot = 5;
    public const int Doh = 6;
    public const int PlainHttp = 2;

    private Traffic(Site site, FastdistProcess fastdist) => (Site, Fastdist) = (site, fastdist);

    public Site Site { get; }

    public FastdistProcess Fastdist { get; }

    /// <summary>fastdist that speaks all four protocols, with a backend that answers and one that is not there.</summary>
    public static async Task<Traffic> StartAsync(Lab lab, params string[] flags)
    {
        var site = new Site(lab);
        var secure = Ports.Next();
        var web = Ports.Next();
        var listen = Ports.Next();
        string one = lab.Unchecked(lab.Rogue(Rogue.Answers), "one.test");
        FastdistProcess fastdist = lab.Keep(await FastdistProcess.StartAsync(
            listen,
            [
                "-l", $"{listen}", "--tls-local", $"{secure},{lab.Certificate(lab.Authority.Issue(Lab.BackendName))}", "--doh-local", $"{web},{lab.DohCertificate()}",
                "--server", one, "--server", $"{Ports.Next()},name=away,tls=none,pool=,pool=spare", "--policy", "firstAvailable", "--shards", "2", .. site.Flags(flags),
            ],
            tls: secure,
            doh: web));
        await fastdist.MarkedDownAsync("away");
        return new Traffic(site, fastdist);
    }

    /// <summary>Sends the queries, each protocol's on a connection of its own, and two requests of HTTP to the port for TLS; all is counted when it returns.</summary>
    public async Task SendAsync(Lab lab)
    {
        for (int i = 0; i < Udp; i++)
        {
            await DnsUdpClient.AskAsync(Fastdist.Listen, Message.Query("x.load.test"));
        }

        using (DnsTcpClient tcp = await DnsTcpClient.ConnectAsync(Fastdist.Listen))
        {
            for (int i = 0; i < Tcp; i++)
            {
                await tcp.AskAsync(Message.Query("x.load.test"));
            }
        }

        await using (DotClient dot = await DotClient.ConnectAsync(Fastdist.Tls))
        {
            for (int i = 0; i < Dot; i++)
            {
                await dot.AskAsync(Message.Query("x.load.test"));
            }
        }

        for (int i = 0; i < Doh; i++)
        {
            await Curl.GetAsync(lab, Fastdist, Message.Query("x.load.test"));
        }

        for (int i = 0; i < PlainHttp; i++)
        {
            await Curl.AskWebAsync(lab, Fastdist.Tls, "/");
        }

        await Fastdist.CountedAsync(
            counters => counters.Tcp("ended-connections") == 1 && counters.Dot("ended-connections") == 1 + PlainHttp && counters.Doh("ended-connections") == Doh,
            "every connection ended");
    }
}
