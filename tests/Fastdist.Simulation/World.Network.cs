using System;
using System.Collections.Generic;
using Fastdist.Ring;
using Fastdist.Simulation.Models;
using Fastdist.Simulation.Network;

namespace Fastdist.Simulation;

/// <summary>How clients reach the process.</summary>
internal sealed partial class World
{
    /// <summary>Number of the frontend that answers over UDP and TCP.</summary>
    public const int PlainFrontend = 0;

    /// <summary>Number of the one that answers over TLS.</summary>
    public const int TlsFrontend = 1;

    private readonly Dictionary<SocketAddress, UdpClient> _udpClients = [];
    private int _clients;

    /// <summary>Datagrams lost on their way, of a thousand.</summary>
    public int DatagramLoss { get; set; }

    /// <summary>An address for one more client.</summary>
    public SocketAddress NextClientAddress()
    {
        int number = _clients++;
        if (Caching is not null)
        {
            // Networks of all sizes have several clients each.
            return SocketAddress.From([10, (byte)(number % 3), (byte)(number / 3 % 3 * 16), (byte)(number / 9)], (ushort)(1024 + Random.Next(60_000)));
        }

        return SocketAddress.From([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number], (ushort)(1024 + Random.Next(60_000)));
    }

    /// <summary>Has a client receive what is sent to its address.</summary>
    public void Receive(UdpClient client) => _udpClients.Add(client.Address, client);

    /// <summary>A client sends a datagram.</summary>
    /// <param name="client">Who.</param>
    /// <param name="query">The query in it.</param>
    /// <param name="payload">Its bytes.</param>
    public void Send(UdpClient client, SimQuery query, byte[] payload)
    {
        if (Random.Next(1000) < DatagramLoss)
        {
            Ledger.LoseOnTheWay(query);
            return;
        }

        // The kernel sends a client's datagrams to one shard always.
        SimShard shard = _shards[client.Address.Port % _shards.Count];
        After(Latency + Random.NextInt64(Latency + 1), () =>
        {
            if (shard.Ring.Arrive(shard.Ring.DatagramSocketOf(NumberOf(PlainFrontend)), client.Address, payload))
            {
                query.ArrivedAt = Now;
            }
            else
            {
                Ledger.LoseOnTheWay(query);
            }
        });
    }

    /// <summary>A shard sends a datagram.</summary>
    public void Deliver(SocketAddress to, byte[] payload)
    {
        if (!_udpClients.TryGetValue(to, out UdpClient? client))
        {
            Violate($"a datagram went to {to}, where nobody is");
            return;
        }

        if (Random.Next(1000) < DatagramLoss)
        {
            client.LoseAnswer(payload);
            return;
        }

        After(Latency + Random.NextInt64(Latency + 1), () => client.Receive(payload));
    }

    /// <summary>A client connects.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="frontend">Where to.</param>
    /// <param name="owner">Who holds its end.</param>
    /// <param name="connected">Hears of the outcome.</param>
    /// <returns>The client's end.</returns>
    public SimSocket Connect(SocketAddress address, int frontend, ISocketOwner owner, Action<bool> connected)
    {
        var end = new SimSocket(this, default) { Owner = owner };
        SimShard shard = _shards[Random.Next(_shards.Count)];
        After(Latency, () =>
        {
            int listener = shard.Ring.ListenerOf(NumberOf(frontend));
            bool isHeard = listener >= 0 && !shard.IsDone;
            if (isHeard)
            {
                var accepted = new SimSocket(this, address);
                SimSocket.Join(end, accepted, Latency);
                shard.Ring.Arrive(listener, AddDescriptor(accepted));
            }

            After(Latency, () => connected(isHeard));
        });
        return end;
    }
}
