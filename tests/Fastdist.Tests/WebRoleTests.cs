using System.IO;
using System.Linq;
using Fastdist.Control.Web;
using Fastdist.Options;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Tests;

/// <summary>What the settings of the web server come to.</summary>
public class WebRoleTests
{
    private static readonly PasswordHash s_secret = PasswordHash.Parse("sesame");

    [Fact]
    public void Without_an_address_there_is_none() => Assert.Null(new WebSettings().ToServer(_ => { }));

    [Theory]
    [InlineData("webserver-acl", "::1")]
    [InlineData("webserver-custom-header", "x-a:b")]
    [InlineData("webserver-stats-require-authentication", "false")]
    [InlineData("webserver-max-concurrent-connections", "7")]
    public void A_setting_of_one_that_there_is_not_is_refused(string name, string value) => Assert.Equal(
        "there are settings for a web server, but none is asked for: add --webserver ADDR:PORT",
        Assert.Throws<OptionException>(() => Server((name, value))).Message);

    [Fact]
    public void Somebody_must_be_able_to_read_it()
    {
        Assert.StartsWith("--webserver 127.0.0.1:8083: nobody could read it", Assert.Throws<OptionException>(() => Server(("webserver", "127.0.0.1"))).Message);
        Assert.False(Server(("webserver", "127.0.0.1"), ("webserver-dashboard-requires-authentication", "false")).DashboardRequiresAuthentication);
        Assert.False(Server(("webserver", "127.0.0.1"), ("webserver-stats-require-authentication", "false")).StatsRequireAuthentication);
        Assert.False(Server(("webserver", "127.0.0.1"), ("webserver-api-requires-authentication", "false")).ApiRequiresAuthentication);
    }

    [Fact]
    public void Secrets_may_be_in_the_settings_themselves()
    {
        WebSettings settings = Apply(("webserver", "127.0.0.1")) with { Password = s_secret, ApiKey = s_secret };
        WebServerOptions server = settings.ToServer(_ => { })!;
        Assert.Equal((s_secret, s_secret), (server.Password, server.ApiKey));
        Assert.DoesNotContain("sesame", $"{settings}");
    }

    [Theory]
    [InlineData("webserver-password-file")]
    [InlineData("webserver-api-key-file")]
    public void A_secret_comes_from_one_place(string flag)
    {
        string path = Path.GetTempFileName();
        WebSettings settings = Apply(("webserver", "127.0.0.1"), (flag, path)) with { Password = s_secret, ApiKey = s_secret };
        Assert.Equal($"--{flag} '{path}': this secret was set otherwise, too: leave out one of the two", Assert.Throws<OptionException>(() => settings.ToServer(_ => { })).Message);
        File.Delete(path);
    }

    private static WebServerOptions Server(params (string Name, string Value)[] given) => Apply(given).ToServer(_ => { })!;

    private static WebSettings Apply(params (string Name, string Value)[] given) =>
        given.Aggregate(new ProcessOptions(), (settings, option) => ProcessOptionTable.Table.Apply(settings, option.Name, option.Value, "a file")).Web;
}
