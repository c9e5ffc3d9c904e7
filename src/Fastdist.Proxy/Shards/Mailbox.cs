using System.Collections.Generic;
using System.Threading;
using Fastdist.Ring;

namespace Fastdist.Proxy.Shards;

/// <summary>What one thread may ask a shard to do between two turns.</summary>
internal enum MessageKind : byte
{
    /// <summary>Take over an accepted connection.</summary>
    Adopt,

    /// <summary>A backend's state changed.</summary>
    BackendState,

    /// <summary>A shard saw a backend fail; its check's owner is told.</summary>
    BackendFailure,

    /// <summary>Stop accepting, answer what is in flight, end.</summary>
    Stop,
}

/// <summary>One request to a shard.</summary>
internal readonly record struct Message(
    MessageKind Kind, int Index = 0, int Descriptor = 0, SocketAddress Peer = default, bool IsUp = false, string Reason = "");

/// <summary>
/// Requests from other threads to a shard. Control only, so a lock is good enough; bounded, and what
/// does not fit is refused.
/// </summary>
internal sealed class Mailbox
{
    private const int Capacity = 65536;

    private readonly Lock _gate = new();
    private readonly Queue<Message> _messages = new();

    /// <summary>Leaves a message.</summary>
    /// <returns>False when the box is full.</returns>
    public bool TryPost(in Message message)
    {
        lock (_gate)
        {
            if (_messages.Count == Capacity)
            {
                return false;
            }

            _messages.Enqueue(message);
            return true;
        }
    }

    public bool TryTake(out Message message)
    {
        lock (_gate)
        {
            return _messages.TryDequeue(out message);
        }
    }
}
