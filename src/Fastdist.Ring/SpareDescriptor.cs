using System;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring;

/// <summary>
/// A descriptor that is kept for when there is no other: given up, it lets one socket be opened at once that is needed
/// more than any other. One thread's.
/// </summary>
public sealed class SpareDescriptor : IDisposable
{
    private int _descriptor = -1;

    /// <summary>Takes one unless there is one.</summary>
    /// <returns>False when there is none to be had.</returns>
    public bool TryTake()
    {
        if (_descriptor < 0)
        {
            _descriptor = Libc.EventDescriptor(0, Libc.EFD_CLOEXEC);
        }

        return _descriptor >= 0;
    }

    /// <summary>Closes it.</summary>
    /// <returns>False when there was none.</returns>
    public bool TryGiveUp()
    {
        if (_descriptor < 0)
        {
            return false;
        }

        Libc.Close(_descriptor);
        _descriptor = -1;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => TryGiveUp();
}
