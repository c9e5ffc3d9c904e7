using System.Linq;
using System.Net;
using Fastdist.Options;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Tests;

public class CommandLineTests
{
    private const string Plain = "192.0.2.1,tls=none";

    [Fact]
    public void Words_without_a_flag_are_servers()
    {
        ProcessOptions settings = Parse("192.0.2.1,tls=none", "--shards", "2", "192.0.2.2:5300,tls=none,weight=3", "--", "192.0.2.3,tls=none");
        Assert.Equal(["192.0.2.1:53", "192.0.2.2:5300", "192.0.2.3:53"], settings.Proxy.Backends.Select(b => b.Name));
        Assert.Equal(3, settings.Proxy.Backends[1].Weight);
        Assert.Equal(2, settings.Proxy.Shards);
    }

    [Fact]
    public void Servers_come_in_the_order_written_those_with_a_flag_first()
    {
        ProcessOptions settings = Parse("192.0.2.3,tls=none", "--server", "192.0.2.1,tls=none", "--server=192.0.2.2,tls=none");
        Assert.Equal(["192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53"], settings.Proxy.Backends.Select(b => b.Name));
    }

    [Fact]
    public void Local_addresses_may_be_given_more_than_once()
    {
        ProcessOptions settings = Parse("-l", "127.0.0.1", "--local", "[::1]:5300,maxInFlight=7,tcpListenQueueSize=9");
        Assert.Equal([IPEndPoint.Parse("127.0.0.1:53"), IPEndPoint.Parse("[::1]:5300")], settings.Proxy.Frontends.Select(f => f.Address));
        Assert.Equal((7, 9), (settings.Proxy.Frontends[1].MaxInFlight, settings.Proxy.Frontends[1].TcpListenQueueSize));
    }

    [Fact]
    public void Networks_may_be_given_one_by_one_or_in_a_row() =>
        Assert.Equal(["192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32"], Parse("-a", "192.0.2.0/24,198.51.100.0/24", "--acl", "2001:db8::/32").Acl);

    [Fact]
    public void A_single_option_given_twice_is_refused()
    {
        foreach (OptionEntry<ProcessOptions> entry in ProcessOptionTable.Table.Entries.Where(e => !e.IsRepeatable && !e.IsSwitch))
        {
            string value = entry.Default is "" or "at random" or "the processors usable" ? "1" : entry.Default;
            Assert.Equal(
                $"--{entry.Name} was given 2 times; once is enough",
                Refusal($"--{entry.Name}", value, $"--{entry.Name}={value}"));
        }
    }

    [Fact]
    public void Only_what_there_may_be_several_of_is_repeatable() =>
        Assert.Equal(["local", "tls-local", "doh-local", "server", "acl", "pool", "cache-skip-option", "console-acl", "webserver-acl", "webserver-custom-header"], ProcessOptionTable.Table.Entries.Where(e => e.IsRepeatable).Select(e => e.Name));

    [Fact]
    public void Switches_need_no_value_and_are_off_without_them()
    {
        ProcessOptions off = Parse(Plain);
        Assert.Equal((false, false, false), (off.CheckOnly, off.Supervised, off.Verbose));
        ProcessOptions on = Parse("--check-config", "--supervised", "-v", Plain);
        Assert.Equal((true, true, true), (on.CheckOnly, on.Supervised, on.Verbose));
        Assert.Single(on.Proxy.Backends);
    }

    [Fact]
    public void User_and_group_are_kept_as_written()
    {
        ProcessOptions settings = Parse("-u", "nobody", "--gid=65534");
        Assert.Equal(("nobody", "65534"), (settings.User, settings.Group));
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("-x")]
    public void An_unknown_flag_is_refused_by_name_with_the_way_to_the_known_ones(string flag)
    {
        Assert.Equal($"unknown option '{flag}'; see fastdist --help", Refusal(Plain, flag));
        Assert.Equal($"unknown option '{flag}'; see fastdist --help", Refusal(flag, "4", Plain));
        Assert.Equal($"unknown option '{flag}'; see fastdist --help", Refusal("--version", flag));
    }

    [Theory, Trait("Row", "B8")]
    [InlineData("--shard", "--shards")]
    [InlineData("--Shards", "--shards")]
    [InlineData("--polcy", "--policy")]
    [InlineData("--max-tcp-conections", "--max-tcp-connections")]
    [InlineData("--webserver-pasword-file", "--webserver-password-file")]
    public void An_unknown_flag_is_refused_with_the_one_that_may_be_meant(string flag, string meant)
    {
        Assert.Equal($"unknown option '{flag}'; did you mean '{meant}'?", Refusal(Plain, flag));
        Assert.Equal($"unknown option '{flag}'; did you mean '{meant}'?", Refusal(flag, "4", Plain));
        Assert.Equal($"unknown option '{flag}'; did you mean '{meant}'?", Refusal($"{flag}=4", Plain));
    }

    [Theory, Trait("Row", "B8")]
    [InlineData("--local", "192.0.2.1,maxInFlihgt=2", "maxInFlihgt", "maxInFlight")]
    [InlineData("--server", "192.0.2.1,subjctName=a", "subjctName", "subjectName")]
    public void A_misspelt_option_of_a_flag_is_refused_with_the_one_that_may_be_meant(string flag, string text, string option, string meant) =>
        Assert.Equal($"{flag} '{text}': unknown option '{option}'; did you mean '{meant}'?", Refusal(flag, text));

