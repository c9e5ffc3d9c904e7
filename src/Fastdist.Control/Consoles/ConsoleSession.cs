using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Control.Secrets;

namespace Fastdist.Control.Consoles;

/// <summary>A client's connection, seen from the server: nonces, then a reply to each command until one end has enough.</summary>
/// <param name="stream">The connection.</param>
/// <param name="key">Null over a Unix socket.</param>
/// <param name="largestReply">Bytes of the longest reply, sealed.</param>
/// <param name="execute">Runs a command, by itself.</param>
/// <param name="clock">Measures timeouts.</param>
internal sealed class ConsoleSession(Stream stream, SharedKey? key, int largestReply, Func<string, Task<string>> execute, TimeProvider clock)
{
    /// <summary>Bytes of UTF-8 in the longest command.</summary>
    public const int LargestCommand = 65536;

    /// <summary>From the connection's begin to the end of the first frame that the key opens.</summary>
    public static readonly TimeSpan KeyTimeout = TimeSpan.FromSeconds(5);

    /// <summary>From a frame's first byte to its last, and for a piece of a reply to be taken.</summary>
    public static readonly TimeSpan FrameTimeout = TimeSpan.FromSeconds(10);

    private readonly FrameStream _frames = new(stream, FrameTimeout, clock);

    /// <summary>Serves the client.</summary>
    /// <param name="stop">No further command is read once this is cancelled; the reply under way is still sent.</param>
    /// <returns>Why it ended.</returns>
    public async Task<FrameStatus> RunAsync(CancellationToken stop)
    {
        if (key is null)
        {
            return await ServeAsync(new MessageStream(_frames, null, largestReply), stop).ConfigureAwait(false);
        }

        var channel = new SecretChannel(key);
        var messages = new MessageStream(_frames, channel, largestReply);
        (FrameStatus status, string? first) = await AuthenticateAsync(channel, messages, stop).ConfigureAwait(false);
        if (status == FrameStatus.Complete)
        {
            status = await ReplyAsync(messages, first).ConfigureAwait(false);
        }

        return status == FrameStatus.Complete ? await ServeAsync(messages, stop).ConfigureAwait(false) : status;
    }

    /// <summary>Exchanges nonces and reads the first command; whoever has no key gets no further, and no more time.</summary>
    private async Task<(FrameStatus Status, string? First)> AuthenticateAsync(SecretChannel channel, MessageStream messages, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(KeyTimeout, clock);
        FrameStatus status = await ExchangeNoncesAsync(channel, deadline.Token, stop).ConfigureAwait(false);
        if (status != FrameStatus.Complete)
        {
            return (status, null);
        }

        (status, string? first) = await messages.ReadAsync(LargestCommand, deadline.Token, stop).ConfigureAwait(false);

        // A frame of no bytes is not sealed, and so shows no key.
        return status == FrameStatus.Complete && first is null ? (FrameStatus.WrongKey, null) : (status, first);
    }

    private async Task<FrameStatus> ExchangeNoncesAsync(SecretChannel channel, CancellationToken deadline, CancellationToken stop)
    {
        byte[] theirs = new byte[SecretChannel.NonceSize];
        FrameStatus status = await _frames.ReadAsync(theirs, deadline, stop).ConfigureAwait(false);
        if (status != FrameStatus.Complete)
        {
            return status;
        }

        return channel.Open(theirs) ? await _frames.WriteAsync(channel.OwnNonce).ConfigureAwait(false) : FrameStatus.WrongKey;
    }

    private async Task<FrameStatus> ServeAsync(MessageStream messages, CancellationToken stop)
    {
        FrameStatus status = FrameStatus.Complete;
        while (status == FrameStatus.Complete)
        {
            (status, string? line) = await messages.ReadAsync(LargestCommand, CancellationToken.None, stop).ConfigureAwait(false);
            if (status == FrameStatus.Complete)
            {
                status = await ReplyAsync(messages, line).ConfigureAwait(false);
            }
        }

        return status;
    }

    private async Task<FrameStatus> ReplyAsync(MessageStream messages, string? line) => line is null
        ? await messages.WriteEmptyFrameAsync().ConfigureAwait(false)
        : await messages.WriteAsync(await execute(line).ConfigureAwait(false)).ConfigureAwait(false);
}
