using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Ring;

namespace Fastdist.Simulation.Models;

/// <summary>A client that asks over UDP and does not ask again.</summary>
internal sealed class UdpClient
{
    private readonly World _world;
    private readonly Dictionary<ushort, SimQuery> _waiting = [];

    public UdpClient(World world)
    {
        _world = world;
        Address = world.NextClientAddress();
        world.Receive(this);
    }

    public SocketAddress Address { get; }

    /// <summary>Asks once.</summary>
    public SimQuery Ask(NameKind kind = NameKind.Plain)
    {
        ushort id;
        do
        {
            id = (ushort)_world.Random.Next(65536);
        }
        while (_waiting.ContainsKey(id));

        SimQuery query = _world.Ledger.Add(kind, id, isDatagram: true);
        query.Client = Address;
        _waiting.Add(id, query);
        _world.Note("ask", query.Number);
        _world.Send(this, query, Messages.Write(query));
        return query;
    }

    /// <summary>Asks so many times, with pauses of so many microseconds in the mean.</summary>
    /// <param name="count">How many times.</param>
    /// <param name="pause">The pauses' mean.</param>
    /// <param name="kind">What a query's name does, by how many are still to come.</param>
    public void AskOften(int count, long pause, Func<int, NameKind> kind)
    {
        _world.BusyClients++;
        AskAndWait(count, pause, kind);
    }

    /// <summary>A datagram arrives.</summary>
    public void Receive(byte[] payload)
    {
        if (payload.Length >= Header.Size && _waiting.TryGetValue(Header.Id(payload), out SimQuery? query))
        {
            _world.Ledger.Answered(query, payload);
        }
        else
        {
            _world.Violate("a datagram is no answer to anything its client asked");
        }
    }

    /// <summary>The network loses an answer.</summary>
    public void LoseAnswer(byte[] payload) => _world.Ledger.LoseOnTheWay(_waiting[Header.Id(payload)]);

    private void AskAndWait(int count, long pause, Func<int, NameKind> kind)
    {
        if (count == 0)
        {
            _world.BusyClients--;
            return;
        }

        Ask(kind(count));
        _world.After(_world.Random.NextInt64((2 * pause) + 1), () => AskAndWait(count - 1, pause, kind));
    }
}
