using System.Linq;
using System.Net;
using Fastdist.Settings.Tables;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Settings.Tests;

public class TlsFrontendOptionTests
{
    [Fact]
    public void A_tls_frontend_is_on_port_853_and_speaks_no_less_than_tls_1_2()
    {
        FrontendOptions options = TlsFrontendOptionTable.Parse("192.0.2.1,cert=/c.pem,key=/k.pem");
        Assert.Equal(IPEndPoint.Parse("192.0.2.1:853"), options.Address);
        Assert.Equal(TlsVersion.Tls12, options.Tls!.MinTlsVersion);
        Assert.Equal([new TlsCertificateFile { CertificateFile = "/c.pem", KeyFile = "/k.pem" }], options.Tls.Certificates);
    }

    [Fact]
    public void Keys_and_passwords_belong_to_the_certificate_before_them()
    {
        TlsFrontendOptions tls = TlsFrontendOptionTable.Parse("192.0.2.1,cert=/rsa.pem,key=/rsa.key,password=secret,cert=/ec.p12,cert=/ed.pem,key=/ed.key").Tls!;
        Assert.Equal(
            [
                new TlsCertificateFile { CertificateFile = "/rsa.pem", KeyFile = "/rsa.key", Password = "secret" },
                new TlsCertificateFile { CertificateFile = "/ec.p12" },
                new TlsCertificateFile { CertificateFile = "/ed.pem", KeyFile = "/ed.key" },
            ],
            tls.Certificates);
    }

    [Theory]
    [InlineData("192.0.2.1", "--tls-local 192.0.2.1:853: no certificate: add cert=FILE,key=FILE")]
    [InlineData("192.0.2.1,key=/k.pem", "--tls-local '192.0.2.1,key=/k.pem': key=/k.pem: it belongs to a certificate: write cert=FILE before it")]
    [InlineData("192.0.2.1,cert=/c.pem,maxInFlight=2,maxInFlight=3", "--tls-local '192.0.2.1,cert=/c.pem,maxInFlight=2,maxInFlight=3': 'maxInFlight' is given twice")]
    [InlineData("192.0.2.1,cert=/c.pem,provider=gnutls", "--tls-local '192.0.2.1,cert=/c.pem,provider=gnutls': provider=gnutls: expected one of openssl")]
    [InlineData("192.0.2.1,cert=/c.pem,minTLSVersion=ssl3", "--tls-local '192.0.2.1,cert=/c.pem,minTLSVersion=ssl3': minTLSVersion=ssl3: expected one of tls1.0, tls1.1, tls1.2, tls1.3")]
    [InlineData("192.0.2.1,cert=/c.pem,ticketKeyFile=/a,ticketKeySecretFile=/b", "--tls-local 192.0.2.1:853: ticketKeyFile and ticketKeySecretFile both say where ticket keys come from: keep one")]
    [InlineData("192.0.2.1,cert=/c.pem,ticketKeySecretFile=/b,ticketsKeysRotationDelay=0", "--tls-local 192.0.2.1:853: ticketsKeysRotationDelay=0 with ticketKeySecretFile: derived keys belong to periods, so their length cannot be 0")]
    [InlineData("192.0.2.1,cert=/c.pem,proxyProtocolACL=all", "--tls-local '192.0.2.1,cert=/c.pem,proxyProtocolACL=all': proxyProtocolACL=all: expected a network such as 192.0.2.0/24 or 2001:db8::/32")]
    public void What_cannot_be_used_is_refused_with_the_remedy(string text, string message) =>
        Assert.Equal(message, Assert.Throws<OptionException>(() => TlsFrontendOptionTable.Parse(text)).Message);

    [Fact]
    public void Frontends_with_equal_key_settings_share_a_ring_and_others_do_not()
    {
        TicketKeyOptions first = TlsFrontendOptionTable.Parse("192.0.2.1,cert=/c.pem,ticketKeyFile=/keys").Tls!.TicketKeys;
        Assert.Equal(first, TlsFrontendOptionTable.Parse("192.0.2.2,cert=/d.pem,ticketKeyFile=/keys").Tls!.TicketKeys);
        Assert.NotEqual(first, TlsFrontendOptionTable.Parse("192.0.2.2,cert=/d.pem").Tls!.TicketKeys);
    }

    [Fact]
    public void Load_balancers_and_further_addresses_can_be_several()
    {
        FrontendOptions options = TlsFrontendOptionTable.Parse(
            "192.0.2.1,cert=/c.pem,proxyProtocolACL=198.51.100.0/24,proxyProtocolACL=2001:db8::/32,additionalAddresses=192.0.2.2,additionalAddresses=[2001:db8::1]:8853");
        Assert.Equal(["192.0.2.2:853", "[2001:db8::1]:8853"], options.AdditionalAddresses.Select(a => a.ToString()));
        Assert.True(options.ProxyProtocolAcl!.Contains(SocketAddress.From(IPEndPoint.Parse("198.51.100.7:1"))));
        Assert.True(options.ProxyProtocolAcl.Contains(SocketAddress.From(IPEndPoint.Parse("[2001:db8::7]:1"))));
        Assert.False(options.ProxyProtocolAcl.Contains(SocketAddress.From(IPEndPoint.Parse("192.0.2.7:1"))));
    }
}
