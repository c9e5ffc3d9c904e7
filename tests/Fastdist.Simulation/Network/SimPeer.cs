using System.Collections.Generic;

namespace Fastdist.Simulation.Network;

/// <summary>A connected datagram socket of the simulated ring; the object stays with its number.</summary>
internal sealed class SimPeer
{
    public SimDatagramSocket? Socket;
    public uint Tag;
    public bool IsClosing;
    public bool IsReady;

    /// <summary>What the kernel has to say, once, to whoever receives or sends first; 0 for nothing.</summary>
    public int Error;

    /// <summary>What was asked to be sent in this turn.</summary>
    public Queue<byte[]> Unsent { get; } = new();

    /// <summary>What arrived.</summary>
    public Queue<byte[]> Received { get; } = new();

    public void Begin(SimDatagramSocket socket, uint tag) => (Socket, Tag, IsClosing, Error) = (socket, tag, false, 0);

    public void End()
    {
        Socket!.Close();
        Socket = null;
        Received.Clear();
    }
}
