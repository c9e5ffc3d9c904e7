using System;
using System.Collections.Generic;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// Answers over UDP that wait because a rule wants them to, by the time when they are due. Memory is that of the most that ever waited at once.
/// </summary>
internal sealed class DelayedAnswers
{
    /// <summary>Answers that may wait at once; what comes then is sent without.</summary>
    public const int Capacity = 16384;

    private readonly PriorityQueue<Waiting, long> _queue = new();
    private readonly Stack<byte[]> _buffers = new();

    /// <summary>How many wait.</summary>
    public int Count => _queue.Count;

    /// <summary>When the first is due, microseconds of the shard's clock; the largest integer for none.</summary>
    public long NextDue => _queue.TryPeek(out _, out long due) ? due : long.MaxValue;

    /// <summary>Keeps an answer.</summary>
    /// <param name="frontend">The frontend that it leaves from.</param>
    /// <param name="route">Its way.</param>
    /// <param name="message">The answer, cut to what its client takes.</param>
    /// <param name="due">When it is to be sent, microseconds of the shard's clock.</param>
    /// <returns>False when as many wait as may.</returns>
    public bool TryAdd(int frontend, in DatagramRoute route, ReadOnlySpan<byte> message, long due)
    {
        if (_queue.Count == Capacity)
        {
            return false;
        }

        if (!_buffers.TryPop(out byte[]? buffer) || buffer.Length < message.Length)
        {
            buffer = new byte[Math.Max(message.Length, 512)];
        }

        message.CopyTo(buffer);
        _queue.Enqueue(new Waiting(frontend, route, buffer, message.Length), due);
        return true;
    }

    /// <summary>Takes the first that is due. Its bytes are good until the next is added.</summary>
    /// <param name="now">The time, microseconds.</param>
    /// <param name="waiting">The answer.</param>
    public bool TryTake(long now, out Waiting waiting)
    {
        waiting = default;
        if (_queue.Count == 0 || NextDue > now)
        {
            return false;
        }

        waiting = _queue.Dequeue();
        _buffers.Push(waiting.Buffer);
        return true;
    }

    /// <summary>An answer that waits.</summary>
    internal readonly record struct Waiting(int Frontend, DatagramRoute Route, byte[] Buffer, int Length);
}
