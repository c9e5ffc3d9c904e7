using System;
using System.Collections.Generic;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring;

/// <summary>The processors this process may use.</summary>
public static unsafe class Processors
{
    private const int MaskBytes = 1024;

    /// <summary>Numbers of the processors in the affinity mask, ascending.</summary>
    public static IReadOnlyList<int> Usable()
    {
        byte* mask = stackalloc byte[MaskBytes];
        new Span<byte>(mask, MaskBytes).Clear();
        if (Libc.GetAffinity(0, MaskBytes, mask) < 0)
        {
            return [];
        }

        var numbers = new List<int>();
        for (int number = 0; number < MaskBytes * 8; number++)
        {
            if ((mask[number / 8] & (1 << (number % 8))) != 0)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    /// <summary>Keeps the calling thread on one processor; does nothing when the kernel refuses.</summary>
    public static void Pin(int processor)
    {
        byte* mask = stackalloc byte[MaskBytes];
        new Span<byte>(mask, MaskBytes).Clear();
        mask[processor / 8] = (byte)(1 << (processor % 8));
        Libc.SetAffinity(0, MaskBytes, mask);
    }
}
