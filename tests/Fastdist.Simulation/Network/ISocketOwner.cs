namespace Fastdist.Simulation.Network;

/// <summary>Whoever holds an end of a connection: a ring, or the model of a client or backend.</summary>
internal interface ISocketOwner
{
    /// <summary>Bytes came, or the other end's FIN, or a reset.</summary>
    void Readable(SimSocket socket);

    /// <summary>There is room to send again, or nothing can be sent any more.</summary>
    void Writable(SimSocket socket);
}
