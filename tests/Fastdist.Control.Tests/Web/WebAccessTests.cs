using System;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using Fastdist.Control.Tests.Consoles;
using Fastdist.Control.Web;
using Fastdist.Settings;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Fastdist.Control.Tests.Web;

[Trait("Stage", "5")]
public sealed class WebAccessTests
{
    private static readonly IPAddress s_client = IPAddress.Loopback;
    private static readonly IPEndPoint s_address = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task Without_a_password_none_opens_anything()
    {
        using var access = new WebAccess(Rules(null, PasswordHash.Parse("key")), TimeProvider.System);

        Assert.Equal(Access.Denied, await access.CheckAsync(Basic("anybody:"), "/", s_client));
        Assert.Equal(Access.Denied, await access.CheckAsync(Basic("anybody:key"), "/", s_client));
        Assert.Equal(Access.Granted, await access.CheckAsync(Key("key"), "/api/v1/servers/localhost", s_client));
    }

    [Theory]
    [InlineData("/", true, false)]
    [InlineData("/dashboard.js", true, false)]
    [InlineData("/live.json", true, false)]
    [InlineData("/nothing", true, false)]
    [InlineData("/api", true, false)]
    [InlineData("/metrics/", true, false)]
    [InlineData("/metrics", true, true)]
    [InlineData("/jsonstat", true, true)]
    [InlineData("/api/v1/servers/localhost", true, true)]
    [InlineData("/api/v1/servers/localhost/", false, true)]
    [InlineData("/api/v1/servers/localhost/statistics", false, true)]
    [InlineData("/api/nothing", false, true)]
    [Trait("Row", "D11")]
    public async Task Each_secret_opens_what_it_opens_of_the_reference_and_another_one_beside_it_takes_nothing_away(string path, bool byPassword, bool byKey)
    {
        using var access = new WebAccess(Rules(PasswordHash.Parse("password"), PasswordHash.Parse("key")), TimeProvider.System);

        Assert.Equal(byPassword, await OpensAsync(Basic("anybody:password")));
        Assert.Equal(byKey, await OpensAsync(Key("key")));
        Assert.Equal(byPassword, await OpensAsync(Both("anybody:password", "wrong")));
        Assert.Equal(byKey, await OpensAsync(Both("anybody:wrong", "key")));
        Assert.True(await OpensAsync(Both("anybody:password", "key")));
        Assert.False(await OpensAsync(Both("anybody:key", "password")));
        Assert.False(await OpensAsync([]));

        async Task<bool> OpensAsync(HeaderDictionary headers) => await access.CheckAsync(headers, path, s_client) == Access.Granted;
    }

    [Fact]
    public async Task Without_a_key_none_opens_anything()
    {
        using var access = new WebAccess(Rules(PasswordHash.Parse("password"), null), TimeProvider.System);

        Assert.Equal(Access.Denied, await access.CheckAsync(Key("password"), "/api/v1/servers/localhost", s_client));
        Assert.Equal(Access.Granted, await access.CheckAsync(Basic("anybody:password"), "/api/v1/servers/localhost", s_client));
        Assert.Equal(Access.Denied, await access.CheckAsync(Basic("anybody:password"), "/api/v1/servers/localhost/statistics", s_client));
    }

    [Theory]
    [InlineData("/", false, true, true, true)]
    [InlineData("/live.json", false, true, true, true)]
    [InlineData("/", true, false, false, false)]
    [InlineData("/metrics", true, false, true, true)]
    [InlineData("/jsonstat", true, false, true, true)]
    [InlineData("/metrics", false, true, true, true)]
    [InlineData("/metrics", true, true, false, false)]
    [InlineData("/api/v1/servers/localhost", true, true, false, true)]
    [InlineData("/api/v1/servers/localhost", false, true, true, true)]
    [InlineData("/api/v1/servers/localhost", true, false, true, false)]
    [InlineData("/api/v1/servers/localhost/statistics", true, true, false, true)]
    [InlineData("/api/v1/servers/localhost/statistics", false, false, true, false)]
    public async Task What_needs_no_authentication_is_open_and_the_rest_is_not(string path, bool dashboard, bool stats, bool api, bool isOpen)
    {
        using var access = new WebAccess(new WebRules(new WebServerOptions
        {
            Address = s_address,
            DashboardRequiresAuthentication = dashboard,
            StatsRequireAuthentication = stats,
            ApiRequiresAuthentication = api,
        }), TimeProvider.System);

        Assert.Equal(isOpen ? Access.Granted : Access.Denied, await access.CheckAsync(new HeaderDictionary(), path, s_client));
    }

    [Fact]
    public async Task Replaced_secrets_open_from_then_on_and_the_old_ones_nothing()
    {
        using var access = new WebAccess(Rules(PasswordHash.Parse("before"), null), TimeProvider.System);
        Assert.Equal(Access.Granted, await access.CheckAsync(Basic("operator:before"), "/", s_client));

        access.Rules = Rules(PasswordHash.Parse("after"), PasswordHash.Parse("key"));

        Assert.Equal(Access.Wrong, await access.CheckAsync(Basic("operator:before"), "/", s_client));
        Assert.Equal(Access.Granted, await access.CheckAsync(Basic("operator:after"), "/", s_client));
        Assert.Equal(Access.Granted, await access.CheckAsync(Key("key"), "/metrics", s_client));
    }

    [Fact]
    public void What_was_right_once_is_known_from_then_on_and_only_that()
    {
        var credential = new Credential(PasswordHash.Parse("password"));

        Assert.False(credential.IsKnown("password"));
        Assert.False(credential.Matches("other"));
        Assert.False(credential.IsKnown("other"));
        Assert.True(credential.Matches("password"));
        Assert.True(credential.IsKnown("password"));
        Assert.False(credential.IsKnown("other"));
    }

    [Fact]
    public async Task Strangers_behind_one_address_do_not_lock_the_right_password_out()
    {
        var clock = new ManualClock();
        using var access = new WebAccess(Rules(PasswordHash.Parse("password"), null), clock);
        for (int i = 0; i < FailedAttempts.MostFailures; i++)
        {
            Assert.Equal(Access.Wrong, await access.CheckAsync(Basic($"anybody:wrong{i}"), "/", s_client));
        }

        Assert.Equal(Access.TooManyWrong, await access.CheckAsync(Basic("operator:password"), "/", s_client));
        clock.Advance(TimeSpan.FromMilliseconds(FailedAttempts.IntervalMilliseconds));
        Assert.Equal(Access.Granted, await access.CheckAsync(Basic("operator:password"), "/", s_client));
    }

    private static WebRules Rules(PasswordHash? password, PasswordHash? apiKey) => new(new WebServerOptions { Address = s_address, Password = password, ApiKey = apiKey });

    private static HeaderDictionary Basic(string pair) => new() { ["Authorization"] = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}" };

    private static HeaderDictionary Both(string pair, string key)
    {
        HeaderDictionary headers = Basic(pair);
        headers["X-API-Key"] = key;
        return headers;
    }

    private static HeaderDictionary Key(string key) => new() { ["X-API-Key"] = key };
}
