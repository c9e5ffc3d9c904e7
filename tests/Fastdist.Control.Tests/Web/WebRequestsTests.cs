using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using Fastdist.Control.Consoles;
using Fastdist.Control.Figures;
using Fastdist.Control.Tests.Consoles;
using Fastdist.Control.Tests.Logging;
using Fastdist.Control.Web;
using Fastdist.Settings;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Fastdist.Control.Tests.Web;

[Trait("Stage", "5")]
public sealed class WebRequestsTests : IDisposable
{
    private static readonly WebServerOptions s_options = new() { Address = new IPEndPoint(IPAddress.Loopback, 0), Password = PasswordHash.Parse("password") };

    private readonly LogUnderTest _log = new();
    private readonly WebCounters _counters = new();
    private readonly WebAccess _access = new(new WebRules(s_options), new ManualClock());

    [Fact]
    public async Task Who_was_wrong_too_often_is_told_so_and_that_a_second_helps()
    {
        for (int i = 0; i < FailedAttempts.MostFailures; i++)
        {
            HttpResponse denied = await AskAsync("wrong");
            Assert.Equal(StatusCodes.Status401Unauthorized, denied.StatusCode);
            Assert.Equal("close", denied.Headers.Connection);
        }

        HttpResponse refused = await AskAsync("password");

        Assert.Equal(StatusCodes.Status429TooManyRequests, refused.StatusCode);
        Assert.Equal("1", refused.Headers.RetryAfter);
        Assert.Equal("close", refused.Headers.Connection);
        Assert.Equal("too many wrong passwords or keys; one a second is looked at\n", TextOf(refused));
        Assert.Equal("stats web requests=11 wrong-secrets=10 acl-drops=0 too-many-attempts=1 errors=0", $"{_counters}");
        string log = _log.Text();
        Assert.Contains("127.0.0.1 showed a wrong password or key", log, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1 showed too many wrong passwords or keys", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_while_a_request_is_answered_is_told_the_log_and_the_client()
    {
        HttpResponse failed = await AskAsync("password", "/metrics");

        Assert.Equal(StatusCodes.Status500InternalServerError, failed.StatusCode);
        Assert.Equal("nosniff", failed.Headers.XContentTypeOptions);
        Assert.Equal(1, _counters.Errors);
        Assert.Contains("a request for /metrics failed", _log.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_not_on_the_list_is_counted_and_named_in_the_log()
    {
        using var server = WebServer.Bind(new WebServerOptions { Address = new IPEndPoint(IPAddress.Loopback, 0) }, _log.Log);

        Assert.True(server.IsAdmitted(new IPEndPoint(IPAddress.Loopback, 1)));
        Assert.False(server.IsAdmitted(new IPEndPoint(IPAddress.Parse("192.0.2.9"), 1)));

        Assert.Equal(1, server.Counters.AclDrops);
        Assert.Contains("192.0.2.9 refused by the ACL", _log.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_connect_can_be_another_list_while_it_runs()
    {
        using var server = WebServer.Bind(s_options, _log.Log);
        _ = NetmaskSet.TryParse(["192.0.2.0/24"], out NetmaskSet acl, out _);

        server.Replace(s_options with { Acl = acl });

        Assert.False(server.IsAdmitted(new IPEndPoint(IPAddress.Loopback, 1)));
        Assert.True(server.IsAdmitted(new IPEndPoint(IPAddress.Parse("192.0.2.9"), 1)));
    }

    [Fact]
    public async Task Header_fields_of_the_operator_take_the_place_of_ours_and_one_without_a_value_takes_ours_away()
    {
        KeyValuePair<string, string>[] fields = [new("x-frame-options", ""), new("cache-control", "max-age=5"), new("x-served-by", "ns1")];
        _access.Rules = new WebRules(s_options with { CustomHeaders = fields });

        IHeaderDictionary headers = (await AskAsync("password")).Headers;

        Assert.False(headers.ContainsKey("X-Frame-Options"));
        Assert.Equal("max-age=5", headers.CacheControl);
        Assert.Equal("ns1", headers["X-Served-By"]);
        Assert.Equal("nosniff", headers.XContentTypeOptions);
        Assert.StartsWith("default-src 'none'", headers.ContentSecurityPolicy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nothing", "")]
    [InlineData("/metrics", "true")]
    [InlineData("/api/v1/servers/localhost", "true")]
    public async Task Scripts_of_other_sites_may_ask_when_that_is_allowed(string path, string credentials)
    {
        _access.Rules = new WebRules(s_options with { AllowCrossOriginRequests = true });

        HttpResponse denied = await AskAsync("wrong", path, "GET");
        HttpResponse preflight = await AskAsync("wrong", path, "OPTIONS");

        Assert.Equal((401, 204), (denied.StatusCode, preflight.StatusCode));
        Assert.Equal("Authorization, X-API-Key", preflight.Headers.AccessControlAllowHeaders);
        Assert.All([denied, preflight], response =>
        {
            Assert.Equal("https://page.example", response.Headers.AccessControlAllowOrigin);
            Assert.Equal(credentials, response.Headers.AccessControlAllowCredentials.ToString());
            Assert.Equal("Origin", response.Headers.Vary);
        });
    }

    [Fact]
    public async Task Scripts_of_other_sites_may_not_ask_otherwise()
    {
        HttpResponse refused = await AskAsync("password", "/metrics", "OPTIONS");

        Assert.Equal(StatusCodes.Status405MethodNotAllowed, refused.StatusCode);
        Assert.Empty(refused.Headers.AccessControlAllowOrigin.ToString());
    }

    [Fact]
    public void Counters_of_the_console_and_the_web_server_are_metrics_when_there_are_such()
    {
        _counters.CountRequest();
        var console = new ConsoleCounters();
        console.CountCommand();

        string both = Metrics(console, _counters);

        Assert.Contains("\nfastdist_web_requests_total 1\n", both, StringComparison.Ordinal);
        Assert.Contains("\nfastdist_console_commands_total 1\n", both, StringComparison.Ordinal);
        Assert.DoesNotContain("fastdist_console", Metrics(_counters), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _access.Dispose();
        _log.Dispose();
    }

    private static string Metrics(params OperatorCounters[] ways)
    {
        var output = new ArrayBufferWriter<byte>();
        OperatorMetrics.Write(new ExpositionWriter(output, isOpenMetrics: false), ways);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Asks without a source: what is not there needs none, and what is there fails for want of it.</summary>
    private async Task<HttpResponse> AskAsync(string password, string path = "/nothing", string method = "GET")
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Path) = (method, path);
        context.Request.Headers.Origin = "https://page.example";
        context.Request.Headers.Authorization = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{password}"))}";
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Response.Body = new MemoryStream();
        await new WebRequests(null!, _access, _counters, _log.Log).ProcessRequestAsync(context);
        return context.Response;
    }

    private static string TextOf(HttpResponse response) => Encoding.UTF8.GetString(((MemoryStream)response.Body).ToArray());
}
