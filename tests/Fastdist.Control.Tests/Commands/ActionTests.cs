using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Control.Commands;
using Fastdist.Control.Commands.Syntax;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Commands;

/// <summary>What commands have the proxy do.</summary>
[Trait("Stage", "5")]
public class ActionTests
{
    private readonly ConsoleUnderTest _console = new();

    [Theory]
    [InlineData("reloadAllCertificates()", "reload")]
    [InlineData("getTLSFrontend(1):reloadCertificates()", "reload 127.0.0.1:5903")]
    [InlineData("getTLSFrontend(0):rotateTicketsKey()", "rotate 127.0.0.1:5901")]
    [InlineData("getDOHFrontend(0):rotateTicketsKey()", "rotate 127.0.0.1:5902")]
    [InlineData("getTLSFrontend(0):loadTicketsKeys(\"/keys\")", "load /keys 127.0.0.1:5901")]
    [InlineData("getServer(0):setUp()", "127.0.0.1:5911 Up")]
    [InlineData("getServer('home'):setDown()", "home Down")]
    [InlineData("getServer(2):setAuto()", "six Auto")]
    [InlineData("getServer(0):addPool('abuse')", "127.0.0.1:5911 joins 'abuse'")]
    [InlineData("getServer('home'):addPool('')", "home joins ''")]
    [InlineData("getServer('home'):rmPool('')", "home parts ''")]
    [InlineData("setServerPolicy(wrandom)", "all WeightedRandom")]
    [InlineData("setPoolServerPolicy(whashed, 'abuse')", "'abuse' WeightedHash")]
    [InlineData("setPoolServerPolicy(roundrobin, '')", "'' RoundRobin")]
    [InlineData("rmServer(2)", "remove six")]
    [InlineData("rmServer('home')", "remove home")]
    [InlineData("rmServer(getServer('home'))", "remove home")]
    public void A_command_has_it_done_and_is_silent(string line, string done)
    {
        Assert.Equal("", _console.Execute(line));
        Assert.Equal([done], _console.Proxy.Done);
    }

