using Fastdist.Ring;

namespace Fastdist.Simulation.Network;

/// <summary>A stream of the simulated ring; the object stays with its slot.</summary>
internal sealed class SimStream
{
    public SimSocket? Socket;
    public uint Tag;
    public uint Generation;
    public StreamClass Kind;
    public bool IsConnecting;
    public bool IsConnectBegun;
    public bool IsRequested;
    public bool IsReady;
    public bool IsPaused;
    public bool IsClosing;
    public bool IsEndTold;

    /// <summary>The errno that the connect ended with; -1 before.</summary>
    public int ConnectResult;
    public NativeBuffer? SendBuffer;
    public int SendOffset;
    public int SendLength;
    public int Sent;
    public ulong SendSum;
    public byte[] Stash = [];

    public void Begin(SimSocket socket, uint tag, StreamClass kind)
    {
        (Socket, Tag, Kind) = (socket, tag, kind);
        Generation++;
        ConnectResult = -1;
        IsConnecting = IsConnectBegun = IsPaused = IsClosing = IsEndTold = false;
    }

    public void End()
    {
        Socket = null;
        SendBuffer = null;
        Stash = [];
    }
}
