using System.Net;
using Fastdist.Options;
using Fastdist.Proxy;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Tests;

/// <summary>What is checked of the command line as a whole.</summary>
public class SettingsTests
{
    private const string Plain = "192.0.2.1,tls=none";

    [Fact]
    public void Without_a_server_there_is_nobody_to_ask() =>
        Assert.Equal("no backend: add --server ADDR[:PORT],subjectName=NAME", Refusal("--shards", "1"));

    [Fact]
    public void Two_servers_of_one_name_are_refused()
    {
        Assert.Equal("two servers are called '192.0.2.1:53': give each a name=", Refusal(Plain, Plain));
        Assert.Equal("two servers are called 'x': give each a name=", Refusal($"{Plain},name=x", "192.0.2.2,tls=none,name=x"));
        Assert.Equal(2, Complete($"{Plain},name=x", $"{Plain},name=y").Backends.Count);
    }

    [Fact]
    public void Each_shard_keeps_a_connection_to_each_server_so_fewer_are_refused()
    {
        Assert.Equal(
            "--server x: connections=2 is fewer than the 3 shards, each of which keeps one of its own: use --shards 2 or connections=3",
            Refusal($"{Plain},name=x,connections=2"));
        Assert.Equal(3, Complete($"{Plain},connections=3").Backends[0].Connections);
        Assert.Equal(2, Complete("--shards=2", $"{Plain},connections=2").Shards);
    }

    [Fact]
    public void A_process_may_have_the_connections_that_its_shards_keep()
    {
        Assert.Equal(
            "--server x: maxConcurrentTCPConnections=2 is fewer than the 3 connections that the 3 shards keep: allow more, or use --shards and connections= to keep fewer",
            Refusal($"{Plain},name=x,maxConcurrentTCPConnections=2"));
        Assert.StartsWith(
            "--server x: maxConcurrentTCPConnections=3 is fewer than the 4 connections",
            Refusal($"{Plain},name=x,connections=4,maxConcurrentTCPConnections=3"));
        Assert.Equal(3, Complete($"{Plain},maxConcurrentTCPConnections=3").Backends[0].MaxConcurrentTcpConnections);
    }

    [Theory]
    [InlineData("192.0.2.0/33")]
    [InlineData("localhost")]
    [InlineData("")]
    public void A_network_that_is_none_is_refused(string network) =>
        Assert.Equal($"--acl {network}: expected a network such as 192.0.2.0/24 or 2001:db8::/32", Refusal(Plain, "--acl", $"198.51.100.0/24,{network}"));

    [Fact]
    public void A_written_network_takes_the_place_of_the_default_list()
    {
        NetmaskSet acl = Complete(Plain, "--acl", "192.0.2.0/24").Acl;
        Assert.True(acl.Contains(SocketAddress.From(IPEndPoint.Parse("192.0.2.1:53"))));
        Assert.False(acl.Contains(SocketAddress.From(IPEndPoint.Parse("127.0.0.1:53"))));
    }

    [Fact]
    public void Ports_tell_clients_apart_behind_one_address_only()
    {
        Assert.Equal(
            "--tcp-connections-mask-v4-port 4: ports tell clients apart behind one address, so not with --tcp-connections-mask-v4 24: leave that at 32",
            Refusal(Plain, "--tcp-connections-mask-v4-port", "4", "--tcp-connections-mask-v4", "24"));
        Assert.Equal(4, Complete(Plain, "--tcp-connections-mask-v4-port", "4").ClientLimits.MaskV4Port);
        Assert.Equal(24, Complete(Plain, "--tcp-connections-mask-v4", "24").ClientLimits.MaskV4);
    }

    private static ProxyOptions Complete(params string[] args) => CommandLine.Parse(args).Settings.Complete(processors: 3).Proxy;

    private static string Refusal(params string[] args) => Assert.Throws<OptionException>(() => Complete(args)).Message;
}
