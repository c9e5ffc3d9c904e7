using System;
using System.ComponentModel;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Control.Consoles;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Consoles;

public sealed class UnixSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fastdist-console-").FullName;

    private string File => Path.Combine(_folder, "console");

    private UnixDomainSocketEndPoint Address => new(File);

    [Fact]
    public async Task Commands_are_answered_without_a_key()
    {
        using var console = Start();
        using var client = await ConsoleConnection.OpenAsync(Address, key: null, ConsoleSettings.DefaultMaxReply);
        Assert.Equal("[showServers()]\n", await client.ExecuteAsync("showServers()"));
        Assert.Equal(1, console.Counters.Commands);
    }

    [Fact]
    public async Task Frames_are_those_of_tcp_in_the_clear()
    {
        using var console = Start();
        await using NetworkStream stream = await console.ConnectRawAsync();
        await ConsoleUnderTest.SendAsync(stream, "\0\0\0\x2hi"u8.ToArray());
        Assert.Equal("[hi]\n"u8.ToArray(), await ConsoleUnderTest.ReadFrameAsync(stream));
        await ConsoleUnderTest.SendAsync(stream, new byte[4]);
        Assert.Empty(await ConsoleUnderTest.ReadFrameAsync(stream));
    }

    [Fact]
    public void Only_the_owner_may_connect_and_the_file_goes_with_the_console()
    {
        using (Start())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }

        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task A_stale_file_is_replaced()
    {
        LeaveStale();
        Assert.True(System.IO.File.Exists(File));
        using var console = Start();
        using var client = await ConsoleConnection.OpenAsync(Address, key: null, ConsoleSettings.DefaultMaxReply);
        Assert.Equal("[on]\n", await client.ExecuteAsync("on"));
    }

    [Fact]
    public void A_socket_that_is_listened_on_is_refused_and_stays()
    {
        using var console = Start();
        Assert.Equal(
            "another process is listening there; stop it or use another name",
            Assert.Throws<Win32Exception>(Start).Message);
        Assert.True(System.IO.File.Exists(File));
    }

    [Fact]
    public void A_file_that_is_no_socket_is_refused_and_stays()
    {
        System.IO.File.WriteAllText(File, "precious");
        Assert.StartsWith(
            "there is a file of that name that is no socket", Assert.Throws<Win32Exception>(Start).Message, StringComparison.Ordinal);
        Assert.Equal("precious", System.IO.File.ReadAllText(File));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ConsoleUnderTest Start() => ConsoleUnderTest.Start(o => o with { Address = Address, Key = null });

    /// <summary>A socket's file whose process was killed: under another name while the socket is closed, which would remove it.</summary>
    private void LeaveStale()
    {
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(Address);
            System.IO.File.Move(File, File + ".kept");
        }

        System.IO.File.Move(File + ".kept", File);
    }
}
