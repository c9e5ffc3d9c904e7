using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Fastdist.Control.Consoles;
using Fastdist.Options;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Tests;

/// <summary>The flags of the console, as server and as client.</summary>
public class ConsoleOptionTests
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Fact]
    public void Without_a_control_socket_there_is_no_console() => Assert.Null(Server("--verbose"));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:5199")]
    [InlineData("[::1]:99", "[::1]:99")]
    public void A_console_over_tcp_is_on_port_5199_unless_told_otherwise(string written, string address)
    {
        ConsoleOptions options = Server("--control-socket", written, "--setkey", Key)!;
        Assert.Equal(IPEndPoint.Parse(address), options.Address);
        Assert.Equal((Key, 100), (options.Key!.ToBase64(), options.MaxConnections));
    }

    [Fact]
    public void A_path_is_a_unix_socket_and_needs_no_key()
    {
        ConsoleOptions options = Server("--control-socket", "/run/fastdist", "--console-max-connections", "0")!;
        Assert.Equal(new UnixDomainSocketEndPoint("/run/fastdist"), options.Address);
        Assert.Equal(0, options.MaxConnections);
    }

    [Fact]
    public void A_path_longer_than_the_kernel_takes_is_refused() => Assert.Equal(
        $"--control-socket /{new string('x', 107)}: the path of a Unix socket has at most 107 bytes",
        Assert.Throws<OptionException>(() => Console("--control-socket", "/" + new string('x', 107))).Message);

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("192.0.2.1", false)]
    public void Loopback_may_use_the_console(string client, bool may) =>
        Assert.Equal(may, Server("--control-socket", "127.0.0.1", "-k", Key)!.Acl.Contains(SocketAddress.From(new IPEndPoint(IPAddress.Parse(client), 1))));

    [Fact]
    public void The_list_replaces_loopback()
    {
        ConsoleOptions options = Server("--control-socket", "127.0.0.1", "-k", Key, "--console-acl", "192.0.2.0/24,198.51.100.0/24", "--console-acl", "::1")!;
        Assert.True(options.Acl.Contains(SocketAddress.From(IPEndPoint.Parse("192.0.2.7:1"))));
        Assert.True(options.Acl.Contains(SocketAddress.From(IPEndPoint.Parse("198.51.100.7:1"))));
        Assert.False(options.Acl.Contains(SocketAddress.From(IPEndPoint.Parse("127.0.0.1:1"))));
        Assert.Equal(
            "--console-acl nobody: expected a network such as 192.0.2.0/24 or 2001:db8::/32",
            Assert.Throws<OptionException>(() => Server("--control-socket", "127.0.0.1", "-k", Key, "--console-acl", "nobody")).Message);
    }

    [Theory]
    [InlineData("127.0.0.1:5199", "-c")]
    [InlineData("192.0.2.1:5199", "-c", "192.0.2.1")]
    [InlineData("192.0.2.1:77", "192.0.2.1:77", "--client")]
    [InlineData("/run/fastdist", "-c", "/run/fastdist")]
    [InlineData("127.0.0.1:5199", "-e", "showVersion()")]
    public void A_client_is_told_its_console_by_a_word(string address, params string[] args)
    {
        (Request request, ProcessOptions settings) = CommandLine.Parse(args);
        Assert.Equal(Request.Client, request);
        Assert.Equal(address, $"{settings.Console.ToClient().Address}");
    }

    [Fact]
    public void A_command_is_carried_to_the_client()
    {
        ConsoleClientOptions options = Console("-c", "-k", Key, "-e", "getServer(0):setDown()").ToClient();
        Assert.Equal(("getServer(0):setDown()", Key), (options.Command, options.ReadKey()!.ToBase64()));
    }

    [Theory]
    [InlineData("--setkey", Key)]
    [InlineData("--setkey-file", "/nowhere")]
    [InlineData("--console-acl", "192.0.2.0/24")]
    [InlineData("--console-max-connections", "7")]
    [InlineData("--console-connections-logging", "true")]
    [InlineData("--console-output-max-msg-size", "2000")]
    public void A_flag_of_the_console_without_one_is_refused(string flag, string value)
    {
        Assert.Equal(
            $"{flag}: there is no console for it; offer one with --control-socket, or be the client of one with --client",
            Assert.Throws<OptionException>(() => Server(flag, value)).Message);
        Assert.NotNull(Console("--client", flag, value).ToClient());
    }

    [Fact]
    public void A_key_that_is_none_is_only_refused_where_it_is_used()
    {
        Assert.Null(Server("--control-socket", "/run/fastdist", "-k", "c2hvcnQ=")!.Key);
        ConsoleClientOptions client = Console("-e", "makeKey()", "-k", "c2hvcnQ=").ToClient();
        Assert.StartsWith("--setkey: ", Assert.Throws<OptionException>(client.ReadKey).Message, StringComparison.Ordinal);
        Assert.StartsWith("--setkey: ", Assert.Throws<OptionException>(() => Server("--control-socket", "127.0.0.1", "-k", "c2hvcnQ=")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead, 0)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, 1)]
    public void The_key_may_be_in_a_file_that_is_the_owners_alone(UnixFileMode mode, int warnings)
    {
        using var file = new KeyFile(Key + "\n", mode);
        var warned = new List<string>();

        ConsoleOptions server = Console("--control-socket", "127.0.0.1", "--setkey-file", file.Path).ToServer(warned.Add)!;

        Assert.Equal(Key, server.Key!.ToBase64());
        Assert.Equal(Key, Console("-c", "--setkey-file", file.Path).ToClient().ReadKey()!.ToBase64());
        Assert.Equal(warnings, warned.Count);
        Assert.All(warned, warning => Assert.StartsWith($"--setkey-file '{file.Path}' has mode 404", warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("short", "--setkey-file 'PATH': ")]
    [InlineData("\n", "--setkey-file 'PATH': the file is empty")]
    public void A_file_without_a_key_is_refused(string content, string begin)
    {
        using var file = new KeyFile(content, UnixFileMode.UserRead);

        string message = Assert.Throws<OptionException>(() => Server("--control-socket", "127.0.0.1", "--setkey-file", file.Path)).Message;

        Assert.StartsWith(begin.Replace("PATH", file.Path, StringComparison.Ordinal), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_keys_are_one_too_many() => Assert.Equal(
        "--setkey and --setkey-file both give the console's key: leave one of them out",
        Assert.Throws<OptionException>(() => Server("--control-socket", "127.0.0.1", "-k", Key, "--setkey-file", "/nowhere")).Message);

    [Theory]
    [InlineData("--client 127.0.0.1 127.0.0.2: expected one console", "-c", "127.0.0.1", "127.0.0.2")]
    [InlineData("--client localhost: 'localhost' is not an IP address; write 192.0.2.1, 192.0.2.1:53, 2001:db8::1 or [2001:db8::1]:53 (names cannot be resolved here)", "-c", "localhost")]
    public void What_is_no_console_is_refused(string message, params string[] args) =>
        Assert.Equal(message, Assert.Throws<OptionException>(() => CommandLine.Parse(args)).Message);

    private static ConsoleSettings Console(params string[] args) => CommandLine.Parse(args).Settings.Console;

    private static ConsoleOptions? Server(params string[] args) => Console(args).ToServer(_ => { });

    private sealed class KeyFile : IDisposable
    {
        public KeyFile(string content, UnixFileMode mode)
        {
            File.WriteAllText(Path, content);
            File.SetUnixFileMode(Path, mode);
        }

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
