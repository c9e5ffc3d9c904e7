using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Proxy.Frontends;
using Fastdist.Streams;
using Fastdist.Streams.Tests;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Frontends;

public sealed class DispensableClientsTests : IDisposable
{
    private readonly StreamMemory _memory = new(End.BufferSize, End.LargestPiece);
    private readonly List<ClientConnection> _connections = [];
    private readonly DispensableClients _dispensable;

    public DispensableClientsTests() => _dispensable = new DispensableClients(_connections);

    [Fact]
    public void The_longest_idle_are_given_one_after_the_other_by_one_walk()
    {
        Add(ClientState.Open, lastActive: 30);
        Add(ClientState.Open, lastActive: 10);
        Add(ClientState.Open, lastActive: 20);
        Assert.Equal([1, 2, 0], Idlest(at: 100, 4));
    }

    [Fact]
    public void Only_those_that_count_as_a_client_make_room_for_one()
    {
        Add(ClientState.Open, lastActive: 10).IsCounted = false;
        Add(ClientState.Open, lastActive: 20);
        Assert.Equal([1], Idlest(at: 100, 2));
    }

    [Theory]
    [InlineData((int)ClientState.AwaitingProxyHeader)]
    [InlineData((int)ClientState.Handshaking)]
    [InlineData((int)ClientState.Finishing)]
    [InlineData((int)ClientState.Lingering)]
    [InlineData((int)ClientState.Closing)]
    [InlineData((int)ClientState.Free)]
    public void Who_is_not_open_is_not_idle(int state)
    {
        Add((ClientState)state, lastActive: 10);
        Assert.Empty(Idlest(at: 100, 1));
    }

    [Fact]
    public void One_that_became_active_since_it_was_noted_is_passed_over()
    {
        Add(ClientState.Open, lastActive: 5);
        ClientConnection active = Add(ClientState.Open, lastActive: 10);
        ClientConnection another = Add(ClientState.Open, lastActive: 20);
        Add(ClientState.Open, lastActive: 30);
        Assert.Equal([0], Idlest(at: 100, 1));
        active.LastActive = 99;
        another.Generation++;
        Assert.Equal([3], Idlest(at: 100, 1));
    }

    [Fact]
    public void Walks_keep_their_distance_though_nobody_was_found()
    {
        Assert.Empty(Idlest(at: 100, 1));
        Add(ClientState.Open, lastActive: 10);
        Assert.Empty(Idlest(at: 100 + DispensableClients.WalkMicroseconds - 1, 1));
        Assert.Equal([0], Idlest(at: 100 + DispensableClients.WalkMicroseconds, 1));
    }

    [Fact]
    public void Whom_to_do_without_are_those_that_linger_then_the_idle_then_the_oldest()
    {
        Add(ClientState.Open, lastActive: 90, openedAt: 2).InFlight = 1;
        Add(ClientState.Open, lastActive: 90, openedAt: 1).InFlight = 1;
        Add(ClientState.Open, lastActive: 50, openedAt: 3);
        Add(ClientState.Open, lastActive: 40, openedAt: 4);
        Add(ClientState.Lingering, lastActive: 95, openedAt: 5);
        Add(ClientState.Closing, lastActive: 0);
        Add(ClientState.Free, lastActive: 0);
        Assert.Equal([4], Noted(1));
        Assert.Equal([3, 4], Noted(2));
        Assert.Equal([1, 2, 3, 4], Noted(4));
        Assert.Equal([0, 1, 2, 3, 4], Noted(64));
    }

    public void Dispose() => _memory.Dispose();

    private ClientConnection Add(ClientState state, long lastActive, long openedAt = 0)
    {
        SocketAddress peer = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, 40000));
        var client = new ClientConnection(_connections.Count, _memory);
        client.Reset(frontend: 0, pool: 0, in peer, in peer, isProxied: false, now: openedAt);
        (client.State, client.LastActive) = (state, lastActive);
        _connections.Add(client);
        return client;
    }

    private List<int> Idlest(long at, int most)
    {
        List<int> taken = [];
        while (taken.Count < most && _dispensable.TryTakeIdlest(at, out ClientConnection? client))
        {
            taken.Add(client.Index);
        }

        return taken;
    }

    private List<int> Noted(int most)
    {
        List<int> noted = [];
        for (_dispensable.Note(most); _dispensable.TryTake(out ClientConnection? client);)
        {
            noted.Add(client.Index);
        }

        return [.. noted.Order()];
    }
}
