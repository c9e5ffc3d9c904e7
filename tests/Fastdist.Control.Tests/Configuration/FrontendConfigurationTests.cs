using System;
using System.Linq;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

/// <summary>Where a configuration has us answer, whom, and how much of it.</summary>
public class FrontendConfigurationTests
{
    [Fact]
    public void The_lines_of_the_guide_are_read_as_they_are_printed()
    {
        using var configured = Configured.Read("""
            addTLSLocal('192.0.2.55', '/etc/ssl/certs/example.com.pem', '/etc/ssl/private/example.com.key')
            addTLSLocal('192.0.2.55:8853', {'/etc/ssl/certs/example.com.rsa.pem', '/etc/ssl/certs/example.com.ecdsa.pem'}, {'/etc/ssl/private/example.com.rsa.key', '/etc/ssl/private/example.com.ecdsa.key'})
            newServer({address="[2001:DB8::1]:853", tls="openssl", subjectName="dot.powerdns.com", validateCertificates=true})
            """);
        Assert.Empty(configured.Problems);
        Assert.Empty(configured.Warnings);
        Assert.Equal(["192.0.2.55:853", "192.0.2.55:8853"], configured.Settings.Proxy.Frontends.Select(frontend => $"{frontend.Address}"));
        Assert.Equal(
            [("/etc/ssl/certs/example.com.rsa.pem", "/etc/ssl/private/example.com.rsa.key"), ("/etc/ssl/certs/example.com.ecdsa.pem", "/etc/ssl/private/example.com.ecdsa.key")],
            configured.Settings.Proxy.Frontends[1].Tls!.Certificates.Select(file => (file.CertificateFile, file.KeyFile!)));
    }

    [Fact]
    public void Set_local_takes_the_place_of_plain_listeners_only()
    {
        using var configured = Configured.Read("addLocal('192.0.2.1')\naddTLSLocal('192.0.2.1', 'c', 'k')\nsetLocal('192.0.2.2')\naddLocal('192.0.2.3:5300')");
        Assert.Empty(configured.Problems);
        Assert.Equal(["192.0.2.1:853", "192.0.2.2:53", "192.0.2.3:5300"], configured.Settings.Proxy.Frontends.Select(frontend => $"{frontend.Address}"));
    }

    [Fact]
    public void One_address_several_times_with_reusePort_is_one_frontend()
    {
        using var configured = Configured.Read("for i = 1, 4 do addLocal('192.0.2.1', {reusePort=true}) end");
        Assert.Empty(configured.Problems);
        Assert.Single(configured.Settings.Proxy.Frontends);
    }

    [Theory]
    [InlineData("addLocal('192.0.2.1', true)")]
    [InlineData("addLocal('192.0.2.1', true, false, 50)")]
    [InlineData("addLocal('192.0.2.1', {doTCP=true, reusePort=false, tcpFastOpenSize=50})")]
    public void Older_spellings_are_understood(string line)
    {
        using var configured = Configured.Read(line);
        Assert.Empty(configured.Problems);
        Assert.Equal(line.Contains("50", StringComparison.Ordinal) ? 50 : 0, Assert.Single(configured.Settings.Proxy.Frontends).TcpFastOpenQueueSize);
    }

    [Fact]
    public void Https_has_paths_headers_and_options()
    {
        using var configured = Configured.Read("""
            addDOHLocal('192.0.2.1', 'c', 'k', {'/dns-query', '/ads'}, {customResponseHeaders={["x-a"]="b"}, idleTimeout="7", minTLSVersion='tls1.3', additionalAddresses={'192.0.2.2:443'}})
            addDOHLocal('127.0.0.1:8080')
            """);
        Assert.Empty(configured.Problems);
        FrontendOptions[] frontends = [.. configured.Settings.Proxy.Frontends];
        Assert.Equal(["/dns-query", "/ads"], frontends[0].Doh!.Paths);
        Assert.Equal([new("x-a", "b")], frontends[0].Doh!.CustomResponseHeaders);
        Assert.Equal((7, "192.0.2.2:443"), (frontends[0].Doh!.IdleTimeout, $"{Assert.Single(frontends[0].AdditionalAddresses)}"));
        Assert.Null(frontends[1].Tls);
    }

