using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Control.Consoles;

/// <summary>A client's connection, seen from the server: nonces, then a reply to each command until one end has enough.</summary>
/// <param name="stream">The connection.</param>
/// <param name="key">Null over a Unix socket.</param>
/// <param name="execute">Runs a command, by itself.</param>
/// <param name="clock">Measures timeouts.</param>
internal sealed class ConsoleSession(Stream stream, ConsoleKey? key, Func<string, Task<string>> execute, TimeProvider clock)
{
    /// <summary>Bytes of UTF-8 in the longest command.</summary>
    public const int LargestCommand = 65536;

    /// <summary>From the connection's begin to the client's whole nonce.</summary>
    public static readonly TimeSpan NonceTimeout = TimeSpan.FromSeconds(5);

    /// <summary>From a frame's first byte to its last, and for a piece of a reply to be taken.</summary>
    public static readonly TimeSpan FrameTimeout = TimeSpan.FromSeconds(10);

    private readonly FrameStream _frames = new(stream, FrameTimeout, clock);

    /// <summary>Serves the client.</summary>
    /// <param name="stop">No further command is read once this is cancelled; the reply under way is still sent.</param>
    /// <returns>Why it ended.</returns>
    public async Task<FrameStatus> RunAsync(CancellationToken stop)
    {
        SecretChannel? channel = key is null ? null : new SecretChannel(key);
        FrameStatus status = channel is null ? FrameStatus.Complete : await ExchangeNoncesAsync(channel, stop).ConfigureAwait(false);
        var messages = new MessageStream(_frames, channel);
        while (status == FrameStatus.Complete)
        {
            (status, string? line) = await messages.ReadAsync(LargestCommand, stop).ConfigureAwait(false);
            if (status == FrameStatus.Complete)
            {
                status = line is null
                    ? await messages.WriteEmptyFrameAsync().ConfigureAwait(false)
                    : await messages.WriteAsync(await execute(line).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }

        return status;
    }

    private async Task<FrameStatus> ExchangeNoncesAsync(SecretChannel channel, CancellationToken stop)
    {
        byte[] theirs = new byte[SecretChannel.NonceSize];
        FrameStatus status = await _frames.ReadAsync(theirs, NonceTimeout, stop).ConfigureAwait(false);
        if (status != FrameStatus.Complete)
        {
            return status;
        }

        channel.Open(theirs);
        return await _frames.WriteAsync(channel.OwnNonce).ConfigureAwait(false);
    }
}
