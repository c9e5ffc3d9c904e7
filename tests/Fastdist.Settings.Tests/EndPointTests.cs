using System;
using System.Net;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Settings.Tests;

public class EndPointTests
{
    private const int DefaultPort = 99;

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", DefaultPort)]
    [InlineData("192.0.2.1:53", "192.0.2.1", 53)]
    [InlineData("2001:db8::1", "2001:db8::1", DefaultPort)]
    [InlineData("[2001:db8::1]", "2001:db8::1", DefaultPort)]
    [InlineData("[2001:db8::1]:53", "2001:db8::1", 53)]
    [InlineData("::", "::", DefaultPort)]
    [InlineData("[::]:53", "::", 53)]
    [InlineData("::1", "::1", DefaultPort)]
    [InlineData("0.0.0.0:53", "0.0.0.0", 53)]
    [InlineData("2001:db8:0:0:0:0:0:53", "2001:db8::53", DefaultPort)]
    public void An_address_is_written_with_or_without_a_port(string text, string address, int port) =>
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), Values.EndPoint(text, DefaultPort));

    [Theory]
    [InlineData("[::ffff:192.0.2.1]:53", "192.0.2.1", 53)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", DefaultPort)]
    [InlineData("[::ffff:c000:201]", "192.0.2.1", DefaultPort)]
    [InlineData("[::ffff:0.0.0.0]:53", "0.0.0.0", 53)]
    [Trait("Row", "D1")]
    public void A_mapped_address_is_its_IPv4_address(string text, string address, int port) =>
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), Values.EndPoint(text, DefaultPort));

    [Theory]
    [InlineData("[fe80::1%1]:53", 53)]
    [InlineData("[fe80::1%1]", DefaultPort)]
    [InlineData("fe80::1%1", DefaultPort)]
    [InlineData("[fe80::1%lo]:53", 53)]
    public void A_link_local_address_keeps_its_interface(string text, int port)
    {
        IPEndPoint endPoint = Values.EndPoint(text, DefaultPort);
        Assert.Equal(1, endPoint.Address.ScopeId);
        Assert.Equal(port, endPoint.Port);
    }

    [Theory]
    [InlineData("::1:53", "[::1]:53", "53")]
    [InlineData("2001:db8::1:853", "[2001:db8::1]:853", "853")]
    [InlineData("fe80::1:1", "[fe80::1]:1", "1")]
    [InlineData("::0:53", "[::0]:53", "53")]
    [Trait("Row", "D13")]
    public void An_address_that_may_end_in_a_port_is_refused_with_what_to_write(string text, string meant, string port) => Assert.Equal(
        $"'{text}' may end in a port or in a part of the address: write {meant} for port {port}, or [{text}] for the address", Refusal(text));

    [Theory]
    [InlineData("fe80::1%lo:53", "[fe80::1%lo]:53")]
    [InlineData("2001:db8::1:65535", "[2001:db8::1]:65535")]
    [InlineData("1:2:3:4:5:6:7:8:53", "[1:2:3:4:5:6:7:8]:53")]
    [InlineData("::ffff:192.0.2.1:53", "[::ffff:192.0.2.1]:53")]
    [InlineData(":::53", "[::]:53")]
    [Trait("Row", "D13")]
    public void A_port_needs_brackets_around_the_address_before_it(string text, string meant) =>
        Assert.Equal($"'{text}' has a port behind an IPv6 address without brackets: write {meant}", Refusal(text));

    [Theory]
    [InlineData("2001:db8::53")]
    [InlineData("::53")]
    [InlineData("1:2:3:4:5:6:7:53")]
    [InlineData("2001:db8::1:0053")]
    [InlineData("2001:db8::1:5f")]
    [InlineData("[::1:53]")]
    [Trait("Row", "D13")]
    public void An_address_that_cannot_end_in_a_port_needs_no_brackets(string text) =>
        Assert.Equal(new IPEndPoint(IPAddress.Parse(text), DefaultPort), Values.EndPoint(text, DefaultPort));

    [Theory]
    [InlineData("192.0.2.1:0", 0)]
    [InlineData("192.0.2.1:65535", 65535)]
    [InlineData("[2001:db8::1]:0", 0)]
    [InlineData("[2001:db8::1]:65535", 65535)]
    public void Ports_go_from_0_to_65535(string text, int port) => Assert.Equal(port, Values.EndPoint(text, DefaultPort).Port);

    [Theory]
    [InlineData("192.0.2.1:65536")]
    [InlineData("[2001:db8::1]:65536")]
    [InlineData("192.0.2.1:-1")]
    [InlineData("192.0.2.1:")]
    [InlineData("192.0.2.1: 53")]
    [InlineData("192.0.2.1:0x35")]
    [InlineData("192.0.2.1:domain")]
    [InlineData("[2001:db8::1]:")]
    public void Another_port_is_refused(string text) =>
        Assert.Equal("expected a whole number from 0 to 65535", Refusal(text));

    [Theory]
    [InlineData("", "")]
    [InlineData(":53", "")]
    [InlineData("localhost", "localhost")]
    [InlineData("dns.example.net:53", "dns.example.net")]
    [InlineData("192.0.2", "192.0.2")]
    [InlineData("3221225985", "3221225985")]
    [InlineData("192.0.2.256", "192.0.2.256")]
    [InlineData("010.0.0.1:53", "010.0.0.1")]
    [InlineData("0x7f.0.0.1", "0x7f.0.0.1")]
    [InlineData("192.0.2.1.5:53", "192.0.2.1.5")]
    [InlineData("192.0.2.1:53:53", "192.0.2.1:53:53")]
    [InlineData("2001:db8:::", "2001:db8:::")]
    [InlineData("[2001:db8::1", "[2001:db8::1")]
    [InlineData("2001:db8::1]:53", "2001:db8::1]:53")]
    [InlineData("[]:53", "")]
    [InlineData("[localhost]:53", "localhost")]
    public void What_is_no_address_is_refused_with_the_forms_that_are(string text, string host) =>
        Assert.Equal(
            $"'{host}' is not an IP address; write 192.0.2.1, 192.0.2.1:53, 2001:db8::1 or [2001:db8::1]:53 (names cannot be resolved here)",
            Refusal(text));

    [Theory]
    [InlineData("[2001:db8::1]53", "53")]
    [InlineData("[2001:db8::1]]:53", "]:53")]
    public void Something_else_after_the_bracket_is_refused(string text, string rest) =>
        Assert.Equal($"'{rest}' after the closing bracket; expected ':PORT'", Refusal(text));

    [Theory]
    [InlineData("[fe80::1%no-such0]:53", "no-such0")]
    [InlineData("fe80::1%no-such0", "no-such0")]
    [InlineData("fe80::1%", "")]
    public void An_interface_that_does_not_exist_is_refused(string text, string name) =>
        Assert.Equal($"'{name}' is no network interface here", Refusal(text));

    private static string Refusal(string text) => Assert.Throws<FormatException>(() => Values.EndPoint(text, DefaultPort)).Message;
}
