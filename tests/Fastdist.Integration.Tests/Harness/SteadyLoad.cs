using System;
using System.Collections.Concurrent;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>Queries at a steady rate over one TCP connection, whatever has been answered; every answer is kept.</summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly DnsTcpClient _client;
    private readonly Func<int, string> _nameOf;
    private readonly TimeSpan _pause;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<ParsedMessage> _answers = new();
    private readonly Task _sending;
    private readonly Task _receiving;
    private int _sent;

    private SteadyLoad(DnsTcpClient client, Func<int, string> nameOf, int perSecond)
    {
        _client = client;
        _nameOf = nameOf;
        _pause = TimeSpan.FromSeconds(1.0 / perSecond);
        _sending = SendAsync();
        _receiving = ReceiveAsync();
    }

    public int Sent => Volatile.Read(ref _sent);

    public int Answered => _answers.Count;

    /// <param name="server">Who is asked.</param>
    /// <param name="nameOf">The name of the first query (0), of the second, and so on.</param>
    /// <param name="perSecond">Queries a second, at most 1,000.</param>
    public static async Task<SteadyLoad> StartAsync(IPEndPoint server, Func<int, string> nameOf, int perSecond = 200) =>
        new(await DnsTcpClient.ConnectAsync(server), nameOf, perSecond);

    /// <summary>Waits until this many more were sent.</summary>
    public Task SendsAsync(int more)
    {
        int enough = Sent + more;
        return Patience.UntilAsync(() => Sent >= enough, $"{more} more queries");
    }

    /// <summary>Waits until all that was sent before, and this many more, are answered.</summary>
    public Task IsAnsweredAsync(int more)
    {
        int enough = Sent + more;
        return Patience.UntilAsync(() => Answered >= enough, $"{enough} answers, of which there are {Answered}");
    }

    /// <summary>Asks no more and gives every answer, those waited for that are still to come.</summary>
    public async Task<ParsedMessage[]> StopAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
        await IsAnsweredAsync(0);
        return [.. _answers];
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
        _client.Dispose();
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task SendAsync()
    {
        using var tick = new PeriodicTimer(_pause);
        try
        {
            while (await tick.WaitForNextTickAsync(_stopping.Token))
            {
                int number = _sent;
                await _client.SendAsync(Message.Query(_nameOf(number), id: number & 0xffff));
                Volatile.Write(ref _sent, number + 1);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the load.
        }
    }

    private async Task ReceiveAsync()
    {
        while (await _client.ReceiveRawAsync() is { } message)
        {
            _answers.Enqueue(ParsedMessage.Parse(message));
        }
    }
}