    [Theory]
    [InlineData("addLocal('localhost')", "addLocal: 'localhost' is not an IP address")]
    [InlineData("addLocal('192.0.2.1', {maxInFlight='many'})", "addLocal: maxInFlight=many: expected a whole number from 0 to 65535")]
    [InlineData("addLocal('192.0.2.1', {reusePort='yes'})", "addLocal: reusePort=yes: expected true or false")]
    [InlineData("addTLSLocal('192.0.2.1', {'a', 'b'}, 'k')", "addTLSLocal: there are 2 certificates and 1 keys")]
    [InlineData("addTLSLocal('192.0.2.1', 'c', 'k', {minTLSVersion='ssl3'})", "addTLSLocal: minTLSVersion=ssl3: expected one of tls1.0")]
    [InlineData("addDOHLocal('192.0.2.1', 'c', 'k', 'no-path')", "addDOHLocal: expected a path such as /dns-query")]
    [InlineData("setACL('192.0.2.0/33')", "setACL: '192.0.2.0/33' is no network")]
    [InlineData("setACL(true)", "setACL: argument 1, netmasks: expected a string or a table of strings, got true")]
    [InlineData("setMaxTCPConnectionsPerClient('many')", "setMaxTCPConnectionsPerClient: 'many': expected a whole number")]
    [InlineData("setMaxTCPConnectionsPerClient()", "setMaxTCPConnectionsPerClient: expected 1 argument, got 0")]
    [InlineData("setVerboseHealthChecks('perhaps')", "setVerboseHealthChecks: 'perhaps': expected true or false")]
    [InlineData("setTCPFastOpenKey('secret')", "setTCPFastOpenKey: expected four hexadecimal numbers")]
    [InlineData("setUDPSocketBufferSizes(1.5, 0)", "setUDPSocketBufferSizes: argument 1, receive: expected a whole number")]
    [InlineData("setKey('short')", "setKey: ")]
    [InlineData("controlSocket('localhost')", "controlSocket: 'localhost' is not an IP address")]
    [InlineData("setConsoleACL('x')", "setConsoleACL: 'x' is no network")]
    [InlineData("setServerPolicy('wrandom')", "setServerPolicy: argument 1, policy: expected a policy such as leastOutstanding, without quotes, got 'wrandom'")]
    [InlineData("setWeightedBalancingFactor(0.5)", "setWeightedBalancingFactor: expected 0, or a number from 1")]
    public void What_cannot_be_used_is_named_with_its_function(string line, string problem)
    {
        using var configured = Configured.Read($"\n\n{line}");
        Assert.StartsWith($"fastdist.conf:3: {problem}", Assert.Single(configured.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_and_times_are_those_of_the_flags()
    {
        using var configured = Configured.Read("""
            setACL({'192.0.2.0/24'})
            addACL('198.51.100.0/24')
            setMaxTCPConnectionsPerClient(7)
            setTCPRecvTimeout("3")
            setUDPTimeout(4)
            setUDPSocketBufferSizes(65536, 32768)
            setTCPFastOpenKey('1-2-3-4')
            setDropEmptyQueries(true)
            setAllowEmptyResponse(true)
            setVerboseHealthChecks(true)
            setConsoleConnectionsLogging(true)
            setConsoleOutputMaxMsgSize(20000)
            addConsoleACL('192.0.2.0/24')
            controlSocket('127.0.0.1')
            setVerbose(true)
            newServer('192.0.2.1')
            """);
        Assert.Empty(configured.Problems);
        ProxyOptions proxy = configured.Settings.Proxy;
        Assert.Equal(["192.0.2.0/24", "198.51.100.0/24"], proxy.Acl.Networks.Select(network => $"{network}"));
        Assert.Equal((7, 3, 65536, 32768), (proxy.ClientLimits.MaxConnectionsPerClient, proxy.TcpReceiveTimeout, proxy.UdpReceiveBuffer, proxy.UdpSendBuffer));
        Assert.Equal((true, true, true), (proxy.DropEmptyQueries, proxy.AllowEmptyResponse, proxy.VerboseHealthChecks));
        Assert.Equal(Ring.FastOpenKey.Parse("1-2-3-4"), proxy.TcpFastOpenKey);
        Assert.Equal(4, Assert.Single(proxy.Backends).UdpTimeout);
        ConsoleSettings console = configured.Settings.Console;
        Assert.Equal((true, 20000), (console.LogConnections, console.MaxReply));
        Assert.Equal(["127.0.0.0/8", "::1/128", "192.0.2.0/24"], console.Acl);
        Assert.True(configured.Settings.Verbose);
    }

    [Fact]
    public void What_does_nothing_here_says_why()
    {
        using var configured = Configured.Read("setMaxTCPClientThreads(10)\nsetMaxTCPQueuedConnections(30)\nsetTCPConnectionRateInterval(5)");
        Assert.Empty(configured.Problems);
        Assert.Equal(["setMaxTCPClientThreads", "setMaxTCPQueuedConnections", "setTCPConnectionRateInterval"], configured.Warnings.Select(line => line.Split(' ')[1]));
        Assert.All(configured.Warnings, line => Assert.Contains(" does nothing here: ", line, StringComparison.Ordinal));
    }
}
