using System.Linq;
using System.Net;
using Fastdist.Settings.Rules;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Settings.Tests;

/// <summary>Whoever reads settings, from whatever they are written in, makes them with the tables alone.</summary>
public class ProcessOptionTests
{
    [Fact]
    public void Console_and_web_server_are_set_option_by_option()
    {
        ProcessOptions settings = Apply(
            ("control-socket", "127.0.0.1"), ("setkey-file", "/key"), ("console-acl", "192.0.2.0/24"), ("console-max-connections", "7"),
            ("webserver", "127.0.0.1"), ("webserver-password-file", "/password"), ("webserver-acl", "192.0.2.0/24,::1"));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, ConsoleSettings.DefaultPort), settings.Console.ControlSocket);
        Assert.Equal(("/key", 7), (settings.Console.KeyFile, settings.Console.MaxConnections));
        Assert.Equal(["192.0.2.0/24"], settings.Console.Acl);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, WebSettings.DefaultPort), settings.Web.Address);
        Assert.Equal("/password", settings.Web.PasswordFile);
        Assert.Equal(["192.0.2.0/24", "::1"], settings.Web.Acl);
    }

    [Theory]
    [InlineData("100", 100, OverLimitAnswer.Drop, "100")]
    [InlineData("1,answer=drop", 1, OverLimitAnswer.Drop, "1")]
    [InlineData("100000000,answer=tc", 100_000_000, OverLimitAnswer.Truncate, "100000000,answer=tc")]
    [InlineData("5,answer=refused", 5, OverLimitAnswer.Refuse, "5,answer=refused")]
    public void How_often_a_client_may_ask_is_a_number_and_what_it_is_told_above(string text, uint rate, OverLimitAnswer answer, string shown)
    {
        ProcessOptions settings = Apply(("qps-per-client", text));
        Assert.Equal(new ClientRateLimit(rate, answer), settings.Proxy.ClientRate);
        Assert.Equal(shown, ProcessOptionTable.Shown(settings).First(option => option.Key == "qps-per-client").Value);
    }

    [Theory]
    [InlineData("0", "expected a whole number from 1 to 100000000")]
    [InlineData("many", "expected a whole number from 1 to 100000000")]
    [InlineData("5,answer=silence", "expected one of tc, refused, drop")]
    [InlineData("5,tc", "expected a number, or one with ,answer=tc, ,answer=refused or ,answer=drop behind it")]
    public void What_is_no_such_rate_is_told(string text, string expected) =>
        Assert.Equal($"a file: qps-per-client={text}: {expected}", Assert.Throws<OptionException>(() => Apply(("qps-per-client", text))).Message);

    [Fact]
    public void What_the_web_server_asks_for_and_says_besides_is_set_option_by_option()
    {
        WebSettings web = Apply(
            ("webserver-dashboard-requires-authentication", "false"), ("webserver-stats-require-authentication", "false"), ("webserver-api-requires-authentication", "false"),
            ("webserver-allow-cross-origin-requests", "true"), ("webserver-custom-header", "X-Served-By: ns1"), ("webserver-custom-header", "x-frame-options:"),
            ("webserver-max-concurrent-connections", "7")).Web;
        Assert.False(web.DashboardRequiresAuthentication || web.StatsRequireAuthentication || web.ApiRequiresAuthentication);
        Assert.True(web.AllowCrossOriginRequests);
        Assert.Equal([new("x-served-by", "ns1"), new("x-frame-options", "")], web.CustomHeaders);
        Assert.Equal(7, web.MaxConcurrentConnections);
    }

    [Theory]
    [InlineData("x-a", "expected NAME:VALUE, such as x-served-by:ns1")]
    [InlineData(":b", "expected NAME:VALUE, such as x-served-by:ns1")]
    [InlineData("x a:b", "'x a' is no name of a header field")]
    [InlineData("x-a:b\nc", "'b\nc' is no value of a header field")]
    [InlineData("Content-Length:0", "'content-length' is the web server's own")]
    [InlineData("X-Twice:b", "'x-twice' is given twice: leave one of them out")]
    public void A_header_field_that_cannot_be_told_is_refused(string field, string problem)
    {
        ProcessOptions settings = Apply(("webserver-custom-header", "x-twice:a"));
        var refusal = Assert.Throws<OptionException>(() => ProcessOptionTable.Table.Apply(settings, "webserver-custom-header", field, "a file"));
        Assert.Equal($"a file: webserver-custom-header={field}: {problem}", refusal.Message);
    }

    [Fact]
    public void The_console_is_told_what_to_log_and_how_much_to_say()
    {
        ConsoleSettings console = Apply(("console-connections-logging", "true"), ("console-output-max-msg-size", "2000")).Console;
        Assert.Equal((true, 2000), (console.LogConnections, console.MaxReply));
    }

    [Fact]
    public void What_does_not_fit_together_is_found_when_the_settings_are_complete()
    {
        ProcessOptions settings = Apply(("server", "192.0.2.1,tls=none"), ("local", "127.0.0.1:8083"), ("webserver", "127.0.0.1"), ("acl", "nowhere"));
        var refusal = Assert.Throws<OptionException>(() => settings.Complete(processors: 1));
        Assert.Equal(2, refusal.Lines.Count);
        Assert.Contains("--webserver 127.0.0.1:8083", refusal.Lines[0]);
        Assert.Contains("--acl nowhere", refusal.Lines[1]);
    }

    [Fact]
    public void Complete_settings_have_a_frontend_shards_and_the_list_of_clients()
    {
        ProxyOptions proxy = Apply(("server", "192.0.2.1,tls=none"), ("acl", "192.0.2.0/24")).Complete(processors: 3).Proxy;
        Assert.Equal(3, proxy.Shards);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 53), Assert.Single(proxy.Frontends).Address);
        Assert.True(proxy.Acl.Contains(Ring.SocketAddress.From(IPEndPoint.Parse("192.0.2.9:53"))));
        Assert.False(proxy.Acl.Contains(Ring.SocketAddress.From(IPEndPoint.Parse("127.0.0.1:53"))));
    }

    private static ProcessOptions Apply(params (string Name, string Value)[] given) =>
        given.Aggregate(new ProcessOptions(), (settings, option) => ProcessOptionTable.Table.Apply(settings, option.Name, option.Value, "a file"));
}
