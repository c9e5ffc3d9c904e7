using System;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Simulation.Network;

/// <summary>The machine that the simulated process runs on.</summary>
internal sealed class SimMachine(World world) : Machine
{
    public override long Time => world.Now;

    public override Random CreateRandom() => new(world.Random.Next());

    public override void FillUnguessable(Span<byte> bytes) => world.Random.NextBytes(bytes);

    public override Ring.Ring CreateRing(RingMode mode, RingOptions options, IRingHandler handler, out string? reason)
    {
        reason = null;
        return world.AddRing(new SimRing(world, handler));
    }

    public override int OpenStream(in SocketAddress remote, Departure departure, bool fastOpen)
    {
        if (!world.LacksDescriptor())
        {
            return world.AddDescriptor(new SimSocket(world, remote));
        }

        world.BackendAt(remote).Blame();
        return -Errno.TooManyOpenFiles;
    }

    public override int OpenDatagram(in SocketAddress remote, Departure departure, SocketBuffers buffers)
    {
        if (!world.LacksDescriptor())
        {
            return world.AddDescriptor(world.Open(new SimDatagramSocket(world, remote)));
        }

        world.BackendAt(remote).Blame();
        return -Errno.TooManyOpenFiles;
    }

    public override bool TryGetPeer(int descriptor, out SocketAddress peer)
    {
        SimSocket socket = world.Descriptor(descriptor);
        peer = socket.Remote;
        return !socket.IsReset;
    }

    public override SocketAddress GetLocal(int descriptor) => default;

    public override void DisableNagle(int descriptor)
    {
    }

    public override void Close(int descriptor) => world.TakeDescriptor<IDescriptor>(descriptor).Close();
}
