using System.Threading;
using Fastdist.Control.Figures;

namespace Fastdist.Control.Consoles;

/// <summary>What the console did and refused. Counted and read from any thread.</summary>
public sealed class ConsoleCounters : OperatorCounters
{
    private long _connections;
    private long _aclDrops;
    private long _tooMany;
    private long _wrongKey;
    private long _oversized;
    private long _timeouts;
    private long _commands;

    /// <summary>Connections that were let in.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Connections closed because the ACL does not list the client.</summary>
    public long AclDrops => Interlocked.Read(ref _aclDrops);

    /// <summary>Connections closed because there were as many as allowed.</summary>
    public long TooMany => Interlocked.Read(ref _tooMany);

    /// <summary>Connections closed for a frame that the key does not open, or for one of no bytes before any that it opened.</summary>
    public long WrongKey => Interlocked.Read(ref _wrongKey);

    /// <summary>Connections closed for a frame longer than a command may be.</summary>
    public long Oversized => Interlocked.Read(ref _oversized);

    /// <summary>Connections closed because the client did not send its nonce, its first frame or the rest of a frame, or did not take a reply, in time.</summary>
    public long Timeouts => Interlocked.Read(ref _timeouts);

    /// <summary>Commands executed; the empty one by which clients try their key is none.</summary>
    public long Commands => Interlocked.Read(ref _commands);

    internal override string Thing => "console";

    internal override string Description => "the console";

    internal override (string Name, long Value)[] All() =>
    [
        ("connections", Connections), ("acl-drops", AclDrops), ("too-many-connections", TooMany), ("wrong-key", WrongKey),
        ("oversized", Oversized), ("timeouts", Timeouts), ("commands", Commands),
    ];

    internal void CountConnection() => Interlocked.Increment(ref _connections);

    internal void CountAclDrop() => Interlocked.Increment(ref _aclDrops);

    internal void CountTooMany() => Interlocked.Increment(ref _tooMany);

    internal void CountCommand() => Interlocked.Increment(ref _commands);

    /// <summary>Counts how a connection ended, when that was for a fault of the client's.</summary>
    internal void CountEnd(FrameStatus status)
    {
        switch (status)
        {
            case FrameStatus.TimedOut:
                Interlocked.Increment(ref _timeouts);
                break;
            case FrameStatus.Oversized:
                Interlocked.Increment(ref _oversized);
                break;
            case FrameStatus.WrongKey:
                Interlocked.Increment(ref _wrongKey);
                break;
        }
    }
}
