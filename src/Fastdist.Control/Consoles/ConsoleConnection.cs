using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Control.Secrets;

namespace Fastdist.Control.Consoles;

/// <summary>A client's connection to a console, fastdist's or dnsdist's.</summary>
internal sealed class ConsoleConnection : IDisposable
{
    /// <summary>For the connection to stand, and for the server's nonce.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly NetworkStream _stream;
    private readonly EndPoint _address;
    private readonly MessageStream _messages;

    private ConsoleConnection(NetworkStream stream, EndPoint address, MessageStream messages) => (_stream, _address, _messages) = (stream, address, messages);

    /// <summary>Whether the server has closed the connection: between two commands it has nothing to say.</summary>
    public bool IsLost => _stream.Socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    /// <summary>Connects, and tries the key.</summary>
    /// <param name="address">Over TCP or a Unix socket.</param>
    /// <param name="key">Must be there over TCP; not used over a Unix socket.</param>
    /// <param name="largestReply">Bytes of the longest reply that is read, sealed.</param>
    /// <exception cref="ConsoleException">It does not work out.</exception>
    public static async Task<ConsoleConnection> OpenAsync(EndPoint address, SharedKey? key, int largestReply)
    {
        bool isLocal = address is UnixDomainSocketEndPoint;
        if (!isLocal && key is null)
        {
            throw new ConsoleException("no key: give the console's own with --setkey-file FILE, --setkey BASE64 or in the environment as FASTDIST_CONSOLE_KEY");
        }

        NetworkStream stream = await ConnectAsync(address).ConfigureAwait(false);
        try
        {
            // The server takes its time over a command; replies are read without a limit.
            var frames = new FrameStream(stream, Timeout.InfiniteTimeSpan, TimeProvider.System);
            SecretChannel? channel = isLocal ? null : await ExchangeNoncesAsync(frames, key!, address).ConfigureAwait(false);
            var connection = new ConsoleConnection(stream, address, new MessageStream(frames, channel, largestReply));
            await connection.TryKeyAsync().ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Has a command executed.</summary>
    /// <returns>What the server prints.</returns>
    /// <exception cref="ConsoleException">The connection ended.</exception>
    public async Task<string> ExecuteAsync(string line)
    {
        FrameStatus status = await _messages.WriteAsync(line).ConfigureAwait(false);
        string? reply = null;
        if (status == FrameStatus.Complete)
        {
            (status, reply) = await _messages.ReadAsync(_messages.Largest, CancellationToken.None, CancellationToken.None).ConfigureAwait(false);
        }

        return status switch
        {
            FrameStatus.Complete => Proven(reply),
            FrameStatus.Oversized => throw new ConsoleException($"{_address} sends a reply of more than {_messages.Largest} bytes"),
            FrameStatus.WrongKey => throw new ConsoleException($"{_address} sends what the key does not open; check --setkey-file, --setkey or FASTDIST_CONSOLE_KEY"),
            _ => throw new ConsoleException($"{_address} closed the connection; its log may say why"),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static async Task<NetworkStream> ConnectAsync(EndPoint address)
    {
        Socket socket = address is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = new CancellationTokenSource(ConnectTimeout);
            if (address is IPEndPoint)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            }

            await socket.ConnectAsync(address, limit.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            string reason = exception is SocketException ? exception.Message : $"no answer within {ConnectTimeout.TotalSeconds} s";
            throw new ConsoleException($"cannot connect to the console at {address}: {reason}; is fastdist running with --control-socket {address}?");
        }
    }

    private static async Task<SecretChannel> ExchangeNoncesAsync(FrameStream frames, SharedKey key, EndPoint address)
    {
        var channel = new SecretChannel(key);
        byte[] theirs = new byte[SecretChannel.NonceSize];
        FrameStatus status = await frames.WriteAsync(channel.OwnNonce).ConfigureAwait(false);
        if (status == FrameStatus.Complete)
        {
            using var deadline = new CancellationTokenSource(ConnectTimeout);
            status = await frames.ReadAsync(theirs, deadline.Token, CancellationToken.None).ConfigureAwait(false);
        }

        if (status != FrameStatus.Complete)
        {
            throw new ConsoleException(status == FrameStatus.TimedOut
                ? $"{address} does not answer as a console does; dnsdist has to be built with libsodium"
                : $"{address} closed the connection at once: its console ACL may not list us, it may have no key, or too many connections");
        }

        return channel.Open(theirs)
            ? channel
            : throw new ConsoleException($"{address} sends our own nonce back, so that nothing shows whether it has the key; it is no console");
    }

    /// <summary>The empty command changes nothing, and is only answered when both ends have the same key.</summary>
    private async Task TryKeyAsync()
    {
        (FrameStatus status, string? reply) = await _messages.WriteAsync("").ConfigureAwait(false) == FrameStatus.Complete
            ? await _messages.ReadAsync(_messages.Largest, CancellationToken.None, CancellationToken.None).ConfigureAwait(false)
            : (FrameStatus.Closed, null);
        if (status != FrameStatus.Complete)
        {
            throw new ConsoleException(_address is UnixDomainSocketEndPoint
                ? $"{_address} closed the connection: it may have too many"
                : $"{_address} closed the connection: the key is probably another one there; check --setkey-file, --setkey or FASTDIST_CONSOLE_KEY");
        }

        _ = Proven(reply);
    }

    /// <summary>A console seals the empty reply as well, so that a frame of no bytes may come from whoever has no key.</summary>
    private string Proven(string? reply) => reply is not null || _address is UnixDomainSocketEndPoint
        ? reply ?? ""
        : throw new ConsoleException($"{_address} sends an empty frame, which is not sealed with the key: it is no console, or does not have the key");
}
