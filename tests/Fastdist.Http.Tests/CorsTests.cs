using System;
using System.Linq;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

/// <summary>What browsers are told about whose scripts may ask (Fetch, section 3.3).</summary>
[Trait("Row", "D7")]
public class CorsTests
{
    private const string Page = "https://page.example";
    private const string Preflight = "access-control-allow-methods: GET, HEAD, POST | access-control-allow-headers: content-type | access-control-max-age: 86400";

    [Theory]
    [InlineData("*", Page, "access-control-allow-origin: *")]
    [InlineData("*", "", "access-control-allow-origin: *")]
    [InlineData(Page, Page, $"access-control-allow-origin: {Page} | vary: origin")]
    [InlineData($"{Page} https://two.example:8443", "https://two.example:8443", "access-control-allow-origin: https://two.example:8443 | vary: origin")]
    [InlineData(Page, "https://other.example", "vary: origin")]
    [InlineData(Page, "HTTPS://PAGE.EXAMPLE", "vary: origin")]
    [InlineData(Page, "", "vary: origin")]
    public void A_response_says_whose_scripts_may_read_it(string allowed, string origin, string expected)
    {
        using var connection = Asked(allowed, "GET", origin);
        Assert.True(connection.Answer(1, 1));
        Assert.Equal($"HEADERS 1 :status: 200 | content-type: application/dns-message | content-length: 1 | {Connection.Date} | {expected}", connection.Output()[0]);
    }

    [Theory]
    [InlineData("*", Page, $"access-control-allow-origin: * | {Preflight}")]
    [InlineData(Page, Page, $"access-control-allow-origin: {Page} | vary: origin | {Preflight}")]
    [InlineData(Page, "https://other.example", "vary: origin")]
    public void Before_it_asks_a_script_is_told_what_it_may_send(string allowed, string origin, string expected)
    {
        using var connection = Asked(allowed, "OPTIONS", origin);
        Assert.True(connection.Session.Respond(1, new HttpResponse(HttpStatus.NoContent, HttpContent.None, null), default, connection.Now));
        Assert.Equal($"HEADERS 1 :status: 204 | {Connection.Date} | allow: GET, HEAD, POST, OPTIONS | {expected} END", Assert.Single(connection.Output()));
    }

    [Fact]
    public void A_refusal_says_so_too_and_names_OPTIONS()
    {
        using var connection = Asked(Page, "PUT", Page);
        Assert.True(connection.Session.Respond(1, new HttpResponse(HttpStatus.MethodNotAllowed, HttpContent.Text, null), default, connection.Now));
        Assert.EndsWith($"allow: GET, HEAD, POST, OPTIONS | access-control-allow-origin: {Page} | vary: origin END", Assert.Single(connection.Output()), StringComparison.Ordinal);
    }

    [Fact]
    public void All_header_fields_at_once_fit()
    {
        using var connection = Asked(Page, "OPTIONS", Page, [.. Enumerable.Range(0, Http2Options.MaxExtraHeaders).Select(n => new System.Collections.Generic.KeyValuePair<string, string>($"x-{n}", "v"))]);
        Assert.True(connection.Session.Respond(1, new HttpResponse(HttpStatus.MethodNotAllowed, HttpContent.None, -1), default, connection.Now));
        Assert.EndsWith(" | x-15: v END", Assert.Single(connection.Output()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("page.example", "'page.example' is no origin as browsers write it")]
    [InlineData("https://page.example/", "is no origin as browsers write it")]
    [InlineData("https://page.example/path", "is no origin as browsers write it")]
    [InlineData("https://Page.example", "is no origin as browsers write it")]
    [InlineData("https://page.example:443", "is no origin as browsers write it")]
    [InlineData("https://user@page.example", "is no origin as browsers write it")]
    [InlineData("", "is no origin as browsers write it")]
    [InlineData("* https://page.example", "'*' is every origin already")]
    public void What_can_be_no_origin_is_refused(string origins, string objection) =>
        Assert.Contains(objection, CorsPolicy.Objection(origins.Split(' ')), StringComparison.Ordinal);

    private static Connection Asked(string allowed, string method, string origin, System.Collections.Generic.KeyValuePair<string, string>[]? extra = null)
    {
        Connection connection = Connection.Open(new Http2Options { Cors = new CorsPolicy(allowed.Split(' ')), ExtraHeaders = extra ?? [] });
        byte[] fields = [.. Hpack.Method(method), .. Hpack.Target(Connection.Target), .. origin.Length > 0 ? Hpack.Field("origin", origin) : []];
        Assert.True(connection.Give(Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, fields)));
        Assert.NotNull(connection.Take());
        return connection;
    }
}
