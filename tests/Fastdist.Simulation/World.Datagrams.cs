using System;
using System.Collections.Generic;
using Fastdist.Ring;
using Fastdist.Simulation.Models;
using Fastdist.Simulation.Network;

namespace Fastdist.Simulation;

/// <summary>How datagrams reach backends, and what comes back.</summary>
internal sealed partial class World
{
    private readonly List<SimDatagramSocket> _datagramSockets = [];

    /// <summary>What becomes of them on the way.</summary>
    public Line Line { get; set; } = new();

    /// <summary>Datagram sockets that are open, those of all shards.</summary>
    public IReadOnlyList<SimDatagramSocket> DatagramSockets => _datagramSockets;

    /// <summary>Forged answers that were let in, as they bear a backend's address.</summary>
    public int ForgeriesLetIn { get; private set; }

    /// <summary>A socket comes into being.</summary>
    public SimDatagramSocket Open(SimDatagramSocket socket)
    {
        _datagramSockets.Add(socket);
        return socket;
    }

    /// <summary>It is closed.</summary>
    public void Forget(SimDatagramSocket socket) => _datagramSockets.Remove(socket);

    /// <summary>The process sends a datagram to a backend.</summary>
    public void SendToBackend(SimDatagramSocket from, byte[] payload)
    {
        SimBackend backend = BackendAt(from.Remote);
        SimQuery? query = Ledger.Find(payload);
        Note("send", backend.Number, query?.Number ?? -1);
        long sentAt = Now;
        Carry(() => backend.Datagrams.Receive(from, payload, sentAt), () => backend.Datagrams.Miss(query));
        for (int i = Line.Forgeries; i > 0; i--)
        {
            Forge(from, payload);
        }
    }

    /// <summary>Takes a datagram from one machine to another, or loses it.</summary>
    /// <param name="arrive">It arrives.</param>
    /// <param name="lose">It is lost.</param>
    public void Carry(Action arrive, Action lose)
    {
        if (Random.Next(1000) < Line.Loss)
        {
            lose();
            return;
        }

        for (int copies = Random.Next(1000) < Line.Doubles ? 2 : 1; copies > 0; copies--)
        {
            long delay = Random.Next(1000) < Line.Delays ? Random.NextInt64(Line.LongestDelay + 1) : 0;
            After(Latency + Random.NextInt64((Latency / 4) + 2) + delay, arrive);
        }
    }

    /// <summary>
    /// Somebody who knows what was asked, but neither all of port and ID nor how to be where the backend is, sends an answer of his own, before
    /// the backend's or after it.
    /// </summary>
    private void Forge(SimDatagramSocket asked, byte[] query)
    {
        byte[] forged = Messages.Forge(query);
        SimDatagramSocket to = asked;
        SocketAddress from = asked.Remote;
        switch (Random.Next(6))
        {
            case 0:
                Messages.ChangeId(forged, 1 + Random.Next(65535));
                break;
            case 1:
                Messages.ChangeQuestion(forged);
                break;
            case 2:
                to = _datagramSockets[Random.Next(_datagramSockets.Count)];
                from = to.Remote;
                if (to == asked)
                {
                    return;
                }

                break;
            case 3:
                from = SocketAddress.From([203, 0, 113, (byte)Random.Next(256)], 53);
                break;
            case 4:
                forged = query;
                break;
            default:
                forged = forged[..Random.Next(12)];
                break;
        }

        After(Random.NextInt64((4 * Latency) + 1000), () =>
        {
            ForgeriesLetIn += !to.IsClosed && from == to.Remote ? 1 : 0;
            to.Arrive(from, forged);
        });
    }
}
