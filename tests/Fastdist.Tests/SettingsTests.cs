using System.Net;
using Fastdist.Options;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Tests;

/// <summary>What is checked of the command line as a whole.</summary>
public class SettingsTests
{
    private const string Plain = "192.0.2.1,tls=none";

    [Fact]
    public void Without_a_server_there_is_nobody_to_ask() =>
        Assert.Equal("no backend: add --server ADDR[:PORT],subjectName=NAME, or -C FILE", Refusal("--shards", "1"));

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

    [Fact, Trait("Row", "B8")]
    public void All_that_makes_no_sense_together_is_said_at_once() =>
        Assert.Equal(
            "two servers are called 'x': give each a name=\n--tcp-connections-mask-v4-port 4: ports tell clients apart behind one address, so not with --tcp-connections-mask-v4 24: leave that at 32\n--acl nobody: expected a network such as 192.0.2.0/24 or 2001:db8::/32",
            Refusal($"{Plain},name=x", "192.0.2.2,tls=none,name=x", "--tcp-connections-mask-v4-port", "4", "--tcp-connections-mask-v4", "24", "--acl", "nobody"));

    [Theory, Trait("Row", "B7")]
    [InlineData("--local 192.0.2.1:53 is given twice: leave one of them out", "-l", "192.0.2.1", "-l", "192.0.2.1:53")]
    [InlineData("--local [::1]:53 is given twice: leave one of them out", "-l", "[::1]", "-l", "[0:0:0:0:0:0:0:1]:53")]
    [InlineData("--local 192.0.2.1:53: --local 0.0.0.0:53 listens there already, over UDP and TCP: give one of them another address or port", "-l", "0.0.0.0", "-l", "192.0.2.1")]
    [InlineData("--local 0.0.0.0:53,interface=v0: --local 0.0.0.0:53 listens there already, over UDP and TCP: give one of them another address or port", "-l", "0.0.0.0", "-l", "0.0.0.0,interface=v0")]
    [InlineData("--doh-local 192.0.2.1:53: --local 192.0.2.1:53 listens there already, over TCP: give one of them another address or port", "-l", "192.0.2.1", "--doh-local", "192.0.2.1:53")]
    [InlineData("--webserver 192.0.2.1:53: --local 0.0.0.0:53 listens there already, over TCP: give one of them another address or port", "-l", "0.0.0.0", "--webserver", "192.0.2.1:53")]
    [InlineData("--control-socket 192.0.2.1:53: --local 192.0.2.1:53 listens there already, over TCP: give one of them another address or port", "-l", "192.0.2.1", "--control-socket", "192.0.2.1:53")]
    [InlineData("--webserver 192.0.2.1:5199: --control-socket 192.0.2.1:5199 listens there already, over TCP: give one of them another address or port", "--control-socket", "192.0.2.1", "--webserver", "192.0.2.1:5199")]
    [InlineData("--tls-local 192.0.2.2:853,additionalAddresses=192.0.2.1:853: --local 192.0.2.1:853 listens there already, over TCP: give one of them another address or port", "--tls-local", "192.0.2.2,cert=c,additionalAddresses=192.0.2.1", "-l", "192.0.2.1:853")]
    public void Two_flags_that_listen_in_one_place_are_refused(string message, params string[] flags) =>
        Assert.Equal(message, Refusal([Plain, .. flags]));

    [Theory, Trait("Row", "B7")]
    [InlineData("-l", "0.0.0.0", "-l", "[::]")]
    [InlineData("-l", "192.0.2.1", "-l", "192.0.2.2")]
    [InlineData("-l", "192.0.2.1:0", "-l", "192.0.2.1:0")]
    [InlineData("-l", "0.0.0.0,interface=v0", "-l", "0.0.0.0,interface=v1")]
    [InlineData("-l", "192.0.2.1", "--webserver", "192.0.2.1")]
    public void Flags_that_listen_in_different_places_are_not(params string[] flags) => Complete([Plain, .. flags]);

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
