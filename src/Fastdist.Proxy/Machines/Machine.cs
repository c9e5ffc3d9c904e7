using System;
using System.Security.Cryptography;
using Fastdist.Ring;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Machines;

/// <summary>
/// What a shard has of the machine it runs on: time, chance, a ring and sockets. All that it does follows from these and its settings,
/// so that a simulation, which gives it others, can play the same life again.
/// </summary>
internal class Machine
{
    /// <summary>The machine there is.</summary>
    public static Machine Real { get; } = new();

    /// <summary>Microseconds since some moment before the start.</summary>
    public virtual long Time => ShardClock.Read();

    /// <summary>Chance for one shard.</summary>
    public virtual Random CreateRandom() => new();

    /// <summary>Fills memory with what nobody can guess.</summary>
    public virtual void FillUnguessable(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);

    /// <summary>A ring for the calling thread; see <see cref="RingFactory.Create"/>.</summary>
    public virtual Ring.Ring CreateRing(RingMode mode, RingOptions options, IRingHandler handler, out string? reason) =>
        RingFactory.Create(mode, options, handler, out reason);

    /// <summary>A socket to connect to a backend with; see <see cref="Sockets.OpenStream"/>.</summary>
    public virtual int OpenStream(in SocketAddress remote, Departure departure, bool fastOpen) => Sockets.OpenStream(in remote, departure, fastOpen);

    /// <summary>A datagram socket connected to a backend; see <see cref="Sockets.OpenDatagram"/>.</summary>
    public virtual int OpenDatagram(in SocketAddress remote, Departure departure, SocketBuffers buffers) => Sockets.OpenDatagram(in remote, departure, buffers);

    /// <summary>The other end of an accepted connection.</summary>
    /// <returns>False when it is gone already.</returns>
    public virtual bool TryGetPeer(int descriptor, out SocketAddress peer) => Sockets.TryGetPeer(descriptor, out peer);

    /// <summary>Our own end of an accepted connection.</summary>
    public virtual SocketAddress GetLocal(int descriptor) => Sockets.GetLocal(descriptor);

    /// <summary>Sends small writes at once.</summary>
    public virtual void DisableNagle(int descriptor) => Sockets.DisableNagle(descriptor);

    /// <summary>Closes a descriptor that no ring owns.</summary>
    public virtual void Close(int descriptor) => Sockets.Close(descriptor);
}