    [Theory]
    [InlineData("reloadAllCertificates()")]
    [InlineData("getTLSFrontend(1):reloadCertificates()")]
    [InlineData("getTLSFrontend(0):rotateTicketsKey()")]
    [InlineData("getTLSFrontend(0):loadTicketsKeys(\"/keys\")")]
    [InlineData("getServer(0):addPool('abuse')")]
    [InlineData("getServer(0):rmPool('abuse')")]
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
        _console.Proxy.Fault = new System.InvalidOperationException("it went wrong");
        Assert.Equal("it went wrong", _console.Refusal("reloadAllCertificates()"));
    }

    [Theory]
    [InlineData("rmServer(3)")]
    [InlineData("getServer(3):setUp()")]
    public void A_server_that_somebody_else_removed_meanwhile_is_said_to_be_gone(string line)
    {
        _console.Proxy.Failure = "gone";
        Assert.Equal("the server 'home' was removed before", _console.Refusal(line));
    }

    [Theory]
    [InlineData("getServer(0):addPool('two words')")]
    [InlineData("setPoolServerPolicy(wrandom, 'a,b')")]
    public void What_cannot_be_a_pools_name_is_refused(string line)
    {
        Assert.Equal("expected the name of a pool, at most 64 characters without blanks, commas or what cannot be printed; none for the default pool", _console.Refusal(line));
        Assert.Empty(_console.Proxy.Done);
    }

    [Theory]
    [InlineData("setServerPolicy('wrandom')", "setServerPolicy: argument 1, policy: expected one of leastOutstanding, firstAvailable, roundrobin, wrandom, whashed, chashed, without quotes, got a string")]
    [InlineData("setServerPolicy(random)", "column 17: 'random' is no function")]
    [InlineData("setServerPolicy()", "setServerPolicy: expected 1 argument, got 0; see help(\"setServerPolicy\")")]
    public void A_policy_is_a_name_without_quotes(string line, string refusal) => Assert.StartsWith(refusal, _console.Refusal(line), System.StringComparison.Ordinal);

    [Fact]
    public void A_new_server_is_in_the_pools_of_a_list()
    {
        _console.Execute("newServer({address='192.0.2.1', tls='none', pool={'abuse', ''}})");
        Assert.Equal(["abuse", ""], Assert.Single(_console.Proxy.Added).Pools);
    }

    [Fact]
    public void A_new_server_needs_only_an_address()
    {
        Assert.Equal("192.0.2.1:53\n", _console.Execute("newServer({address='192.0.2.1', tls='none'})"));
        Assert.Equal([new BackendOptions { Address = IPEndPoint.Parse("192.0.2.1:53"), Name = "192.0.2.1:53", Tls = BackendTransport.None }], _console.Proxy.Added);
        Assert.Equal("192.0.2.1:53", _console.Proxy.Backends[^1].Name);
    }

    [Fact]
    public void A_new_server_has_the_options_that_are_written()
    {
        const string OnePin = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        const string OtherPin = "//////////////////////////////////////////8=";
        Assert.Equal("new\n", _console.Execute(
            $"newServer({{address=\"192.0.2.1:8853\", name='new', [\"weight\"]=3, qps=1000, mustResolve=true, pins={{'{OnePin}', '{OtherPin}'}}, subjectName=\"a.example\"}})"));
        BackendOptions added = Assert.Single(_console.Proxy.Added);
        Assert.Equal(
            new BackendOptions { Address = IPEndPoint.Parse("192.0.2.1:8853"), Name = "new", Weight = 3, Qps = 1000, MustResolve = true, SubjectName = "a.example", Pins = added.Pins },
            added);
        Assert.Equal([OnePin, OtherPin], added.Pins.Select(pin => $"{pin}"));
    }

    [Fact]
    public void The_options_of_a_new_server_go_to_the_table_of_options_as_they_are_written()
    {
        var table = new TableValue([],
        [
            ("address", new StringValue("192.0.2.1:853")), ("name", new StringValue("new")), ("weight", new IntegerValue(3)), ("qps", new FloatValue(1e3)),
            ("mustResolve", new BooleanValue(true)), ("pins", new TableValue([new StringValue("one"), new StringValue("two")], [])), ("subjectName", new StringValue("a,b=c")),
        ]);
        Assert.Equal(
            [("address", "192.0.2.1:853"), ("name", "new"), ("weight", "3"), ("qps", "1000.0"), ("mustResolve", "true"), ("pins", "one"), ("pins", "two"), ("subjectName", "a,b=c")],
            Options(table));
        Assert.Equal([("address", "192.0.2.1:853")], Options(new StringValue("192.0.2.1:853")));

        static IReadOnlyList<(string Key, string Value)> Options(Value argument) => new GivenArguments("newServer", [argument], NilValue.Instance).ServerOptions(0);
    }

    [Fact]
    public void A_method_follows_a_new_server()
    {
        Assert.Equal("", _console.Execute("newServer{address='192.0.2.1', tls='none', name='new'}:setUp()"));
        Assert.Equal(["add new", "new Up"], _console.Proxy.Done);
    }

    [Theory]
    [InlineData("newServer({})", "newServer: no address; add address=\"ADDR:PORT\"")]
    [InlineData("newServer({address='192.0.2.1', tls='none', wieght=3})", "newServer: unknown option 'wieght'; did you mean 'weight'?")]
    [InlineData("newServer(5)", "newServer: argument 1, options: expected a table of key=value, got a number")]
    [InlineData("newServer({'192.0.2.1'})", "newServer: argument 1, options: expected a table of key=value, got a table")]
    [InlineData("newServer({address=nil})", "newServer: option 'address': expected a string, number or boolean, got nil")]
    [InlineData("newServer({pins={a=1}})", "newServer: option 'pins': expected a string, number or boolean, got a table")]
    [InlineData("newServer({pins={{}}})", "newServer: option 'pins': expected a string, number or boolean, got a table")]
    public void A_new_server_that_cannot_be_is_refused(string line, string message)
    {
        Assert.Equal(message, _console.Refusal(line));
        Assert.Empty(_console.Proxy.Done);
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
    [InlineData("addACL('bad')", "'bad' is no network: expected one such as 192.0.2.0/24 or 2001:db8::/32")]
    [InlineData("setACL({'10.0.0.0/8', '192.0.2.0/33'})", "'192.0.2.0/33' is no network: expected one such as 192.0.2.0/24 or 2001:db8::/32")]
    [InlineData("addACL({'10.0.0.0/8'})", "addACL: argument 1, netmask: expected a string, got a table")]
    [InlineData("setACL(5)", "setACL: argument 1, netmasks: expected a string or a table of strings, got a number")]
    [InlineData("setACL({a='10.0.0.0/8'})", "setACL: argument 1, netmasks: expected a string or a table of strings, got a table")]
    [InlineData("setACL({'10.0.0.0/8', 5})", "setACL: argument 1, netmasks: expected a table of strings only, got a number")]
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
