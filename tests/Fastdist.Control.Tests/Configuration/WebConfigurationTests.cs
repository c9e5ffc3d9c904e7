using System;
using System.Collections.Generic;
using System.Net;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

public class WebConfigurationTests
{
    [Fact]
    public void All_of_the_web_server_is_set_by_two_functions()
    {
        using var configured = Configured.Read("""
            webserver("127.0.0.1:8083")
            setWebserverConfig({password="sesame", apiKey="key", acl={"192.0.2.0/24", "2001:db8::/32"}, customHeaders={["X-Frame-Options"]="", ["X-Custom"]="custom"},
              statsRequireAuthentication=false, apiRequiresAuthentication=false, dashboardRequiresAuthentication=false, allowCrossOriginRequests=true, maxConcurrentConnections=7})
            """);
        WebSettings web = configured.Settings.Web;
        Assert.Empty(configured.Problems);
        Assert.Empty(configured.Warnings);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:8083"), web.Address);
        Assert.True(web.Password!.Matches("sesame"));
        Assert.True(web.ApiKey!.Matches("key"));
        Assert.Equal(["192.0.2.0/24", "2001:db8::/32"], web.Acl);
        Assert.Equal(new Dictionary<string, string> { ["x-frame-options"] = "", ["x-custom"] = "custom" }, new Dictionary<string, string>(web.CustomHeaders));
        Assert.Equal((false, false, false, true, 7), (web.StatsRequireAuthentication, web.ApiRequiresAuthentication, web.DashboardRequiresAuthentication, web.AllowCrossOriginRequests, web.MaxConcurrentConnections));
    }

    [Fact]
    public void Older_releases_said_it_all_behind_the_address()
    {
        using var configured = Configured.Read("""webserver("127.0.0.1", "sesame", "key", {["X-Custom"]="custom"}, "192.0.2.0/24, ::1")""");
        WebSettings web = configured.Settings.Web;
        Assert.Empty(configured.Problems);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:8083"), web.Address);
        Assert.True(web.Password!.Matches("sesame") && web.ApiKey!.Matches("key"));
        Assert.Equal(["192.0.2.0/24", "::1"], web.Acl);
        Assert.Equal([new("x-custom", "custom")], web.CustomHeaders);
    }

    [Fact]
    public void A_hash_is_taken_as_it_is_and_a_limit_of_none_as_the_most()
    {
        using var configured = Configured.Read("""
            webserver("127.0.0.1")
            setWebserverConfig({password=hashPassword("sesame"), maxConcurrentConnections=0, hashPlaintextCredentials=true})
            """);
        Assert.Empty(configured.Problems);
        Assert.True(configured.Settings.Web.Password!.Matches("sesame"));
        Assert.Equal(65535, configured.Settings.Web.MaxConcurrentConnections);
        Assert.Equal("setWebserverConfig{hashPlaintextCredentials} does nothing here: a credential in clear text is hashed once and then forgotten", Assert.Single(configured.Warnings)[17..]);
    }

    [Theory]
    [InlineData("""setWebserverConfig({acl="192.0.2.0/33"})""", "setWebserverConfig: acl=192.0.2.0/33: '192.0.2.0/33' is no network: expected one such as 192.0.2.0/24 or 2001:db8::/32")]
    [InlineData("""setWebserverConfig({customHeaders="x"})""", "setWebserverConfig: customHeaders=x: expected a table such as {[\"X-Custom\"]=\"value\"}")]
    [InlineData("""setWebserverConfig({customHeaders={["content-length"]="1"}})""", "setWebserverConfig: customHeaders=a table: 'content-length' is the web server's own")]
    [InlineData("""setWebserverConfig({statsRequireAuthentication="false"})""", "setWebserverConfig: statsRequireAuthentication=false: expected true or false")]
    [InlineData("""setWebserverConfig({maxConcurrentConnections="many"})""", "setWebserverConfig: maxConcurrentConnections=many: expected a whole number from 1 to 65535")]
    [InlineData("""setWebserverConfig({password={}})""", "setWebserverConfig: password: expected a string, number or boolean, got a table")]
    [InlineData("""setWebserverConfig("x")""", "setWebserverConfig: argument 1, options: expected a table, got 'x'")]
    [InlineData("""webserver("localhost")""", "webserver: 'localhost' is not an IP address; write 192.0.2.1, 192.0.2.1:53, 2001:db8::1 or [2001:db8::1]:53 (names cannot be resolved here)")]
    public void What_cannot_be_used_is_named_with_its_key(string line, string problem)
    {
        using var configured = Configured.Read($"webserver('127.0.0.1', 'x')\n{line}");
        Assert.Equal([$"fastdist.conf:2: {problem}"], configured.Problems);
    }

    [Fact]
    public void Without_a_web_server_its_settings_are_no_mistake()
    {
        using var configured = Configured.Read("""setWebserverConfig({password="x"})""");
        Assert.Empty(configured.Problems);
        Assert.Equal(new WebSettings(), configured.Settings.Web);
    }

    [Fact]
    public void A_secret_is_nowhere_in_what_is_said()
    {
        using var configured = Configured.Read("""
            webserver("127.0.0.1", "m4rker", "m4rker", 7)
            setWebserverConfig({password="$scrypt$m4rker", apiKey="$scrypt$m4rker"})
            """);
        Assert.DoesNotContain("m4rker", string.Join('\n', configured.Problems), StringComparison.Ordinal);
        Assert.Equal(3, configured.Problems.Count);
        Assert.Equal("fastdist.conf:1: webserver: expected a table such as {[\"X-Custom\"]=\"value\"}", configured.Problems[0]);
        Assert.Contains("fastdist.conf:2: setWebserverConfig: password: expected $scrypt$", string.Join('\n', configured.Problems), StringComparison.Ordinal);
    }
}
