using System;
using System.IO;
using System.Text;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

/// <summary>Files of a configuration: what may be in which, and what is said of one that cannot be read.</summary>
public class FileTests
{
    [Fact]
    public void Files_of_a_directory_are_read_in_the_order_of_their_names_but_for_hidden_ones_and_others()
    {
        using Configured configured = new Configured()
            .Write("fastdist.conf", "seen = ''\nincludeDirectory(here .. '/conf.d')\nnewServer({address='192.0.2.1', name=seen})")
            .Write("conf.d/20.conf", "seen = seen .. 'b'").Write("conf.d/10.conf", "seen = seen .. 'a'").Write("conf.d/.30.conf", "seen = seen .. 'x'")
            .Write("conf.d/40.txt", "seen = seen .. 'x'").Write("conf.d/deeper/50.conf", "seen = seen .. 'x'");
        configured.Write("fastdist.conf", $"seen = ''\nincludeDirectory('{configured["conf.d"]}')\nnewServer({{address='192.0.2.1', name=seen}})").Read();
        Assert.Empty(configured.Problems);
        Assert.Equal("ab", Assert.Single(configured.Settings.Proxy.Backends).Name);
    }

    [Fact]
    public void A_file_of_a_directory_may_ask_for_no_other_directory()
    {
        using var configured = new Configured();
        configured.Write("conf.d/10.conf", $"includeDirectory('{configured["conf.d"]}')").Write("fastdist.conf", $"includeDirectory('{configured["conf.d"]}')").Read();
        Assert.Equal(["conf.d/10.conf:1: includeDirectory: 'conf.d' is asked for by a file that was itself included so: write includeDirectory into the configuration itself"], configured.Problems);
    }

