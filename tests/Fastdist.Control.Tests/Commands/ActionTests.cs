using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Control.Tests.Commands;

/// <summary>What commands have the proxy do.</summary>
[Trait("Stage", "5")]
public sealed class ActionTests : IDisposable
{
    private readonly ConsoleUnderTest _console = new();

    public void Dispose() => _console.Dispose();

    [Theory]
    [InlineData("reloadAllCertificates()", "reload")]
    [InlineData("getTLSFrontend(1):reloadCertificates()", "reload 127.0.0.1:5903")]
    [InlineData("getTLSFrontend(0):rotateTicketsKey()", "rotate 127.0.0.1:5901")]
    [InlineData("getDOHFrontend(0):rotateTicketsKey()", "rotate 127.0.0.1:5902")]
    [InlineData("getTLSFrontend(0):loadTicketsKeys(\"/keys\")", "load /keys 127.0.0.1:5901")]
    [InlineData("getServer(0):setUp()", "127.0.0.1:5911 Up")]
    [InlineData("getServer('home'):setDown()", "home Down")]
    [InlineData("getServer(2):setAuto()", "six Auto")]
    public void A_command_has_it_done_and_is_silent(string line, string done)
    {
        Assert.Equal("", _console.Execute(line));
        Assert.Equal([done], _console.Proxy.Done);
        Assert.Empty(_console.Proxy.Applied);
    }

    [Theory]
    [InlineData("reloadAllCertificates()")]
    [InlineData("getTLSFrontend(1):reloadCertificates()")]
    [InlineData("getTLSFrontend(0):rotateTicketsKey()")]
    [InlineData("getTLSFrontend(0):loadTicketsKeys(\"/keys\")")]
    [InlineData("getServer(0):addPool('abuse')")]
    [InlineData("setPoolServerPolicy(wrandom, 'abuse')")]
    [InlineData("newServer({address='192.0.2.1', tls='none'})")]
    public void What_fails_is_said_with_the_reason(string line)
    {
        _console.Proxy.Failure = "cert.pem: no certificate in it";
        Assert.Equal("cert.pem: no certificate in it", _console.Refusal(line));
        Assert.Empty(_console.Proxy.Done);
    }

    [Fact]
    public void A_fault_of_the_program_is_told_as_an_error()
    {
        _console.Proxy.Fault = new InvalidOperationException("it went wrong");
        Assert.Equal("it went wrong", _console.Refusal("reloadAllCertificates()"));
    }

    [Theory]
    [InlineData("getServer(0):addPool('two words')")]
    [InlineData("setPoolServerPolicy(wrandom, 'a,b')")]
    public void What_cannot_be_a_pools_name_is_refused(string line)
    {
        Assert.EndsWith(": expected the name of a pool, at most 64 characters without blanks, commas or what cannot be printed; none for the default pool", _console.Refusal(line), StringComparison.Ordinal);
        Assert.Empty(_console.Proxy.Done);
    }

    [Theory]
    [InlineData("setServerPolicy('wrandom')", "setServerPolicy: argument 1, policy: expected a policy such as leastOutstanding, without quotes, got 'wrandom'")]
    [InlineData("setServerPolicy(random)", "setServerPolicy: argument 1, policy: expected a policy such as leastOutstanding, without quotes, got nil")]
    [InlineData("setServerPolicy()", "setServerPolicy: expected 1 argument, got 0")]
    public void A_policy_is_a_name_without_quotes(string line, string refusal) => Assert.StartsWith(refusal, _console.Refusal(line), StringComparison.Ordinal);

    [Fact]
    public void Settings_of_servers_are_written_to_a_copy_and_applied_at_the_end()
    {
        Assert.Equal("", _console.Execute("local home = getServer('home') home:addPool('abuse') home:rmPool('') home.weight = 7 home.order = 3 home:setQPS(5) rmServer(0)"));
        ProcessOptions applied = Assert.Single(_console.Proxy.Applied);
        Assert.Equal(3, applied.Proxy.Backends.Count);
        BackendOptions home = applied.Proxy.Backends[^1];
        Assert.Equal(["abuse"], home.Pools);
        Assert.Equal((7, 3, 5), (home.Weight, home.Order, home.Qps));
    }

