using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Control.Dialogue;
using Fastdist.Control.Secrets;
using Fastdist.Ring;
using Microsoft.Extensions.Logging;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Control.Consoles;

/// <summary>
/// The console: lets clients in and runs their commands one at a time, whichever connection they come by. None of it
/// touches a shard's thread. A command that waits for a file, which may be for ever, loses its turn after a second and is answered
/// after ten. Bound and started apart, so that the caller can drop privileges between.
/// </summary>
public sealed class ConsoleServer : IDisposable
{
    private static readonly TimeSpan RestWhenOutOfDescriptors = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastReplies = TimeSpan.FromSeconds(1);

    /// <summary>Commands that may be under way, each on a thread of its own, though all but one have lost their turn.</summary>
    private const int MostCommands = 32;

    /// <summary>After which another command may begin.</summary>
    private static readonly TimeSpan TurnPatience = TimeSpan.FromSeconds(1);

    /// <summary>After which a client is told that its command still runs, and may send another.</summary>
    private static readonly TimeSpan ReplyPatience = TimeSpan.FromSeconds(10);

    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _room = new(MostCommands);
    private readonly ConcurrentDictionary<Socket, Task> _sessions = new();
    private volatile ConsoleOptions _options;
    private IConsoleCommands? _commands;
    private Task _accepting = Task.CompletedTask;

    private ConsoleServer(ConsoleOptions options, ConsoleCounters counters, ILogger log, TimeProvider clock)
    {
        Counters = counters;
        _options = options;
        _log = log;
        _clock = clock;
        _listener = ConsoleListener.Open(options);
        Address = _listener.LocalEndPoint!;
    }

    /// <summary>What was done and refused.</summary>
    public ConsoleCounters Counters { get; }

    /// <summary>Where it listens, the port settled.</summary>
    public EndPoint Address { get; }

    /// <summary>Binds the socket; connections wait until <see cref="Start"/>.</summary>
    /// <param name="options">Where, and for whom.</param>
    /// <param name="log">Told of each connection and why it ended.</param>
    /// <param name="counters">Where to count; null for new ones.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The address cannot be bound.</exception>
    /// <exception cref="ArgumentException">Over TCP without a key.</exception>
    public static ConsoleServer Bind(ConsoleOptions options, ILogger log, ConsoleCounters? counters = null) => Bind(options, log, TimeProvider.System, counters);

    internal static ConsoleServer Bind(ConsoleOptions options, ILogger log, TimeProvider clock, ConsoleCounters? counters = null) =>
        options.Key is not null || options.Address is UnixDomainSocketEndPoint
            ? new ConsoleServer(options, counters ?? new ConsoleCounters(), log, clock)
            : throw new ArgumentException("a console over TCP needs a key", nameof(options));

