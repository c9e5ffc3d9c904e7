using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

[Trait("Stage", "1")]
public sealed class CommandLineTests
{
    private const string GoodServer = "127.0.0.1:8853,subjectName=dot.test";

    [Fact]
    public async Task Without_arguments_it_says_in_about_ten_lines_how_to_start_it()
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync();

        Assert.Equal(1, await run.ExitAsync());
        Assert.InRange(run.Log.Count, 5, 15);
        Assert.Contains("--server", run.Log.ToString());
        Assert.Contains("--local", run.Log.ToString());
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("-V")]
    public async Task The_version_comes_with_the_features_that_were_linked_in(string flag)
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync(flag);
        string[] lines = run.Output.Snapshot();

        Assert.Equal(0, await run.ExitAsync());
        Assert.Matches(@"^fastdist \d+\.\d+\.\d+", lines[0]);
        string features = Assert.Single(lines, line => line.StartsWith("Enabled features: ", StringComparison.Ordinal));
        Assert.Matches(@" dns-over-tls\(openssl[^)]*\)", features);
        Assert.Contains("io_uring", features);
        Assert.Contains("epoll", features);
        Assert.Matches(@" openssl\(3\.\d+\.\d+\)", features);
    }

    [Fact]
    public async Task Settings_are_dumped_as_an_object_of_json_and_nothing_else()
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync("--dump-settings", "--shards", "3", "--max-turn", "7", GoodServer);

        Assert.Equal(0, await run.ExitAsync());
        JsonElement settings = JsonDocument.Parse(run.Output.ToString()).RootElement;
        Assert.Equal((3, 7), (settings.GetProperty("shards").GetInt32(), settings.GetProperty("max-turn").GetInt32()));
        Assert.Equal("dot.test", settings.GetProperty("server")[0].GetProperty("subjectName").GetString());
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_are_not_dumped()
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync("--dump-settings", "--acl", "nobody", GoodServer);

        Assert.Equal(1, await run.ExitAsync());
        Assert.Equal(0, run.Output.Count);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_names_every_flag_of_the_contract(string flag)
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync(flag);
        string help = run.Output.ToString();

        Assert.Equal(0, await run.ExitAsync());
        string[] flags =
        [
            "--local", "--server", "--acl", "--check-config", "--version", "--verbose", "--uid", "--gid", "--supervised",
            "--shards", "--io", "--policy", "--udp-max-size", "--max-tcp-connections-per-client",
            "--max-tcp-queries-per-connection", "--max-tcp-connection-duration", "--tcp-idle-timeout",
            "--tcp-recv-timeout", "--tcp-send-timeout", "--max-tcp-connections", "--max-in-flight",
        ];
        Assert.All(flags, name => Assert.Contains(name, help));
    }

    [Fact]
    public async Task A_sound_configuration_passes_the_check_and_opens_no_socket()
    {
        // An address that this host does not have: binding it would fail.
        ChildProcess run = await FastdistProcess.RunToEndAsync(
            "--check-config", "--local", "192.0.2.7:53", "--server", GoodServer);

        Assert.Equal(0, await run.ExitAsync());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:5300")]
    [InlineData("::1")]
    [InlineData("[::1]:5300")]
    [InlineData("0.0.0.0:5300")]
    [InlineData("127.0.0.1:5300,maxInFlight=100")]
    public async Task An_address_to_listen_on_is_written_with_or_without_port_and_options(string local) =>
        Assert.Equal(0, await CheckAsync("--local", local, "--server", GoodServer));

    [Theory]
    [InlineData("[2001:db8::1]:853,tls=openssl,subjectName=dot.example.net,validateCertificates=true")]
    [InlineData("2001:db8::1,subjectName=dot.example.net")]
    [InlineData("192.0.2.1,subjectAddr=192.0.2.1")]
    [InlineData("192.0.2.1,validateCertificates=false")]
    [InlineData("192.0.2.1,tls=none")]
    [InlineData("192.0.2.1:53,tls=none,name=plain,order=2,weight=10,qps=100,maxInFlight=10,connections=4,retries=3")]
    [InlineData("192.0.2.1,subjectName=a,tcpConnectTimeout=1,tcpSendTimeout=2,queryTimeout=3000,silenceTimeout=500")]
    [InlineData("192.0.2.1,subjectName=a,checkName=x.test,checkType=AAAA,checkInterval=2,checkTimeout=500")]
    [InlineData("192.0.2.1,subjectName=a,maxCheckFailures=3,rise=2,healthCheckMode=up,mustResolve=true")]
    [InlineData("address=192.0.2.1:853,subjectName=a")]
    public async Task A_server_takes_the_options_of_dnsdist(string server) =>
        Assert.Equal(0, await CheckAsync("--local", "127.0.0.1:5300", "--server", server));

    [Fact]
    public async Task A_server_may_be_given_without_its_flag() =>
        Assert.Equal(0, await CheckAsync("--local", "127.0.0.1:5300", GoodServer, "192.0.2.2,subjectName=b"));

    [Theory]
    [InlineData("--no-such-flag", "1", "--no-such-flag")]
    [InlineData("--shards", "many", "many")]
    [InlineData("--shards", "0", "0")]
    [InlineData("--io", "kqueue", "kqueue")]
    [InlineData("--policy", "best", "best")]
    [InlineData("--udp-max-size", "100000", "100000")]
    [InlineData("--acl", "127.0.0.0/33", "127.0.0.0/33")]
    [InlineData("--acl", "everyone", "everyone")]
    [InlineData("--local", "localhost:53", "localhost")]
    [InlineData("--local", "127.0.0.1:99999", "99999")]
    [InlineData("--local", "127.0.0.1:5300,noSuchOption=1", "noSuchOption")]
    [InlineData("--uid", "no-such-user", "no-such-user")]
    [InlineData("--gid", "no-such-group", "no-such-group")]
    [InlineData("--tcp-idle-timeout", "-1", "-1")]
    [InlineData("--server", "dot.example.net:853,subjectName=a", "dot.example.net")]
    [InlineData("--server", "127.0.0.1:853,subjectName=a,noSuchOption=1", "noSuchOption")]
    [InlineData("--server", "127.0.0.1:853,subjectName=a,weight=heavy", "heavy")]
    [InlineData("--server", "127.0.0.1:853,subjectName=a,maxInFlight=65536", "maxInFlight")]
    [InlineData("--server", "127.0.0.1:853,subjectName=a,maxInFlight=70000", "70000")]
    [InlineData("--server", "127.0.0.1:853,subjectName=a,healthCheckMode=perhaps", "perhaps")]
    [InlineData("--server", "127.0.0.1:853,subjectName=a,validateCertificates=maybe", "maybe")]
    [InlineData("--server", "127.0.0.1:853,subjectAddr=not-an-address", "not-an-address")]
    [InlineData("--server", "127.0.0.1:853,subjectName=a,tls=schannel", "schannel")]
    [InlineData("--server", "127.0.0.1:853,subjectName=a,caStore=/nonexistent/ca.pem", "/nonexistent/ca.pem")]
    public async Task What_is_wrong_is_refused_by_flag_and_value(string flag, string value, string named)
    {
        string[] rest = flag == "--server" ? [] : ["--server", GoodServer];
        ChildProcess run = await FastdistProcess.RunToEndAsync(["--check-config", flag, value, .. rest]);

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains(run.Log.Snapshot(), line => line.Contains(flag, StringComparison.Ordinal));
        Assert.Contains(run.Log.Snapshot(), line => line.Contains(named, StringComparison.Ordinal));
        Assert.DoesNotContain(run.Log.Snapshot(), line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Validation_without_a_name_to_check_is_refused_and_the_remedy_said()
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync("--check-config", "--server", "127.0.0.1:853");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains("--server", run.Log.ToString());
        Assert.Contains("127.0.0.1:853", run.Log.ToString());
        Assert.Contains("subjectName", run.Log.ToString());
    }

    [Fact]
    public async Task A_certificate_store_that_holds_none_is_refused()
    {
        using var scratch = new Scratch();
        string path = scratch.Write("ca.pem", "not a certificate");
        ChildProcess run = await FastdistProcess.RunToEndAsync("--check-config", "--server", $"{GoodServer},caStore={path}");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains(path, run.Log.ToString());
    }

    [Fact]
    public async Task An_address_that_cannot_be_bound_ends_the_start_with_its_name()
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync("--local", "192.0.2.7:5300", "--server", GoodServer);

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains("192.0.2.7:5300", run.Log.ToString());
    }

    [Fact]
    public async Task Without_a_server_there_is_nothing_to_start()
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync("--local", "127.0.0.1:5300");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains("--server", run.Log.ToString());
    }

    private static async Task<int> CheckAsync(params string[] arguments)
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync([.. arguments, "--check-config"]);
        int code = await run.ExitAsync();
        Assert.True(code == 0 || run.Log.Snapshot().Any(), "an exit code other than 0 without a word");
        return code;
    }
}
