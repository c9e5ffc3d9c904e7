using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Control.Consoles;

/// <summary>
/// Messages of text over frames: sealed over TCP, and as they are over a Unix socket, where the file's permissions
/// say who may connect. A frame of no bytes is never sealed; it asks for one like it.
/// </summary>
/// <param name="frames">The connection.</param>
/// <param name="channel">Seals and opens; null over a Unix socket.</param>
/// <param name="largestFrame">Bytes of the longest message, sealed.</param>
internal sealed class MessageStream(FrameStream frames, SecretChannel? channel, int largestFrame)
{
    /// <summary>Bytes of UTF-8 in the longest message.</summary>
    public int Largest => largestFrame - SecretChannel.Overhead;

    /// <summary>Reads the next message; null when the frame had no bytes.</summary>
    /// <param name="largest">Bytes of UTF-8 it may have.</param>
    /// <param name="deadline">Its time is up.</param>
    /// <param name="stop">We are stopping.</param>
    public async Task<(FrameStatus Status, string? Text)> ReadAsync(int largest, CancellationToken deadline, CancellationToken stop)
    {
        int overhead = channel is null ? 0 : SecretChannel.Overhead;
        (FrameStatus status, byte[] body) = await frames.ReadFrameAsync(largest + overhead, deadline, stop).ConfigureAwait(false);
        if (status != FrameStatus.Complete || body.Length == 0)
        {
            return (status, null);
        }

        if (channel is not null && !channel.TryOpen(body, out body))
        {
            return (FrameStatus.WrongKey, null);
        }

        return (FrameStatus.Complete, Encoding.UTF8.GetString(body));
    }

    /// <summary>Writes a message; what is too long for one is cut.</summary>
    public Task<FrameStatus> WriteAsync(string text)
    {
        byte[] message = Encoding.UTF8.GetBytes(text);
        if (message.Length > Largest)
        {
            message = Cut(message);
        }

        return frames.WriteFrameAsync(channel is null ? message : channel.Seal(message));
    }

    /// <summary>Writes the frame of no bytes.</summary>
    public Task<FrameStatus> WriteEmptyFrameAsync() => frames.WriteFrameAsync(ReadOnlyMemory<byte>.Empty);

    private byte[] Cut(byte[] message)
    {
        byte[] note = Encoding.UTF8.GetBytes($"\n(cut here: longer than {Largest} bytes)\n");
        int end = Largest - note.Length;

        // Not within a character: its later bytes are 10xxxxxx.
        while ((message[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return [.. message.AsSpan(0, end), .. note];
    }
}