    [Fact]
    public void A_directory_that_there_is_not_is_named()
    {
        using var configured = Configured.Read("includeDirectory('/nowhere')\nnewServer('nowhere')");
        Assert.Equal("fastdist.conf:1: includeDirectory: cannot read the directory '/nowhere': there is none", configured.Problems[0]);
        Assert.StartsWith("fastdist.conf:2: newServer: ", configured.Problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Modules_are_found_in_the_configurations_own_folder()
    {
        using Configured configured = new Configured().Write("servers.lua", "return { address = '192.0.2.7' }").Write("fastdist.conf", "newServer(require('servers'))").Read();
        Assert.Empty(configured.Problems);
        Assert.Equal("192.0.2.7:53", $"{Assert.Single(configured.Settings.Proxy.Backends).Address}");
    }

    [Fact]
    public void A_file_of_a_script_that_there_is_not_ends_it_with_its_line()
    {
        using var configured = Configured.Read("newServer('192.0.2.1')\ndofile('/nowhere.lua')\nnewServer('192.0.2.2')");
        Assert.Contains("/nowhere.lua", Assert.Single(configured.Problems), StringComparison.Ordinal);
        Assert.Single(configured.Settings.Proxy.Backends);
    }

    [Fact]
    public void What_is_no_lua_is_named_with_its_line()
    {
        using var configured = Configured.Read("newServer('192.0.2.1')\nthis is no Lua\n");
        Assert.StartsWith("fastdist.conf:2: ", Assert.Single(configured.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_the_middle_leaves_what_was_said_before_checked()
    {
        using var configured = Configured.Read("newServer('nowhere')\nlocal x = nil + 1\nnewServer('nowhere either')");
        Assert.Equal(2, configured.Problems.Count);
        Assert.StartsWith("fastdist.conf:1: newServer: ", configured.Problems[0], StringComparison.Ordinal);
        Assert.StartsWith("fastdist.conf:2: attempt to perform arithmetic on a nil value", configured.Problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_nearly_one_of_ours_is_guessed()
    {
        using var configured = Configured.Read("newSever('192.0.2.1')");
        Assert.StartsWith("fastdist.conf:1: attempt to call global 'newSever' (a nil value)", Assert.Single(configured.Problems), StringComparison.Ordinal);
        Assert.Contains("newServer", configured.Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_file_that_others_may_write_root_reads_nothing()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root is to be careful");
        using Configured configured = new Configured().Write("fastdist.conf", "newServer('192.0.2.1')");
        File.SetUnixFileMode(configured["fastdist.conf"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        configured.Read();
        Assert.Contains("fastdist.conf", Assert.Single(configured.Problems), StringComparison.Ordinal);
        Assert.Empty(configured.Settings.Proxy.Backends);
    }

    [Fact]
    public void A_file_that_there_is_not_is_named()
    {
        using Configured configured = new Configured().Read();
        Assert.Equal(["-C 'fastdist.conf': no such file"], configured.Problems);
    }

    [Theory]
    [InlineData(".yml")]
    [InlineData(".yaml")]
    public void Yaml_is_told_from_lua(string extension)
    {
        using Configured configured = new Configured().Write($"dnsdist{extension}", "binds: []");
        configured.Read(settings => settings with { ConfigurationFile = configured[$"dnsdist{extension}"] });
        Assert.Equal([$"-C 'dnsdist{extension}': YAML is not read: write what it says in Lua, by the functions of the same names"], configured.Problems);
    }

    [Fact]
    public void A_megabyte_of_configuration_is_read()
    {
        var text = new StringBuilder("newServer('192.0.2.1')\n");
        for (int line = 0; text.Length < 1 << 20; line++)
        {
            text.Append($"setMaxTCPConnectionsPerClient({line % 1000}) -- line {line}\n");
        }

        using var configured = Configured.Read($"{text}-- the end\nsetUDPTimeout(7)");
        Assert.Empty(configured.Problems);
        Assert.Equal(7, Assert.Single(configured.Settings.Proxy.Backends).UdpTimeout);
    }

    [Fact]
    public void A_table_of_a_million_entries_is_no_burden()
    {
        using var configured = Configured.Read("local t = {}\nfor i = 1, 1000000 do t[i] = 'name' .. i end\nnewServer({address='192.0.2.1', name=t[1000000]})");
        Assert.Empty(configured.Problems);
        Assert.Equal("name1000000", Assert.Single(configured.Settings.Proxy.Backends).Name);
    }

    [Fact]
    public void A_list_is_read_line_by_line()
    {
        using Configured configured = new Configured().Write("list.txt", "192.0.2.1\n192.0.2.2\n");
        configured.Write("fastdist.conf", $"for line in io.lines('{configured["list.txt"]}') do newServer(line) end").Read();
        Assert.Empty(configured.Problems);
        Assert.Equal(2, configured.Settings.Proxy.Backends.Count);
    }

    [Fact]
    public void A_consoles_client_wants_address_and_key_only()
    {
        const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        using Configured configured = new Configured().Write("fastdist.conf", $"""
            newServer('nowhere'):setUp()
            getPool('x'):setCache(newPacketCache(10))
            addAction(AllRule(), DropAction())
            webserver('nowhere')
            controlSocket('127.0.0.1:5200')
            setKey('{Key}')
            """);
        configured.Read(isForClient: true);
        Assert.Empty(configured.Problems);
        Assert.Equal(("127.0.0.1:5200", Key), ($"{configured.Settings.Console.ControlSocket}", configured.Settings.Console.Key));
    }

    [Fact]
    public void More_problems_than_anybody_mends_at_once_are_counted()
    {
        using var configured = Configured.Read("for i = 1, 150 do newServer('nowhere') end");
        Assert.Equal(101, configured.Problems.Count);
        Assert.Equal("... and 50 more", configured.Problems[^1]);
    }

    [Fact]
    public void Without_a_right_to_commands_there_are_none()
    {
        using var configured = Configured.Read("os.execute('true')");
        Assert.StartsWith("fastdist.conf:1: ", Assert.Single(configured.Problems), StringComparison.Ordinal);
        using var allowed = Configured.Read("if os.execute('true') ~= 0 then error('failed') end", settings => settings with { LuaUnsafe = true });
        Assert.Empty(allowed.Problems);
    }
}
