using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using Fastdist.Control.Consoles;
using Fastdist.Control.Secrets;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Fastdist.Control.Tests.Consoles;

public class ConsoleServerTests
{
    [Fact]
    public async Task Many_commands_over_one_connection_are_answered_in_order()
    {
        using var console = ConsoleUnderTest.Start();
        using ConsoleConnection client = await console.ConnectAsync();
        for (int i = 0; i < 500; i++)
        {
            Assert.Equal($"[command {i}]\n", await client.ExecuteAsync($"command {i}"));
        }

        Assert.Equal((1, 500), (console.Counters.Connections, console.Counters.Commands));
    }

    [Fact]
    public async Task Commands_of_several_connections_are_executed_one_at_a_time()
    {
        using var console = ConsoleUnderTest.Start();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async id =>
        {
            using ConsoleConnection client = await console.ConnectAsync();
            for (int i = 0; i < 50; i++)
            {
                Assert.Equal($"[{id}.{i}]\n", await client.ExecuteAsync($"{id}.{i}"));
            }
        }));
        Assert.False(console.Commands.HaveMet);
        Assert.Equal(400, console.Counters.Commands);
    }

    [Fact, Trait("Row", "A3")]
    public async Task A_command_that_waits_for_a_file_loses_its_turn_and_is_done_all_the_same()
    {
        using var console = ConsoleUnderTest.Start();
        using ConsoleConnection waiting = await console.ConnectAsync();
        using ConsoleConnection other = await console.ConnectAsync();
        using var file = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int commands = 0;
        console.Commands.OnExecute = () =>
        {
            if (Interlocked.Increment(ref commands) == 1)
            {
                begun.SetResult();
                file.Wait();
            }
        };
        Task<string> reply = waiting.ExecuteAsync("waits");
        await begun.Task;
        Task<string> next = other.ExecuteAsync("other");
        await console.Clock.TimerOfAsync(TimeSpan.FromSeconds(1));
        console.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("[other]\n", await next);

        await console.Clock.TimerOfAsync(TimeSpan.FromSeconds(10));
        console.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.StartsWith("Error: not done after 10 s", await reply, StringComparison.Ordinal);
        file.Set();
        Assert.Equal(2, console.Counters.Commands);
    }

    [Fact]
    public async Task The_empty_command_is_answered_by_an_empty_reply_and_not_counted()
    {
        using var console = ConsoleUnderTest.Start();
        (NetworkStream stream, SecretChannel channel) = await console.ConnectOpenAsync();
        await using (stream)
        {
            await ConsoleUnderTest.SendAsync(stream, ConsoleUnderTest.Frame(channel.Seal([])));
            byte[] reply = await ConsoleUnderTest.ReadFrameAsync(stream);
            Assert.Equal(SecretChannel.Overhead, reply.Length);
            Assert.True(channel.TryOpen(reply, out byte[] message));
            Assert.Empty(message);
            Assert.Equal(0, console.Counters.Commands);
        }
    }

    [Fact]
    public async Task A_frame_of_no_bytes_is_answered_by_one_and_counts_no_nonce()
    {
        using var console = ConsoleUnderTest.Start();
        (NetworkStream stream, SecretChannel channel) = await console.ConnectAuthenticatedAsync();
        await using (stream)
        {
            await ConsoleUnderTest.SendAsync(stream, new byte[4]);
            Assert.Empty(await ConsoleUnderTest.ReadFrameAsync(stream));
            await ConsoleUnderTest.SendAsync(stream, ConsoleUnderTest.Frame(channel.Seal("still in step"u8)));
            Assert.True(channel.TryOpen(await ConsoleUnderTest.ReadFrameAsync(stream), out byte[] message));
            Assert.Equal("[still in step]\n"u8.ToArray(), message);
        }
    }

    [Fact]
    public async Task A_reply_of_a_megabyte_comes_whole()
    {
        using var console = ConsoleUnderTest.Start();
        using ConsoleConnection client = await console.ConnectAsync();
        Assert.Equal(new string('x', 1_000_000), await client.ExecuteAsync("big 1000000"));
    }

    [Fact]
    public async Task A_shorter_longest_reply_is_cut_there()
    {
        using var console = ConsoleUnderTest.Start(o => o with { MaxReply = 2000 });
        using ConsoleConnection client = await console.ConnectAsync();
        string reply = await client.ExecuteAsync("big 3000");
        Assert.Equal(2000 - SecretChannel.Overhead, reply.Length);
        Assert.EndsWith("x\n(cut here: longer than 1984 bytes)\n", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_reads_no_longer_reply_than_it_is_told()
    {
        using var console = ConsoleUnderTest.Start();
        using ConsoleConnection client = await ConsoleConnection.OpenAsync(console.Server.Address, console.Key, 2000);
        Assert.Equal(new string('x', 1984), await client.ExecuteAsync("big 1984"));
        var exception = await Assert.ThrowsAsync<ConsoleException>(() => client.ExecuteAsync("big 1985"));
        Assert.EndsWith("sends a reply of more than 1984 bytes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_connect_and_how_many_at_once_can_change_while_it_runs()
    {
        var options = new ConsoleOptions { Address = new IPEndPoint(IPAddress.Loopback, 0), Key = SharedKey.Create() };
        using var console = ConsoleUnderTest.Start(_ => options);
        using ConsoleConnection first = await console.ConnectAsync();

        console.Server.Replace(options with { MaxConnections = 1 });
        await Assert.ThrowsAsync<ConsoleException>(console.ConnectAsync);
        _ = NetmaskSet.TryParse(["192.0.2.0/24"], out NetmaskSet others, out _);
        console.Server.Replace(options with { Acl = others });
        await Assert.ThrowsAsync<ConsoleException>(console.ConnectAsync);

        Assert.Equal((1, 1), (console.Counters.TooMany, console.Counters.AclDrops));
        Assert.Equal("[still]\n", await first.ExecuteAsync("still"));
        console.Server.Replace(options);
        using ConsoleConnection second = await console.ConnectAsync();
        Assert.Equal("[again]\n", await second.ExecuteAsync("again"));
    }

    [Theory]
    [InlineData(true, LogLevel.Information)]
    [InlineData(false, LogLevel.Debug)]
    public async Task Connections_are_logged_as_they_come_and_go_when_that_is_wanted(bool isWanted, LogLevel level)
    {
        using var console = ConsoleUnderTest.Start(o => o with { LogConnections = isWanted });
        (await console.ConnectAsync()).Dispose();
        await console.EndAsync();
        Assert.Equal([level, level], console.LevelsLogged);
    }

    [Fact]
    public async Task A_reply_longer_than_a_frame_is_cut_and_says_so()
    {
        using var console = ConsoleUnderTest.Start();
        using ConsoleConnection client = await console.ConnectAsync();
        string reply = await client.ExecuteAsync("big 10000000");
        Assert.Equal(10_000_000 - SecretChannel.Overhead, reply.Length);
        Assert.EndsWith("x\n(cut here: longer than 9999984 bytes)\n", reply, StringComparison.Ordinal);
        Assert.Equal("[on]\n", await client.ExecuteAsync("on"));
    }

    [Fact]
    public async Task The_wrong_key_is_closed_and_counted()
    {
        using var console = ConsoleUnderTest.Start();
        var exception = await Assert.ThrowsAsync<ConsoleException>(() => ConsoleConnection.OpenAsync(console.Server.Address, SharedKey.Create(), ConsoleSettings.DefaultMaxReply));
        Assert.Contains("--setkey", exception.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (console.Counters.WrongKey, console.Counters.Commands));
    }

    [Theory]
    [InlineData(65536, true)]
    [InlineData(65537, false)]
    public async Task A_command_of_64_kB_is_the_longest(int length, bool isTaken)
    {
        using var console = ConsoleUnderTest.Start();
        (NetworkStream stream, SecretChannel channel) = await console.ConnectOpenAsync();
        await using (stream)
        {
            byte[] box = channel.Seal(Encoding.UTF8.GetBytes(new string('a', length)));
            await ConsoleUnderTest.SendAsync(stream, ConsoleUnderTest.Frame(box));
            if (isTaken)
            {
                Assert.True(channel.TryOpen(await ConsoleUnderTest.ReadFrameAsync(stream), out byte[] reply));
                Assert.Equal(length + 3, reply.Length);
            }
            else
            {
                Assert.True(await ConsoleUnderTest.IsClosedAsync(stream));
            }

            Assert.Equal(isTaken ? 0 : 1, console.Counters.Oversized);
        }
    }

    [Theory]
    [InlineData("00989681")]
    [InlineData("7FFFFFFF")]
    [InlineData("80000000")]
    [InlineData("FFFFFFFF")]
    public async Task An_oversized_frame_is_refused_when_it_is_announced(string length)
    {
        using var console = ConsoleUnderTest.Start();
        (NetworkStream stream, _) = await console.ConnectOpenAsync();
        await using (stream)
        {
            await ConsoleUnderTest.SendAsync(stream, Convert.FromHexString(length));
            Assert.True(await ConsoleUnderTest.IsClosedAsync(stream));
            Assert.Equal(1, console.Counters.Oversized);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(23)]
    public async Task A_nonce_that_is_not_whole_within_5_seconds_is_closed_and_counted(int length)
    {
        using var console = ConsoleUnderTest.Start();
        await using NetworkStream stream = await console.ConnectRawAsync();
        await ConsoleUnderTest.SendAsync(stream, new byte[length]);
        await console.Clock.TimerOfAsync(TimeSpan.FromSeconds(5));
        console.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(0, console.Counters.Timeouts);
        console.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(await ConsoleUnderTest.IsClosedAsync(stream));
        Assert.Equal(1, console.Counters.Timeouts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    public async Task A_client_that_has_not_shown_its_key_within_5_seconds_of_its_connection_is_closed_and_counted(int length)
    {
        using var console = ConsoleUnderTest.Start();
        await using NetworkStream stream = await console.ConnectRawAsync();
        var channel = new SecretChannel(console.Key);
        await console.Clock.TimerOfAsync(TimeSpan.FromSeconds(5));
        console.Clock.Advance(TimeSpan.FromSeconds(4));
        byte[] theirs = new byte[SecretChannel.NonceSize];
        await ConsoleUnderTest.SendAsync(stream, channel.OwnNonce.ToArray());
        await stream.ReadExactlyAsync(theirs, TestContext.Current.CancellationToken);
        channel.Open(theirs);
        await ConsoleUnderTest.SendAsync(stream, ConsoleUnderTest.Frame(channel.Seal("showServers()"u8))[..length]);
        console.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await ConsoleUnderTest.IsClosedAsync(stream));
        Assert.Equal((1, 0), (console.Counters.Timeouts, console.Counters.Commands));
    }

    [Fact]
    public async Task A_frame_of_no_bytes_before_any_that_the_key_opens_is_closed_and_counted()
    {
        using var console = ConsoleUnderTest.Start();
        (NetworkStream stream, _) = await console.ConnectOpenAsync();
        await using (stream)
        {
            await ConsoleUnderTest.SendAsync(stream, new byte[4]);
            Assert.True(await ConsoleUnderTest.IsClosedAsync(stream));
            Assert.Equal(1, console.Counters.WrongKey);
        }
    }

    [Fact]
    public async Task The_kernel_asks_a_silent_client_whether_it_is_still_there()
    {
        using var console = ConsoleUnderTest.Start();
        using ConsoleConnection client = await console.ConnectAsync();
        string port = $":{((IPEndPoint)console.Server.Address).Port:X4} ";

        // Addresses, the state ESTABLISHED, queues, and as the next timer that of the keep-alive.
        Assert.True(await UntilAsync(() => File.ReadLines("/proc/self/net/tcp").Any(l => l.Contains($"{port}01 ", StringComparison.Ordinal) && IsKeepAlive(l))), "client");
        Assert.True(await UntilAsync(() => File.ReadLines("/proc/self/net/tcp").Any(l => l.Contains($"{port}0100007F:", StringComparison.Ordinal) && IsKeepAlive(l))), "server");

        static bool IsKeepAlive(string line) => line.Contains(" 00000000:00000000 02:", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(30)]
    public async Task A_frame_that_is_not_whole_within_10_seconds_of_its_begin_is_closed_and_counted(int length)
    {
        using var console = ConsoleUnderTest.Start();
        (NetworkStream stream, SecretChannel channel) = await console.ConnectAuthenticatedAsync();
        await using (stream)
        {
            await ConsoleUnderTest.SendAsync(stream, ConsoleUnderTest.Frame(channel.Seal("showServers()"u8))[..length]);
            await console.AdvanceUntilEndAsync(TimeSpan.FromSeconds(10));
            Assert.True(await ConsoleUnderTest.IsClosedAsync(stream));
            Assert.Equal((1, 0), (console.Counters.Timeouts, console.Counters.Commands));
        }
    }

    [Fact]
    public async Task A_client_that_does_not_take_its_reply_is_closed_and_counted()
    {
        using var console = ConsoleUnderTest.Start();
        (NetworkStream stream, SecretChannel channel) = await console.ConnectOpenAsync();
        await using (stream)
        {
            stream.Socket.ReceiveBufferSize = 4096;
            await ConsoleUnderTest.SendAsync(stream, ConsoleUnderTest.Frame(channel.Seal("big 9000000"u8)));

            await stream.ReadExactlyAsync(new byte[4], TestContext.Current.CancellationToken);

            // From here on the only timers are those of pieces to be taken, of which the kernel holds some for the client.
            await console.AdvanceUntilEndAsync(TimeSpan.FromSeconds(10));
            Assert.Equal(1, console.Counters.Timeouts);
        }
    }

    [Fact]
    public async Task A_client_may_be_idle_for_days_between_commands()
    {
        using var console = ConsoleUnderTest.Start();
        using ConsoleConnection client = await console.ConnectAsync();
        Assert.Equal("[a]\n", await client.ExecuteAsync("a"));
        console.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal("[b]\n", await client.ExecuteAsync("b"));
    }

    [Fact]
    public async Task A_command_in_single_bytes_is_executed()
    {
        using var console = ConsoleUnderTest.Start();
        (NetworkStream stream, SecretChannel channel) = await console.ConnectOpenAsync();
        await using (stream)
        {
            stream.Socket.NoDelay = true;
            foreach (byte one in ConsoleUnderTest.Frame(channel.Seal("slow"u8)))
            {
                await ConsoleUnderTest.SendAsync(stream, [one]);
            }

            Assert.True(channel.TryOpen(await ConsoleUnderTest.ReadFrameAsync(stream), out byte[] reply));
            Assert.Equal("[slow]\n"u8.ToArray(), reply);
        }
    }

    [Fact]
    public async Task Whatever_comes_after_the_nonce_ends_in_a_reply_or_a_close_and_the_console_goes_on()
    {
        using var console = ConsoleUnderTest.Start();
        Gen.Byte.Array[0, 200].Array[1, 20].Sample(frames => SendAsync(frames).GetAwaiter().GetResult(), iter: 50, threads: 1);
        using ConsoleConnection client = await console.ConnectAsync();
        Assert.Equal("[on]\n", await client.ExecuteAsync("on"));

        async Task SendAsync(byte[][] frames)
        {
            (NetworkStream stream, _) = await console.ConnectOpenAsync();
            await using (stream)
            {
                await ConsoleUnderTest.SendAsync(stream, [.. frames.SelectMany(ConsoleUnderTest.Frame)]);
            }
        }
    }

    [Fact]
    public async Task Who_is_not_on_the_list_is_closed_and_counted()
    {
        Assert.True(NetmaskSet.TryParse(["192.0.2.0/24"], out NetmaskSet acl, out _));
        using var console = ConsoleUnderTest.Start(o => o with { Acl = acl });
        var exception = await Assert.ThrowsAsync<ConsoleException>(console.ConnectAsync);
        Assert.Contains("ACL", exception.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (console.Counters.AclDrops, console.Counters.Connections));
    }

    [Fact]
    public async Task One_connection_more_than_allowed_is_closed_and_counted()
    {
        using var console = ConsoleUnderTest.Start(o => o with { MaxConnections = 2 });
        using ConsoleConnection first = await console.ConnectAsync();
        using (ConsoleConnection second = await console.ConnectAsync())
        {
            await Assert.ThrowsAsync<ConsoleException>(console.ConnectAsync);
            Assert.Equal((2, 1), (console.Counters.Connections, console.Counters.TooMany));
            Assert.Equal("[on]\n", await second.ExecuteAsync("on"));
        }

        await console.EndAsync();
        Assert.Equal("[on]\n", await first.ExecuteAsync("on"));
        using ConsoleConnection third = await console.ConnectAsync();
        Assert.Equal("[on]\n", await third.ExecuteAsync("on"));
    }

    [Fact]
    public async Task A_fault_of_ours_costs_one_connection_and_not_its_place()
    {
        using var console = ConsoleUnderTest.Start(o => o with { MaxConnections = 1 });
        console.Clock.IsBroken = true;
        await using (NetworkStream stream = await console.ConnectRawAsync())
        {
            Assert.True(await ConsoleUnderTest.IsClosedAsync(stream));
        }

        await console.EndAsync();
        console.Clock.IsBroken = false;
        using ConsoleConnection next = await console.ConnectAsync();
        Assert.Equal("[on]\n", await next.ExecuteAsync("on"));
    }

    [Fact]
    public async Task Stopping_sends_the_reply_that_is_under_way_and_closes_the_connections()
    {
        var replies = new List<string>();
        using var console = ConsoleUnderTest.Start();
        using ConsoleConnection idle = await console.ConnectAsync();
        using ConsoleConnection busy = await console.ConnectAsync();
        console.Commands.OnExecute = () => console.Commands.Stopping = Task.Run(console.Server.Dispose);
        replies.Add(await busy.ExecuteAsync("shutdown()"));
        await console.Commands.Stopping!.WaitAsync(ConsoleUnderTest.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(["[shutdown()]\n"], replies);
        await Assert.ThrowsAsync<ConsoleException>(() => idle.ExecuteAsync("late"));
        await Assert.ThrowsAsync<ConsoleException>(console.ConnectAsync);
    }

    [Fact]
    public void Over_tcp_there_must_be_a_key() =>
        Assert.Throws<ArgumentException>(() => ConsoleServer.Bind(new ConsoleOptions { Address = new IPEndPoint(IPAddress.Loopback, 0) }, NullLogger.Instance));

    [Fact]
    public void An_address_in_use_is_refused_by_name()
    {
        using var console = ConsoleUnderTest.Start();
        var exception = Assert.Throws<System.ComponentModel.Win32Exception>(() => ConsoleUnderTest.Start(o => o with { Address = console.Server.Address }));
        Assert.StartsWith($"cannot bind to {console.Server.Address}: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_line_of_the_statistics_has_every_counter()
    {
        using var console = ConsoleUnderTest.Start();
        using ConsoleConnection client = await console.ConnectAsync();
        await client.ExecuteAsync("one");
        Assert.Equal("stats console connections=1 acl-drops=0 too-many-connections=0 wrong-key=0 oversized=0 timeouts=0 commands=1", $"{console.Counters}");
    }

    /// <summary>Looks again and again: the kernel tells nobody what timers it sets.</summary>
    private static async Task<bool> UntilAsync(Func<bool> holds)
    {
        for (DateTime bound = DateTime.UtcNow + ConsoleUnderTest.Patience; DateTime.UtcNow < bound;)
        {
            if (holds())
            {
                return true;
            }

            await Task.Delay(1);
        }

        return false;
    }
}
