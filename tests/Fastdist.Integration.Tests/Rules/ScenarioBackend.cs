using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>A server of plain DNS, over UDP and TCP, that gives the answers of <see cref="ScenarioAnswers"/> and remembers what it was asked.</summary>
internal sealed class ScenarioBackend : IAsyncDisposable
{
    private readonly string _name;
    private readonly Socket _datagrams;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly ConcurrentDictionary<string, byte> _answeredOnce = new(StringComparer.Ordinal);

    public ScenarioBackend(string name)
    {
        _name = name;
        EndPoint = Ports.Next();
        _datagrams = Datagrams.Bind(EndPoint);
        _listener = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(EndPoint);
        _listener.Listen();
        _running = Task.WhenAll(ServeDatagramsAsync(), AcceptAsync());
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>
    /// What it was asked since this was last called, each query once however often it came: its name, and the query without the ID.
    /// </summary>
    public List<string> TakeSeen()
    {
        var taken = new List<string>();
        while (_seen.TryDequeue(out string? line))
        {
            if (!taken.Contains(line))
            {
                taken.Add(line);
            }
        }

        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _running;
        _datagrams.Dispose();
        _stopping.Dispose();
    }

    private byte[]? Answer(byte[] query, bool overUdp)
    {
        _seen.Enqueue($"> {_name} {AnswerText.HexOf(query)}");
        bool isOver = ScenarioAnswers.FirstLabelOf(query).StartsWith(ScenarioAnswers.Once, StringComparison.Ordinal) && !_answeredOnce.TryAdd(ScenarioAnswers.FirstLabelOf(query), 0);
        return isOver ? null : ScenarioAnswers.To(query, overUdp);
    }

    private async Task ServeDatagramsAsync()
    {
        await foreach ((byte[] query, SocketAddress sender) in Datagrams.ReceiveAsync(_datagrams, _stopping.Token))
        {
            if (Answer(query, overUdp: true) is { } answer)
            {
                Datagrams.Try(() => _datagrams.SendTo(answer, SocketFlags.None, sender));
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stopping.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            byte[] length = new byte[2];
            while (true)
            {
                await stream.ReadExactlyAsync(length, _stopping.Token);
                byte[] query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query, _stopping.Token);
                if (Answer(query, overUdp: false) is { } answer)
                {
                    await stream.WriteAsync(Message.Framed(answer), _stopping.Token);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The proxy has closed, or the scenario is over.
        }
    }
}
