using System;
using Fastdist.Ring;

namespace Fastdist.Proxy.Machines;

/// <summary>
/// The descriptor that a shard keeps for a connection to a backend, as one of those serves all clients. Whoever takes it leaves word
/// that connections of clients have to make room; they do so at the end of the turn, as the one being read may be among them.
/// </summary>
internal sealed class DescriptorReserve : IDisposable
{
    private readonly SpareDescriptor _spare = new();

    /// <summary>Why it was needed in this turn, EMFILE or ENFILE; 0 when it was not.</summary>
    private int _errno;

    /// <summary>Frees the descriptor for a connection to a backend.</summary>
    /// <param name="errno">Why there was none: EMFILE or ENFILE.</param>
    /// <returns>False when it had been given up before.</returns>
    public bool TryGiveUp(int errno)
    {
        _errno = errno;
        return _spare.TryGiveUp();
    }

    /// <summary>Takes another one for the next time.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryTake() => _spare.TryTake();

    /// <summary>Whether it was needed since this was asked last, and why.</summary>
    public bool TryTakeWord(out int errno)
    {
        (errno, _errno) = (_errno, 0);
        return errno != 0;
    }

    /// <summary>Gives the descriptor back.</summary>
    public void Dispose() => _spare.Dispose();
}
