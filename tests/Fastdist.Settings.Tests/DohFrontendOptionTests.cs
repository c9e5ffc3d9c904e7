using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Settings.Tests;

public class DohFrontendOptionTests
{
    [Fact]
    public void A_doh_frontend_is_on_port_443_and_has_the_options_of_tls()
    {
        FrontendOptions options = DohFrontendOptionTable.Parse("192.0.2.1,cert=/c.pem,key=/k.pem,sessionTickets=false,maxInFlight=7");
        Assert.Equal(IPEndPoint.Parse("192.0.2.1:443"), options.Address);
        Assert.Equal("/c.pem", Assert.Single(options.Tls!.Certificates).CertificateFile);
        Assert.False(options.Tls.SessionTickets);
        Assert.Equal(7, options.MaxInFlight);
        Assert.False(options.HasDatagrams);
        Assert.Equal("--doh-local 192.0.2.1:443", options.Flag);
    }

    [Fact]
    public void Without_a_certificate_it_is_in_the_clear()
    {
        FrontendOptions options = DohFrontendOptionTable.Parse("192.0.2.1:8080,maxInFlight=7,idleTimeout=5");
        Assert.Null(options.Tls);
        Assert.Equal(5, options.Doh!.IdleTimeout);
        Assert.False(options.HasDatagrams);
    }

    [Fact]
    public void Paths_and_headers_can_be_several()
    {
        DohFrontendOptions doh = DohFrontendOptionTable.Parse("192.0.2.1,path=/dns-query,path=/,customResponseHeaders=X-A: 1,customResponseHeaders=x-b:").Doh!;
        Assert.Equal(["/dns-query", "/"], doh.Paths);
        Assert.Equal([new("x-a", "1"), new KeyValuePair<string, string>("x-b", "")], doh.CustomResponseHeaders);
    }

    [Fact, Trait("Row", "D7")]
    public void Origins_can_be_several()
    {
        Assert.Empty(DohFrontendOptionTable.Parse("192.0.2.1").Doh!.CorsOrigins);
        Assert.Equal(
            ["https://page.example", "http://localhost:8080"],
            DohFrontendOptionTable.Parse("192.0.2.1,corsOrigin=https://page.example,corsOrigin=http://localhost:8080").Doh!.CorsOrigins);
    }

    [Fact]
    public void Further_addresses_have_the_port_of_the_first() =>
        Assert.Equal(
            ["192.0.2.2:8443", "192.0.2.3:443"],
            DohFrontendOptionTable.Parse("192.0.2.1:8443,cert=/c.pem,additionalAddresses=192.0.2.2,additionalAddresses=192.0.2.3:443").AdditionalAddresses.Select(a => a.ToString()));

    [Theory]
    [InlineData("sessionTickets=false", "--doh-local 192.0.2.1:443: there are TLS options but no certificate: add cert=FILE,key=FILE, or leave them out for HTTP/2 in the clear")]
    [InlineData("path=dns-query", "--doh-local '192.0.2.1,path=dns-query': path=dns-query: expected a path such as /dns-query")]
    [InlineData("path=/a?b", "--doh-local '192.0.2.1,path=/a?b': path=/a?b: expected a path such as /dns-query")]
    [InlineData("customResponseHeaders=x", "--doh-local '192.0.2.1,customResponseHeaders=x': customResponseHeaders=x: expected NAME:VALUE, such as x-served-by:ns1")]
    [InlineData("customResponseHeaders=x y:1", "--doh-local '192.0.2.1,customResponseHeaders=x y:1': customResponseHeaders=x y:1: 'x y' is no name of a header field")]
    [InlineData("customResponseHeaders=Content-Length:1", "--doh-local '192.0.2.1,customResponseHeaders=Content-Length:1': customResponseHeaders=Content-Length:1: 'content-length' is told with every response already")]
    [InlineData("corsOrigin=page.example", "--doh-local '192.0.2.1,corsOrigin=page.example': corsOrigin=page.example: 'page.example' is no origin as browsers write it, such as https://page.example or https://page.example:8443, nor '*'")]
    [InlineData("corsOrigin=*,corsOrigin=https://a.example", "--doh-local '192.0.2.1,corsOrigin=*,corsOrigin=https://a.example': corsOrigin=https://a.example: '*' is every origin already: keep it alone, or only the others")]
    [InlineData("corsOrigin=*,customResponseHeaders=Access-Control-Allow-Origin:*", "--doh-local 192.0.2.1:443: corsOrigin and customResponseHeaders both say what scripts may do (access-control-...): keep one")]
    [InlineData("serverTokens=\u00fc", "--doh-local '192.0.2.1,serverTokens=\u00fc': serverTokens=\u00fc: '\u00fc' is no value of a header field")]
    [InlineData("cert=/c.pem,ticketKeyFile=/a,ticketKeySecretFile=/b", "--doh-local 192.0.2.1:443: ticketKeyFile and ticketKeySecretFile both say where ticket keys come from: keep one")]
    public void What_cannot_be_used_is_refused_with_the_remedy(string options, string message) =>
        Assert.Equal(message, Assert.Throws<OptionException>(() => DohFrontendOptionTable.Parse($"192.0.2.1,{options}")).Message);

    [Fact]
    public void There_are_as_many_headers_as_a_response_takes()
    {
        string most = string.Concat(Enumerable.Range(0, 15).Select(i => $",customResponseHeaders=x-{i}:1"));
        Assert.Equal(15, DohFrontendOptionTable.Parse($"192.0.2.1{most}").Doh!.CustomResponseHeaders.Count);
        Assert.Contains("15 header fields are the most", Assert.Throws<OptionException>(() => DohFrontendOptionTable.Parse($"192.0.2.1{most},customResponseHeaders=y:1")).Message);
    }
}
