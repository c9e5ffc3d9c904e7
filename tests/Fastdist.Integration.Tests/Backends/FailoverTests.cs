using System;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>One of two backends fails in the middle of a load; the load must not notice.</summary>
[Trait("Stage", "2")]
[Collection(LoadCollection.Name)]
public sealed class FailoverTests
{
    /// <summary>Queries a second: enough that many are in flight at any moment, little enough for a shared machine.</summary>
    private const string Rate = "2000";

    public static MatrixTheoryData<string, string> Ways => new(["io_uring", "epoll"], ["dot", "udp"]);

    [Theory, MemberData(nameof(Ways))]
    public async Task No_query_is_lost_when_a_backend_is_killed_and_comes_back(string ring, string transport)
    {
        await using var lab = new Lab();
        Daemon one = await UnboundAsync(lab, transport, "one");
        Daemon two = await UnboundAsync(lab, transport, "two");

        await UnderLoadAsync(lab, ring, one, two, async fastdist =>
        {
            await one.KillAsync();
            await fastdist.MarkedDownAsync("one");
            await ServesAsync(fastdist, "two", 2_000);

            int log = fastdist.Log.Count;
            await one.StartAsync();
            await fastdist.MarkedUpAsync("one", log);
            await ServesAsync(fastdist, "one", 2_000);
        });
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task No_query_is_lost_when_a_backend_falls_silent(string ring, string transport)
    {
        await using var lab = new Lab();
        Daemon one = await UnboundAsync(lab, transport, "one");
        Daemon two = await UnboundAsync(lab, transport, "two");

        await UnderLoadAsync(lab, ring, one, two, async fastdist =>
        {
            one.SignalAll(LinuxSignal.Stop);
            await fastdist.MarkedDownAsync("one");
            await ServesAsync(fastdist, "two", 2_000);

            int log = fastdist.Log.Count;
            one.SignalAll(LinuxSignal.Continue);
            await fastdist.MarkedUpAsync("one", log);
            await ServesAsync(fastdist, "one", 2_000);
        });
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task No_query_is_lost_when_the_packets_of_a_backend_vanish(string ring, string transport)
    {
        await using var lab = new Lab();
        NetworkNamespace near = await lab.NetworkAsync();
        NetworkNamespace far = await lab.NetworkAsync();
        await NetworkNamespace.JoinAsync(near, far);
        await near.AddressAsync("10.77.0.1/24");
        await far.AddressAsync("10.77.0.2/24");
        Daemon one = await UnboundAsync(lab, transport, "one", IPAddress.Parse("10.77.0.2"), far);
        Daemon two = await UnboundAsync(lab, transport, "two", network: near);

        await UnderLoadAsync(lab, ring, one, two, near, async fastdist =>
        {
            await far.RunAsync("nft", "add table inet hole");
            await far.RunAsync("nft", "add chain inet hole in { type filter hook input priority 0; policy drop; }");
            await fastdist.MarkedDownAsync("one");
            await ServesAsync(fastdist, "two", 2_000);

            int log = fastdist.Log.Count;
            await far.RunAsync("nft", "delete table inet hole");
            await fastdist.MarkedUpAsync("one", log);
            await ServesAsync(fastdist, "one", 2_000);
        });
    }

    private static async Task<Daemon> UnboundAsync(Lab lab, string transport, string name, IPAddress? address = null, NetworkNamespace? network = null) =>
        transport == "udp" ? await lab.PlainAsync("unbound", name, address, network) : await lab.UnboundAsync(name, address, network);

    private static Task UnderLoadAsync(
        Lab lab, string ring, Daemon one, Daemon two, Func<FastdistProcess, Task> events) =>
        UnderLoadAsync(lab, ring, one, two, null, events);

    private static async Task UnderLoadAsync(
        Lab lab, string ring, Daemon one, Daemon two, NetworkNamespace? network, Func<FastdistProcess, Task> events)
    {
        IPEndPoint listen = Ports.Next();
        FastdistProcess fastdist = lab.Keep(await FastdistProcess.StartAsync(
            listen,
            [
                "-l", $"{listen}", "--server", lab.Server(one), "--server", lab.Server(two),
                "--policy", "roundrobin", "--io", ring, "--shards", "2",
            ],
            network));
        await fastdist.MarkedUpAsync("one");
        await fastdist.MarkedUpAsync("two");

        await using Dnsperf udp = Dnsperf.Start(network, lab.Scratch, "udp", listen, "-l", "600", "-Q", Rate, "-c", "4");
        await using Dnsperf tcp = Dnsperf.Start(network, lab.Scratch, "tcp", listen, "-l", "600", "-Q", Rate, "-c", "4");
        await ServesAsync(fastdist, "one", 2_000);
        await events(fastdist);
        DnsperfResult[] results = [await udp.StopAsync(), await tcp.StopAsync()];

        foreach (DnsperfResult result in results)
        {
            Assert.True(result.Completed > 2_000, result.Text);
            Assert.True(result.Lost == 0, result.Text);
            Assert.True(result.NoError == result.Completed, result.Text);
        }
    }

    /// <summary>Waits until the backend has answered this many more queries.</summary>
    private static async Task ServesAsync(FastdistProcess fastdist, string backend, int more)
    {
        long before = (await fastdist.CountersAsync()).Backend(backend)["responses"];
        await fastdist.CountedAsync(
            counters => counters.Backend(backend)["responses"] >= before + more, $"{more} more answers of backend {backend}");
    }
}
