using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A web server of one page, to see whether a client that resolves by us arrives.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly Socket _listener = RogueBackend.Listen(Ports.Address);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    public WebServer() => _serving = ServeAsync();

    /// <summary>What its page says.</summary>
    public const string Page = "reached by name";

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptAsync(_stopping.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end of the test.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            using var request = new StreamReader(stream);
            while (await request.ReadLineAsync(_stopping.Token) is { Length: > 0 })
            {
                // Whatever it is.
            }

            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Page.Length}\r\nConnection: close\r\n\r\n{Page}"),
                _stopping.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // A client that left.
        }
    }
}
