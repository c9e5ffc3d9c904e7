using System.Runtime.InteropServices;

namespace Fastdist.Control.Consoles.Interop;

/// <summary>What kind of file a name belongs to, which .NET does not tell: S_IFMT of stat(2).</summary>
internal static unsafe partial class FileKind
{
    /// <summary>No file of that name, or none that can be seen.</summary>
    public const int Missing = 0;

    /// <summary>S_IFSOCK.</summary>
    public const int Socket = 0xC000;

    private const int Mask = 0xF000;
    private const int AtWorkingDirectory = -100, DoNotFollow = 0x100, WantType = 1;

    /// <summary>struct statx of the kernel, of which stx_mode is two bytes at offset 28.</summary>
    private const int Size = 256, ModeOffset = 28;

    /// <summary>The kind, without following a symbolic link.</summary>
    public static int Of(string path)
    {
        byte* result = stackalloc byte[Size];
        return statx(AtWorkingDirectory, path, DoNotFollow, WantType, result) == 0 ? *(ushort*)(result + ModeOffset) & Mask : Missing;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, byte* result);
}
