using System.Linq;
using System.Net;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Settings.Tests;

/// <summary>How sessions to a server are made, where its connections start, and what its queries get on their way.</summary>
public class BackendTlsOptionTests
{
    private const string Server = "192.0.2.1,subjectName=a";
    private const string Pin = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string OtherPin = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

    [Fact]
    public void Texts_are_kept_as_they_are_written()
    {
        BackendOptions options = BackendOptionTable.Parse(
            $"{Server},ciphers=ECDHE+AESGCM,ciphersTLS13=TLS_AES_128_GCM_SHA256,ecdheCurves=P-256:P-384,keyLogFile=/k,cert=/c.pem,key=/c.key,password=a b");
        Assert.Equal("ECDHE+AESGCM", options.Ciphers);
        Assert.Equal("TLS_AES_128_GCM_SHA256", options.CiphersTls13);
        Assert.Equal("P-256:P-384", options.EcdheCurves);
        Assert.Equal("/k", options.KeyLogFile);
        Assert.Equal("/c.pem", options.ClientCertificate?.CertificateFile);
        Assert.Equal("/c.key", options.ClientCertificate?.KeyFile);
        Assert.Equal("a b", options.ClientCertificate?.Password);
    }

    [Fact]
    public void The_suites_of_tls_1_3_go_by_both_of_dnsdists_names() =>
        Assert.Equal("TLS_AES_256_GCM_SHA384", BackendOptionTable.Parse($"{Server},ciphers13=TLS_AES_256_GCM_SHA384").CiphersTls13);

    [Fact]
    public void Several_pins_are_all_kept_and_need_no_subject()
    {
        BackendOptions options = BackendOptionTable.Parse($"192.0.2.1,pins={Pin},pins={OtherPin}");
        Assert.Equal([Pin, OtherPin], options.Pins.Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("192.0.2.9", "192.0.2.9", "")]
    [InlineData("eth0", null, "eth0")]
    [InlineData("192.0.2.9@eth0", "192.0.2.9", "eth0")]
    public void A_source_is_an_address_an_interface_or_both(string text, string? address, string networkInterface)
    {
        BackendOptions options = BackendOptionTable.Parse($"{Server},source={text}");
        Assert.Equal(address is null ? null : IPAddress.Parse(address), options.SourceAddress);
        Assert.Equal(networkInterface, options.SourceInterface);
    }

    [Theory]
    [InlineData("pins=abc", "expected a SHA-256 in base64, 44 characters")]
    [InlineData("pins=", "expected a SHA-256 in base64, 44 characters")]
    [InlineData("key=/c.key", "it belongs to a certificate: write cert=FILE before it")]
    [InlineData("password=x", "it belongs to a certificate: write cert=FILE before it")]
    [InlineData("cert=", "expected a value")]
    [InlineData("ciphers=", "expected a value")]
    [InlineData("source=", "expected an IP address, the name of a network interface, or ADDR@NAME")]
    [InlineData("source=an-interface-too-long", "expected an IP address, the name of a network interface, or ADDR@NAME")]
    [InlineData("source=192.0.2.9@", "expected an IP address, the name of a network interface, or ADDR@NAME")]
    [InlineData("source=@eth0", "expected an IP address")]
    [InlineData("source=2001:db8::x", "expected an IP address")]
    [InlineData("useProxyProtocol=true", "a PROXY header names one client for a whole connection, and connections here carry the queries of all clients: use useClientSubnet=true to tell their networks")]
    public void What_cannot_be_meant_is_refused_with_what_is_expected(string word, string expected)
    {
        string text = $"{Server},{word}";
        var refusal = Assert.Throws<OptionException>(() => BackendOptionTable.Parse(text));
        Assert.Equal($"--server '{text}': {word}: {expected}", refusal.Message);
    }

    [Theory]
    [InlineData("padQueries=true", "padQueries=true with tls=none: whoever sees the length of a query in the clear sees the query too; use TLS or leave padQueries out")]
    [InlineData("pins=" + Pin, "pins with tls=none: plain TCP has none of that; leave out one of the two")]
    [InlineData("cert=/c.pem", "cert with tls=none: plain TCP has none of that; leave out one of the two")]
    [InlineData("ciphers=x", "ciphers with tls=none: plain TCP has none of that; leave out one of the two")]
    [InlineData("ciphers13=x", "ciphersTLS13 with tls=none: plain TCP has none of that; leave out one of the two")]
    [InlineData("ecdheCurves=x", "ecdheCurves with tls=none: plain TCP has none of that; leave out one of the two")]
    [InlineData("keyLogFile=x", "keyLogFile with tls=none: plain TCP has none of that; leave out one of the two")]
    [InlineData("source=2001:db8::1", "source=2001:db8::1 cannot reach 192.0.2.1: both must be IPv4 or both IPv6")]
    public void What_cannot_go_together_is_refused_with_the_reason(string word, string expected)
    {
        string text = $"192.0.2.1,tls=none,{word}";
        var refusal = Assert.Throws<OptionException>(() => BackendOptionTable.Parse(text));
        Assert.Equal($"--server '{text}': {expected}", refusal.Message);
    }
}
