using System;
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

    /// <summary>A shard saw a backend fail, or a failed one let it in; its check's owner is told.</summary>
    BackendChange,

    /// <summary>A backend that a shard had lost answers again; its check's owner is told.</summary>
    BackendReturned,

    /// <summary>Something that the control thread has it change.</summary>
    Change,
}

/// <summary>One request to a shard.</summary>
internal readonly record struct Message(
    MessageKind Kind, int Index = 0, int Descriptor = 0, SocketAddress Peer = default, bool IsProxied = false, bool IsUp = false, Action<Shard>? Change = null);

/// <summary>
/// Requests from other threads to a shard. Control only, so a lock is good enough. Connections to adopt are bounded, and
/// what does not fit is refused; the others are few, and must not be lost. The wake-up happens under the lock, so that it never reaches a ring whose
/// descriptors are closed and perhaps somebody else's by now.
/// </summary>
internal sealed class Mailbox
{
    private const int Capacity = 65536;

    private readonly Lock _lock = new();
    private readonly Queue<Message> _messages = new();
    private Ring.Ring? _ring;
    private bool _isClosed;

    /// <summary>Names the ring to wake; messages left earlier are waiting already.</summary>
    public void Attach(Ring.Ring ring)
    {
        lock (_lock)
        {
            _ring = ring;
        }
    }

    /// <summary>Refuses further messages.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _ring = null;
            _isClosed = true;
        }
    }

    /// <summary>Ends the shard's wait.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            _ring?.Wake();
        }
    }

    /// <summary>Leaves a message.</summary>
    /// <returns>False when the box is full or closed.</returns>
    public bool TryPost(in Message message)
    {
        lock (_lock)
        {
            if (_isClosed || (message.Kind == MessageKind.Adopt && _messages.Count >= Capacity))
            {
                return false;
            }

            _messages.Enqueue(message);
            _ring?.Wake();
            return true;
        }
    }

    public bool TryTake(out Message message)
    {
        lock (_lock)
        {
            return _messages.TryDequeue(out message);
        }
    }
}
