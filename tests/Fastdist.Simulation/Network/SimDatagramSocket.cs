using Fastdist.Ring;

namespace Fastdist.Simulation.Network;

/// <summary>A datagram socket of the process that is connected to a backend: what comes from elsewhere does not reach it.</summary>
internal sealed class SimDatagramSocket(World world, SocketAddress remote) : IDescriptor
{
    /// <summary>Who receives what arrives; null before.</summary>
    public SimRing? Ring { get; set; }

    /// <summary>Its number there.</summary>
    public int Number { get; set; }

    /// <summary>The backend's end.</summary>
    public SocketAddress Remote => remote;

    public bool IsClosed { get; private set; }

    /// <summary>Sends a datagram to the backend.</summary>
    public void Send(byte[] payload) => world.SendToBackend(this, payload);

    /// <summary>A datagram arrives at its port.</summary>
    /// <param name="from">Whose address it bears.</param>
    /// <param name="payload">Its bytes.</param>
    public void Arrive(SocketAddress from, byte[] payload)
    {
        if (!IsClosed && from == remote)
        {
            Ring?.ArriveFromPeer(Number, payload);
        }
    }

    /// <summary>An ICMP error arrives that names its port.</summary>
    public void ArriveError(int errno)
    {
        if (!IsClosed)
        {
            Ring?.ArriveError(Number, errno);
        }
    }

    public void Close()
    {
        IsClosed = true;
        world.Forget(this);
    }
}