    [Fact, Trait("Row", "B8")]
    public void A_flag_that_lacks_its_value_does_not_hide_what_else_is_wrong()
    {
        string[] lines = [.. Assert.Throws<OptionException>(() => Parse("--io", "kqueue", Plain, "--shards")).Lines];
        Assert.Equal(2, lines.Length);
        Assert.Contains("'--shards'", lines[0]);
        Assert.Equal("--io kqueue: expected one of auto, io_uring, epoll", lines[1]);
    }

    [Fact, Trait("Row", "B8")]
    public void All_that_is_wrong_is_said_at_once_a_line_each() =>
        Assert.Equal(
            [
                "unknown option '--polcy'; did you mean '--policy'?",
                "--local '192.0.2.1:x,interfaec=v0': expected a whole number from 0 to 65535",
                "--local '192.0.2.1:x,interfaec=v0': unknown option 'interfaec'; did you mean 'interface'?",
                "--server '192.0.2.1,tls=non,weight=heavy': tls=non: expected one of openssl, sslstream, none, udp",
                "--server '192.0.2.1,tls=non,weight=heavy': weight=heavy: expected a whole number from 1 to 2147483647",
                "--io kqueue: expected one of auto, io_uring, epoll",
            ],
            Assert.Throws<OptionException>(
                () => Parse("--polcy", "roundrobin", "-l", "192.0.2.1:x,interfaec=v0", "--io", "kqueue", "--server", "192.0.2.1,tls=non,weight=heavy")).Lines);

    [Theory]
    [InlineData("--server", "192.0.2.1,tls=none,Weight=2", "Weight", "weight")]
    [InlineData("--server", "192.0.2.1,tls=none,checkN=2", "checkN", "checkName")]
    [InlineData("--server", "192.0.2.1,SUBJECTNAME=a", "SUBJECTNAME", "subjectName")]
    [InlineData("--local", "192.0.2.1,maxinflight=2", "maxinflight", "maxInFlight")]
    [InlineData("--local", "192.0.2.1,tcp=2", "tcp", "tcpListenQueueSize")]
    public void An_unknown_option_of_a_flag_is_refused_with_the_one_that_may_be_meant(string flag, string text, string option, string meant) =>
        Assert.Equal($"{flag} '{text}': unknown option '{option}'; did you mean '{meant}'?", Refusal(flag, text));

    [Fact]
    public void An_unknown_option_like_no_other_is_refused_with_all_that_are_known()
    {
        Assert.Equal("--local '192.0.2.1,fast=1': unknown option 'fast'; known are maxInFlight, maxConcurrentTCPConnections, tcpListenQueueSize, tcpFastOpenQueueSize, pool, interface", Refusal("--local", "192.0.2.1,fast=1"));
        string known = string.Join(", ", BackendOptionTable.Table.Entries.Select(e => e.Name));
        Assert.Equal($"--server '192.0.2.1,fast=1': unknown option 'fast'; known are {known}", Refusal("192.0.2.1,fast=1"));
    }

    [Theory]
    [InlineData("localhost", "'localhost' is not an IP address")]
    [InlineData("192.0.2.1:65536", "expected a whole number from 0 to 65535")]
    [InlineData("192.0.2.1,fast", "'fast' is not option=value")]
    [InlineData("192.0.2.1,interface=a-name-of-sixteen", "interface=a-name-of-sixteen: expected the name of a network interface, 15 characters at most")]
    public void A_local_address_that_cannot_be_meant_is_refused_by_flag_and_value(string text, string reason) =>
        Assert.StartsWith($"--local '{text}': {reason}", Refusal("--local", text));

    [Fact]
    public void A_flag_that_lacks_its_value_is_refused_by_name()
    {
        foreach (OptionEntry<ProcessOptions> entry in ProcessOptionTable.Table.Entries.Where(e => !e.IsSwitch))
        {
            string refusal = Refusal(Plain, $"--{entry.Name}");
            Assert.Contains($"'--{entry.Name}'", refusal);
            Assert.EndsWith("See fastdist --help.", refusal);
        }
    }

    [Fact]
    public void A_word_with_an_at_sign_is_no_file_to_read_more_from() =>
        Assert.StartsWith("--server '@/etc/hostname': ", Refusal("@/etc/hostname"));

    [Theory]
    [InlineData("--help", Request.Help)]
    [InlineData("-h", Request.Help)]
    [InlineData("--version", Request.Version)]
    [InlineData("-V", Request.Version)]
    [InlineData("--option-reference", Request.Reference)]
    [InlineData("--migration-reference", Request.Migration)]
    [InlineData("--verbose", Request.Run)]
    public void What_is_asked_for_is_told_apart(string flag, object request) =>
        Assert.Equal(request, CommandLine.Parse([Plain, flag]).Request);

    private static ProcessOptions Parse(params string[] args) => CommandLine.Parse(args).Settings;

    private static string Refusal(params string[] args) => Assert.Throws<OptionException>(() => Parse(args)).Message;
}
