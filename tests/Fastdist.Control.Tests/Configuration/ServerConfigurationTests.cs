using System;
using System.Linq;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

/// <summary>Whom a configuration has us ask.</summary>
public class ServerConfigurationTests
{
    [Theory]
    [InlineData("newServer('192.0.2.1')", "192.0.2.1:53", BackendTransport.Udp)]
    [InlineData("newServer('192.0.2.1:5300', 100)", "192.0.2.1:5300", BackendTransport.Udp)]
    [InlineData("newServer({address='192.0.2.1', tls='openssl', subjectName='a.example'})", "192.0.2.1:853", BackendTransport.OpenSsl)]
    [InlineData("newServer({address='192.0.2.1', tls='gnutls', subjectName='a.example'})", "192.0.2.1:853", BackendTransport.OpenSsl)]
    [InlineData("newServer{address='[2001:db8::1]:853', tls='openssl', subjectName='a.example', validateCertificates=true}", "[2001:db8::1]:853", BackendTransport.OpenSsl)]
    [InlineData("newServer({address='192.0.2.1', tcpOnly=true})", "192.0.2.1:53", BackendTransport.Udp)]
    public void A_server_is_asked_over_udp_unless_tls_is_said(string line, string address, BackendTransport transport)
    {
        using var configured = Configured.Read(line);
        Assert.Empty(configured.Problems);
        BackendOptions server = Assert.Single(configured.Settings.Proxy.Backends);
        Assert.Equal((address, transport), ($"{server.Address}", server.Tls));
    }

    [Fact]
    public void Options_are_numbers_or_strings_as_they_come()
    {
        using var configured = Configured.Read("""
            newServer({address="192.0.2.1", name="one", pool={"", "two"}, order="2", weight=3, qps="4", maxInFlight="5", sockets=6, udpTimeout="7", checkInterval=8, checkTimeout="900",
              maxCheckFailures=2, rise="3", checkName="example.com.", checkType="SOA", checkClass=3, setCD=true, mustResolve=true, useClientSubnet=true, dscp="46", ipBindAddrNoPort=false,
              healthCheckMode="LAZY", lazyHealthCheckSampleSize=50, lazyHealthCheckMinSampleCount="10", lazyHealthCheckThreshold=30, lazyHealthCheckFailedInterval="60",
              lazyHealthCheckMode="TimeoutOnly", lazyHealthCheckUseExponentialBackOff=true, lazyHealthCheckMaxBackOff=600})
            """);
        Assert.Empty(configured.Problems);
        BackendOptions server = Assert.Single(configured.Settings.Proxy.Backends);
        Assert.Equal(("one", 2, 3, 4, 5, 6, 7), (server.Name, server.Order, server.Weight, server.Qps, server.MaxInFlight, server.Sockets, server.UdpTimeout));
        Assert.Equal(["", "two"], server.Pools);
        Assert.Equal((8, 900, 2, 3, "example.com.", (ushort)3), (server.CheckInterval, server.CheckTimeout, server.MaxCheckFailures, server.Rise, server.CheckName, server.CheckClass));
        Assert.Equal((true, true, true, 46, false, HealthCheckMode.Lazy), (server.SetCd, server.MustResolve, server.UseClientSubnet, server.Dscp, server.IpBindAddrNoPort, server.HealthCheckMode));
        Assert.Equal(
            new LazyCheckOptions { SampleSize = 50, MinSampleCount = 10, Threshold = 30, FailedInterval = 60, CountsServFail = false, UseExponentialBackOff = true, MaxBackOff = 600 },
            server.LazyHealthCheck);
    }

