using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Control.Consoles;
using Fastdist.Control.Secrets;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Consoles;

/// <summary>What a client makes of a server that does not have the key.</summary>
public class ConsoleConnectionTests
{
    [Fact]
    public async Task An_empty_frame_does_not_show_the_key()
    {
        ConsoleException exception = await RefusalAsync(SharedKey.Create(), async stream =>
        {
            await ReadNonceAsync(stream);
            await ConsoleUnderTest.SendAsync(stream, new SecretChannel(SharedKey.Create()).OwnNonce.ToArray());
            await ConsoleUnderTest.ReadFrameAsync(stream);
            await ConsoleUnderTest.SendAsync(stream, new byte[4]);
        });
        Assert.Contains("sends an empty frame", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_frame_is_no_reply()
    {
        var key = SharedKey.Create();
        ConsoleException exception = await RefusalAsync(key, async stream =>
        {
            var channel = new SecretChannel(key);
            channel.Open(await ReadNonceAsync(stream));
            await ConsoleUnderTest.SendAsync(stream, channel.OwnNonce.ToArray());
            await ConsoleUnderTest.ReadFrameAsync(stream);
            await ConsoleUnderTest.SendAsync(stream, ConsoleUnderTest.Frame(channel.Seal([])));
            await ConsoleUnderTest.ReadFrameAsync(stream);
            await ConsoleUnderTest.SendAsync(stream, new byte[4]);
        });
        Assert.Contains("sends an empty frame", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_sends_everything_back_is_refused()
    {
        ConsoleException exception = await RefusalAsync(SharedKey.Create(), stream => stream.CopyToAsync(stream));
        Assert.Contains("sends our own nonce back", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadNonceAsync(NetworkStream stream)
    {
        byte[] nonce = new byte[SecretChannel.NonceSize];
        await stream.ReadExactlyAsync(nonce).AsTask().WaitAsync(ConsoleUnderTest.Patience);
        return nonce;
    }

    /// <summary>Why a client with this key has enough of a server that does this, at the latest after a command.</summary>
    private static async Task<ConsoleException> RefusalAsync(SharedKey key, Func<NetworkStream, Task> serve)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task served = ServeAsync();
        ConsoleException exception = await Assert.ThrowsAsync<ConsoleException>(async () =>
        {
            using ConsoleConnection client = await ConsoleConnection.OpenAsync(listener.LocalEndpoint, key, ConsoleSettings.DefaultMaxReply);
            await client.ExecuteAsync("showServers()");
        });
        await served.WaitAsync(ConsoleUnderTest.Patience);
        return exception;

        async Task ServeAsync()
        {
            await using var stream = new NetworkStream(await listener.AcceptSocketAsync(), ownsSocket: true);
            await serve(stream);
        }
    }
}
