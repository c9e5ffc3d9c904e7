using Fastdist.Ring;

namespace Fastdist.Proxy.Shards;

/// <summary>What a shard does when there is no descriptor left: connections of clients make room.</summary>
internal sealed partial class Shard
{
    /// <summary>Connections that make room at once: a few, as more failures may follow and each of them is somebody's.</summary>
    private const int RoomAtOnce = 8;

    private readonly SpareDescriptor _spare = new();

    /// <summary>Why a connection to a backend got no descriptor in this turn; 0 when each did.</summary>
    private int _wantsRoom;

    /// <summary>Ends connections of clients of this shard, the longest idle first.</summary>
    /// <returns>False when it has none to end.</returns>
    public bool MakeRoom() => _tcp.MakeRoom(RoomAtOnce) > 0;

    bool IRingHandler.AcceptFailed(int listenerTag, int errno)
    {
        if (Descriptors.IsShortage(errno))
        {
            return MakeRoomAnywhere(errno);
        }

        _complaints.CannotAccept(_context.Clock.Now, _context.Options.Frontends[listenerTag], errno);
        return false;
    }

    private bool MakeRoomAnywhere(int errno)
    {
        _complaints.NoDescriptor(_context.Clock.Now, errno);
        if (MakeRoom())
        {
            return true;
        }

        foreach (Shard shard in _all)
        {
            if (shard != this)
            {
                shard.Post(new Message(MessageKind.Change, Change: static other => other.MakeRoom()));
            }
        }

        return false;
    }

    /// <summary>
    /// Frees the spare descriptor for a connection to a backend; the next tick takes another. Connections of clients make room
    /// at the end of the turn, as the one that is being read at this moment may be among them.
    /// </summary>
    private bool FreeDescriptor(int errno)
    {
        _wantsRoom = errno;
        return _spare.TryGiveUp();
    }

    private void MakeRoomForBackends()
    {
        if (_wantsRoom != 0)
        {
            MakeRoomAnywhere(_wantsRoom);
            _wantsRoom = 0;
        }
    }

    private void KeepSpare()
    {
        if (!_stopping && !_spare.TryTake())
        {
            MakeRoom();
        }
    }
}
