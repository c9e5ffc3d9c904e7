using System;
using System.Runtime.InteropServices;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// Numbers that nobody can guess who has seen those before, drawn in advance, as the system gives many at once for little more than one.
/// </summary>
/// <param name="fill">Where they come from.</param>
internal sealed class Lots(Lots.Source fill)
{
    private const int Size = 1024;

    private readonly ushort[] _drawn = new ushort[Size];
    private int _next = Size;

    /// <summary>Fills memory with what nobody can guess.</summary>
    public delegate void Source(Span<byte> bytes);

    /// <summary>The next, 0 to 65,535, each as likely as any other.</summary>
    public ushort Next()
    {
        if (_next == Size)
        {
            fill(MemoryMarshal.AsBytes(_drawn.AsSpan()));
            _next = 0;
        }

        return _drawn[_next++];
    }

    /// <summary>The next below a bound of at most 1,024, for which it makes no difference that 65,536 may not divide by it.</summary>
    public int Below(int bound) => (Next() * bound) >> 16;
}