    /// <summary>Begins to accept.</summary>
    public void Start(IConsoleCommands commands)
    {
        _commands = commands;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Goes by other settings from the next connection on, but for the address and the key, which are the start's.</summary>
    public void Replace(ConsoleOptions options) => _options = options with { Address = _options.Address, Key = _options.Key };

    /// <summary>Stops accepting and reading, sends the replies under way, and closes every connection.</summary>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _stop.Cancel();
        _listener.Dispose();
        _accepting.Wait();
        Task.WhenAny(Task.WhenAll(_sessions.Values), Task.Delay(LastReplies, _clock)).Wait();
        foreach (Socket socket in _sessions.Keys)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        bool hasSaid = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                hasSaid = false;
                Admit(socket);
            }
            catch (SocketException exception) when (!_stop.IsCancellationRequested)
            {
                if (!hasSaid)
                {
                    hasSaid = true;
                    _log.ConsoleCannotAccept(Describe(exception));
                }

                await Task.Delay(RestWhenOutOfDescriptors).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private void Admit(Socket socket)
    {
        ConsoleOptions options = _options;
        string client = DescribePeer(socket);
        if (!IsAllowed(options, socket.RemoteEndPoint))
        {
            Counters.CountAclDrop();
            _log.ConsoleRefusedByAcl(client);
            socket.Dispose();
        }
        else if (options.MaxConnections > 0 && _sessions.Count >= options.MaxConnections)
        {
            Counters.CountTooMany();
            _log.ConsoleRefusedTooMany(client, options.MaxConnections);
            socket.Dispose();
        }
        else
        {
            Counters.CountConnection();
            _log.ConsoleConnected(LevelOfConnections(options), client);
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _sessions[socket] = ServeAsync(socket, client, options, started.Task);
            started.SetResult();
        }
    }

    /// <summary>Serves one client once it is in the table, from which it takes itself.</summary>
    private async Task ServeAsync(Socket socket, string client, ConsoleOptions options, Task started)
    {
        await started.ConfigureAwait(false);
        SharedKey? key = options.Address is UnixDomainSocketEndPoint ? null : options.Key;
        FrameStatus end = FrameStatus.Closed;
        try
        {
            if (key is not null)
            {
                socket.NoDelay = true;

                // A client may be silent for days; one whose host is gone has no more need of its place.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            }

            await using var stream = new NetworkStream(socket, ownsSocket: true);
            end = await new ConsoleSession(stream, key, options.MaxReply, ExecuteAsync, _clock).RunAsync(_stop.Token).ConfigureAwait(false);
            Counters.CountEnd(end);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // It was gone before it was served.
        }
        catch (Exception exception)
        {
            // A fault of ours is one connection's end: the others go on, and so does stopping, which waits for this task.
            _log.ConsoleFailed(client, exception.Message);
        }
        finally
        {
            socket.Dispose();
            _sessions.TryRemove(socket, out _);
        }

        LogEnd(client, options, end);
    }

    private async Task<string> ExecuteAsync(string line)
    {
        if (!await _room.WaitAsync(ReplyPatience).ConfigureAwait(false))
        {
            return $"Error: {MostCommands} commands wait for files: try again later\n";
        }

        Task<string> command = await BeginAsync(line).ConfigureAwait(false);
        return await IsDoneWithinAsync(command, ReplyPatience).ConfigureAwait(false)
            ? await command.ConfigureAwait(false)
            : $"Error: not done after {ReplyPatience.TotalSeconds:0} s, most likely waiting for a file; it goes on, and the log tells how it ends\n";
    }

    /// <summary>Runs a command when its turn comes, until it is done or has lost it.</summary>
    private async Task<Task<string>> BeginAsync(string line)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (line.Length > 0)
            {
                Counters.CountCommand();
            }

            Task<string> command = Task.Factory.StartNew(() => Execute(line), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await IsDoneWithinAsync(command, TurnPatience).ConfigureAwait(false);
            return command;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<bool> IsDoneWithinAsync(Task<string> command, TimeSpan patience)
    {
        try
        {
            await command.WaitAsync(patience, _clock).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private string Execute(string line)
    {
        try
        {
            return _commands!.Execute(line);
        }
        finally
        {
            _room.Release();
        }
    }

    private static LogLevel LevelOfConnections(ConsoleOptions options) => options.LogConnections ? LogLevel.Information : LogLevel.Debug;

    private static bool IsAllowed(ConsoleOptions options, EndPoint? peer) => peer switch
    {
        IPEndPoint ip => options.Acl.Contains(SocketAddress.From(ip)),
        _ => options.Address is UnixDomainSocketEndPoint,
    };

    // To .NET a want of descriptors is one error, the process's and the system's.
    private static string Describe(SocketException exception) =>
        exception.SocketErrorCode == SocketError.TooManyOpenSockets && Descriptors.Probe(1) is not 0 and int errno ? Sockets.Describe(errno) : exception.Message;

    private static string DescribePeer(Socket socket) => socket.RemoteEndPoint is IPEndPoint ip ? $"{ip}" : "a local client";

    private void LogEnd(string client, ConsoleOptions options, FrameStatus end)
    {
        switch (end)
        {
            case FrameStatus.TimedOut:
                _log.ConsoleClosed(client, "too slow with its nonce, its first command, the rest of one or taking a reply (a client built without libsodium sends half a nonce)");
                break;
            case FrameStatus.Oversized:
                _log.ConsoleClosed(client, $"a command longer than {ConsoleSession.LargestCommand} bytes");
                break;
            case FrameStatus.WrongKey:
                _log.ConsoleClosed(client, "its key is not ours, see --setkey-file and --setkey");
                break;
            default:
                _log.ConsoleDisconnected(LevelOfConnections(options), client);
                break;
        }
    }
}
