using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fastdist.Control.Consoles.Interop;

/// <summary>A terminal's settings, tcgetattr(3); only the C library looks inside.</summary>
internal static unsafe partial class Termios
{
    private const int StandardInput = 0, StandardOutput = 1;
    private const int AfterOutput = 1;
    private const nuint GetWindowSize = 0x5413;

    /// <summary>struct termios of glibc has 60 bytes.</summary>
    [InlineArray(64)]
    public struct Settings
    {
        private byte _first;
    }

    /// <summary>Columns of the terminal that standard output is; 80 when it does not say.</summary>
    public static int Columns
    {
        get
        {
            // struct winsize: rows, columns and two more.
            Span<ushort> size = [0, 0, 0, 0];
            fixed (ushort* first = size)
            {
                return ioctl(StandardOutput, GetWindowSize, first) == 0 && size[1] > 0 ? size[1] : 80;
            }
        }
    }

    /// <summary>Has standard input give every key at once, unseen and without signals.</summary>
    /// <param name="before">What to give to <see cref="Restore"/>.</param>
    /// <returns>False when it is no terminal.</returns>
    public static bool TryMakeRaw(out Settings before)
    {
        Settings settings = default;
        before = default;
        if (tcgetattr(StandardInput, &settings) != 0)
        {
            return false;
        }

        before = settings;
        cfmakeraw(&settings);
        return tcsetattr(StandardInput, AfterOutput, &settings) == 0;
    }

    /// <summary>Undoes <see cref="TryMakeRaw"/>.</summary>
    public static void Restore(Settings before) => _ = tcsetattr(StandardInput, AfterOutput, &before);

    [LibraryImport("libc")]
    private static partial int tcgetattr(int descriptor, Settings* settings);

    [LibraryImport("libc")]
    private static partial int tcsetattr(int descriptor, int when, Settings* settings);

    [LibraryImport("libc")]
    private static partial void cfmakeraw(Settings* settings);

    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, void* argument);
}