    [Theory]
    [InlineData("setServerPolicy(wrandom) error('no')")]
    [InlineData("newServer('192.0.2.1') getServer(99)")]
    [InlineData("getServer(0):setDown() nothing()")]
    [InlineData("reloadAllCertificates() x = nil + 1")]
    public void A_command_that_fails_half_way_has_changed_nothing(string line)
    {
        Assert.StartsWith("Error: ", _console.Execute(line), StringComparison.Ordinal);
        Assert.Empty(_console.Proxy.Applied);
        Assert.Empty(_console.Proxy.Done);
    }

    [Fact]
    public void Policies_are_set_for_all_pools_or_one()
    {
        _console.Execute("setServerPolicy(wrandom) setPoolServerPolicy(whashed, 'abuse')");
        ProxyOptions applied = Assert.Single(_console.Proxy.Applied).Proxy;
        Assert.Equal(PolicyKind.WeightedRandom, applied.Policy);
        Assert.Equal([new PoolOptions { Name = "abuse", Policy = PolicyKind.WeightedHash }], applied.Pools);
    }

    [Fact]
    public void A_new_server_is_plain_DNS_and_asked_over_TLS_only_when_that_is_said()
    {
        Assert.Equal("192.0.2.1:53\n", _console.Execute("newServer('192.0.2.1')"));
        Assert.Equal("new\n", _console.Execute("""newServer({address="192.0.2.1", name='new', tls='openssl', ["weight"]="3", qps=1000, mustResolve=true, subjectName="a.example", pool={'abuse', ''}})"""));
        BackendOptions plain = _console.Proxy.Backends[^2].Options, tls = _console.Proxy.Backends[^1].Options;
        Assert.Equal((BackendTransport.Udp, BackendTransport.OpenSsl), (plain.Tls, tls.Tls));
        Assert.Equal(IPEndPoint.Parse("192.0.2.1:853"), tls.Address);
        Assert.Equal((3, 1000, true, "a.example"), (tls.Weight, tls.Qps, tls.MustResolve, tls.SubjectName));
        Assert.Equal(["abuse", ""], tls.Pools);
    }

    [Fact]
    public void Variables_hold_servers_from_one_command_to_the_next()
    {
        Assert.Equal("", _console.Execute("new = newServer{address='192.0.2.1', name='new'}"));
        Assert.Equal("", _console.Execute("new.weight = 4"));
        Assert.Equal("4\n", _console.Execute("new.weight"));
        Assert.Equal("true\n", _console.Execute("new == getServer('new')"));
        Assert.Equal(4, _console.Proxy.Applied[^1].Proxy.Backends[^1].Weight);
        _console.Execute("rmServer(new)");
        Assert.Equal("server:setUp: the server 'new' was removed before", _console.Refusal("new:setUp()"));
    }

    [Theory]
    [InlineData("newServer({})", "newServer: no address; add address=\"ADDR:PORT\"")]
    [InlineData("newServer(true)", "newServer: argument 1, address: expected a string, got true")]
    [InlineData("newServer({'192.0.2.1'})", "newServer: no address; add address=\"ADDR:PORT\"")]
    [InlineData("newServer({address='192.0.2.1', weight='x'})", "newServer: weight=x: expected a whole number from 1 to 2147483647")]
    [InlineData("newServer({address='192.0.2.1', pool={{}}})", "newServer: pool=a table: expected a string, number or boolean, got a table")]
    [InlineData("newServer({address='192.0.2.1', weight={1}})", "newServer: weight=a table: expected one value, got a table")]
    public void A_new_server_that_cannot_be_is_refused(string line, string message)
    {
        Assert.Equal(message, _console.Refusal(line));
        Assert.Empty(_console.Proxy.Applied);
    }

