using System;
using Fastdist.Tls;
using Xunit;

namespace Fastdist.Streams.Tests;

/// <summary>Two ends joined by hand.</summary>
internal sealed class Pair : IDisposable
{
    private readonly Contexts? _contexts;

    public Pair(Transport transport, bool coalesces = false, long outputBudget = long.MaxValue)
    {
        var ring = new HandRing();
        Client = new End(new StreamMemory(End.BufferSize, End.LargestPiece, outputBudget), ring);
        Server = new End(new StreamMemory(End.BufferSize, End.LargestPiece, outputBudget), ring);
        Client.Stream.Coalesces = Server.Stream.Coalesces = coalesces;
        if (transport != Transport.Plain)
        {
            _contexts = new Contexts(transport == Transport.SslStream ? TlsProvider.SslStream : TlsProvider.OpenSsl);
            Client.IsShaking = Server.IsShaking = true;
            Client.Stream.Secure(_contexts.Client.CreateSession());
            Server.Stream.Secure(_contexts.Server.CreateSession());
        }
    }

    public End Client { get; }

    public End Server { get; }

    /// <summary>Both have shaken hands, and nothing is on its way.</summary>
    public static Pair Established(Transport transport, bool coalesces = false, long outputBudget = long.MaxValue)
    {
        var pair = new Pair(transport, coalesces, outputBudget);
        pair.Client.Receive(default);
        pair.Exchange();
        Assert.False(pair.Client.IsShaking || pair.Server.IsShaking);
        foreach (End end in (End[])[pair.Client, pair.Server])
        {
            end.Wire.Sends.Clear();
            Assert.Equal(0, end.Memory.BuffersTaken);
        }

        return pair;
    }

    public static Pair Established(TlsProvider provider, bool coalesces = false) =>
        Established(provider == TlsProvider.SslStream ? Transport.SslStream : Transport.OpenSsl, coalesces);

    /// <summary>Flushes both ends and delivers, until nobody has anything to say.</summary>
    public void Exchange()
    {
        do
        {
            Client.Flush();
            Server.Flush();
        }
        while (Deliver(Client, Server) | Deliver(Server, Client));
    }

    /// <summary>Has what left one end arrive at the other, so many bytes at a time.</summary>
    /// <returns>Whether there was any that could.</returns>
    public static bool Deliver(End from, End to, int chunk = int.MaxValue)
    {
        bool hasMoved = false;
        while (from.Wire.Way.Count > 0 && !to.Wire.IsPaused)
        {
            byte[] bytes = [.. from.Wire.Way];
            int taken = to.Receive(bytes.AsSpan(0, Math.Min(chunk, bytes.Length)));
            Assert.True(taken > 0 || to.Stream.IsPaused, "nothing was taken over");
            for (int i = 0; i < taken; i++)
            {
                from.Wire.Way.Dequeue();
            }

            hasMoved = true;
        }

        return hasMoved;
    }

    public void Dispose()
    {
        foreach (End end in (End[])[Client, Server])
        {
            end.Stream.Release();
            Assert.Equal((0, 0), (end.Memory.BuffersTaken, end.Memory.OutputBytes));
            end.Memory.Dispose();
        }

        _contexts?.Dispose();
    }
}
