using Fastdist.Ring;

namespace Fastdist.Proxy.Shards;

/// <summary>What a shard does when there is no descriptor left: connections of clients make room.</summary>
internal sealed partial class Shard
{
    /// <summary>Connections that make room at once: a few, as more failures may follow and each of them is somebody's.</summary>
    private const int RoomAtOnce = 8;

    /// <summary>Ends connections of clients of this shard, the longest idle first.</summary>
    /// <returns>False when it has none to end.</returns>
    public bool MakeRoom() => _tcp.MakeRoom(RoomAtOnce) > 0;

    bool IRingHandler.AcceptFailed(int listenerTag, int errno)
    {
        if (Descriptors.IsShortage(errno))
        {
            return MakeRoomAnywhere(errno);
        }

        _complaints.CannotAccept(_context.Clock.Now, _frontends[listenerTag].Options, errno);
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

    private void MakeRoomForBackends()
    {
        if (_context.Descriptors.TryTakeWord(out int errno))
        {
            MakeRoomAnywhere(errno);
        }
    }

    private void KeepSpare()
    {
        if (!_stopping && !_context.Descriptors.TryTake())
        {
            MakeRoom();
        }
    }
}