    [Theory]
    [InlineData("address='nowhere'", "address=nowhere: ")]
    [InlineData("address='192.0.2.1', weight=0", "weight=0: expected a whole number from 1 to 2147483647")]
    [InlineData("address='192.0.2.1', weight='heavy'", "weight=heavy: expected a whole number")]
    [InlineData("address='192.0.2.1', order={}", "order=a table: expected one value, got a table")]
    [InlineData("address='192.0.2.1', useClientSubnet='maybe'", "useClientSubnet=maybe: expected true or false")]
    [InlineData("address='192.0.2.1', healthCheckMode='sometimes'", "healthCheckMode=sometimes: expected one of auto, lazy, up, down")]
    [InlineData("address='192.0.2.1', tls='openssl'", "the certificate cannot be validated without a name")]
    [InlineData("name='x'", "no address")]
    public void What_cannot_be_used_is_named_with_its_key(string options, string problem)
    {
        using var configured = Configured.Read($"\nnewServer({{{options}}})");
        Assert.StartsWith($"fastdist.conf:2: newServer: {problem}", Assert.Single(configured.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        using var configured = Configured.Read("newServer({address='192.0.2.1', weight=0, order='x'})\nnewServer({address='nowhere'})");
        Assert.Equal(3, configured.Problems.Count);
        Assert.Equal(["fastdist.conf:1: newServer: order=x", "fastdist.conf:1: newServer: weight=0", "fastdist.conf:2: newServer: address=nowhere"],
            configured.Problems.Select(line => string.Join(':', line.Split(':')[..4])).Order());
    }

    [Fact]
    public void An_option_that_nobody_knows_is_left_out_with_a_warning()
    {
        using var configured = Configured.Read("newServer({address='192.0.2.1', wieght=3})");
        Assert.Empty(configured.Problems);
        Assert.StartsWith("fastdist.conf:1: newServer: unknown option 'wieght', left out", Assert.Single(configured.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_supported_is_an_error_unless_it_is_to_be_ignored()
    {
        const string Text = "newServer({address='192.0.2.1', dohPath='/dns-query'})\naddAction(AllRule(), TeeAction('192.0.2.9'))";
        using var refused = Configured.Read(Text);
        Assert.Equal(["fastdist.conf:1: newServer{dohPath}", "fastdist.conf:2: TeeAction"], refused.Problems.Select(line => line.Split(' ')[0] + " " + line.Split(' ')[1]));
        Assert.All(refused.Problems, line => Assert.EndsWith("(or start with --ignore-unsupported to leave it out)", line, StringComparison.Ordinal));

        using var ignored = Configured.Read(Text, settings => settings with { IgnoreUnsupported = true });
        Assert.Empty(ignored.Problems);
        Assert.Equal(2, ignored.Warnings.Count);
        Assert.Single(ignored.Settings.Proxy.Backends);
    }

    [Fact]
    public void Servers_are_changed_by_their_methods()
    {
        using var configured = Configured.Read("""
            newServer({address='192.0.2.1', name='a'}):setUp()
            s = newServer('192.0.2.2')
            s:setDown()
            s:addPool('p')
            s:rmPool('')
            s.weight = 5
            getServer(2 - 2):setLazyAuto()
            rmServer(newServer('192.0.2.3'))
            """);
        Assert.Empty(configured.Problems);
        Assert.Equal([HealthCheckMode.Lazy, HealthCheckMode.Down], configured.Settings.Proxy.Backends.Select(server => server.HealthCheckMode));
        Assert.Equal((5, "p"), (configured.Settings.Proxy.Backends[1].Weight, Assert.Single(configured.Settings.Proxy.Backends[1].Pools)));
    }

    [Fact]
    public void Two_servers_of_one_name_are_told_apart()
    {
        using var configured = Configured.Read("newServer('192.0.2.1')\nnewServer('192.0.2.1')");
        Assert.Empty(configured.Problems);
        Assert.Equal(["192.0.2.1:53", "192.0.2.1:53#2"], configured.Settings.Proxy.Backends.Select(server => server.Name));
        Assert.Single(configured.Warnings);
    }

    [Fact]
    public void Pools_and_policies_are_set_up()
    {
        using var configured = Configured.Read("""
            setServerPolicy(wrandom)
            setPoolServerPolicy(roundrobin, 'p')
            setWHashedPertubation(7)
            setWeightedBalancingFactor("1.5")
            setServFailWhenNoServer(false)
            """);
        Assert.Empty(configured.Problems);
        ProxyOptions proxy = configured.Settings.Proxy;
        Assert.Equal((PolicyKind.WeightedRandom, 7u, 1.5, false), (proxy.Policy, proxy.Balancing.WHashedPerturbation, proxy.Balancing.WeightedFactor, proxy.ServFailWhenNoServer));
        PoolOptions pool = Assert.Single(proxy.Pools);
        Assert.Equal(("p", PolicyKind.RoundRobin), (pool.Name, pool.Policy));
    }
}