    [Fact]
    public void An_option_that_there_is_not_is_left_out_with_a_word()
    {
        Assert.Equal("Warning: newServer: unknown option 'wieght', left out; did you mean 'weight'?\n192.0.2.1:53\n", _console.Execute("newServer({address='192.0.2.1', wieght=3})"));
        Assert.Equal("192.0.2.1:53", _console.Proxy.Backends[^1].Name);
    }

    [Fact]
    public void What_was_changed_is_listed_and_what_was_only_asked_is_not()
    {
        _console.Execute("showServers()");
        _console.Execute("addACL('192.0.2.0/24')");
        _console.Execute("getServer(0):setDown()");
        _console.Execute("nothing()");
        Assert.Matches(@"^-- \w{3} \w{3} \d\d \d{4} \d\d:\d\d:\d\d UTC\naddACL\('192\.0\.2\.0/24'\)\n-- .* UTC\ngetServer\(0\):setDown\(\)\n$", _console.Execute("delta()"));
    }

    [Fact]
    public void The_configuration_is_read_again_on_demand()
    {
        Assert.Equal("", _console.Execute("reloadConfig()"));
        Assert.Equal(1, _console.Reloads);
    }

    [Fact]
    public async Task Maintenance_is_run_every_second_and_what_fails_in_it_is_logged()
    {
        _console.Execute("ran = 0 function maintenance() ran = ran + 1 if ran == 2 then error('twice') end end");
        Note note = await _console.Said.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Contains("twice", note.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_are_added_to_the_access_list()
    {
        _console.Execute("setACL('192.0.2.0/24')");
        Assert.Equal("", _console.Execute("addACL('2001:db8::/32')"));
        Assert.Equal("", _console.Execute("addACL('192.0.2.0/24')"));
        Assert.Equal("192.0.2.0/24\n2001:db8::/32\n", _console.Execute("showACL()"));
    }

    [Theory]
    [InlineData("setACL({})", "")]
    [InlineData("setACL(\"10.0.0.0/8\")", "10.0.0.0/8\n")]
    [InlineData("setACL({\"10.0.0.0/8\", \"::/0\", \"9.0.0.0/8\", \"9.0.0.0/9\"})", "9.0.0.0/8\n9.0.0.0/9\n10.0.0.0/8\n::/0\n")]
    public void The_access_list_is_replaced(string line, string networks)
    {
        Assert.Equal("", _console.Execute(line));
        Assert.Equal(networks, _console.Execute("showACL()"));
    }

    [Theory]
    [InlineData("addACL('bad')", "addACL: 'bad' is no network: expected one such as 192.0.2.0/24 or 2001:db8::/32")]
    [InlineData("setACL({'10.0.0.0/8', '192.0.2.0/33'})", "setACL: '192.0.2.0/33' is no network: expected one such as 192.0.2.0/24 or 2001:db8::/32")]
    [InlineData("setACL({a='10.0.0.0/8'})", "setACL: argument 1, netmasks: expected a string or a table of strings, got a table")]
    [InlineData("setACL({'10.0.0.0/8', {}})", "setACL: argument 1, netmasks: expected a table of strings only, got a table")]
    public void A_bad_network_leaves_the_access_list_as_it_is(string line, string message)
    {
        NetmaskSet before = _console.Proxy.Acl;
        Assert.Equal(message, _console.Refusal(line));
        Assert.Same(before, _console.Proxy.Acl);
    }

    [Fact]
    public void Shutdown_begins_the_end()
    {
        Assert.False(_console.HasEnded);
        Assert.Equal("", _console.Execute("shutdown()"));
        Assert.True(_console.HasEnded);
    }

    [Fact]
    public void Each_key_is_another_one()
    {
        string[] keys = [.. Enumerable.Range(0, 10).Select(_ => _console.Execute("makeKey()"))];
        Assert.All(keys, key => Assert.Matches("^setKey\\(\"[A-Za-z0-9+/]{43}=\"\\)\n$", key));
        Assert.Distinct(keys);
    }
}
