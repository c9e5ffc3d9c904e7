using System;
using System.Runtime.InteropServices;

namespace Fastdist.Tls.Files;

/// <summary>What the kernel tells of a file (statx(2)); .NET tells neither its kind nor its owner.</summary>
internal readonly unsafe partial record struct FileStatus(ushort TypeAndMode, uint Owner, long Size)
{
    private const int TypeMask = 0xF000, Pipe = 0x1000, Terminal = 0x2000, Folder = 0x4000, Disk = 0x6000, Regular = 0x8000, Socket = 0xC000;
    private const int WorkingDirectory = -100, OfDescriptor = 0x1000;
    private const uint TypeModeOwnerSize = 0x20B;

    /// <summary>Whether it is a file whose bytes are simply there.</summary>
    public bool IsRegular => (TypeAndMode & TypeMask) == Regular;

    /// <summary>Whether it is a directory.</summary>
    public bool IsFolder => (TypeAndMode & TypeMask) == Folder;

    /// <summary>Its permissions, octal.</summary>
    public string Mode => $"0{Convert.ToString(TypeAndMode & 0xFFF, 8)}";

    /// <summary>Whether others than its owner may read or write it.</summary>
    public bool IsOpenToOthers => (TypeAndMode & 0x36) != 0;

    /// <summary>Whether anybody but root may write it.</summary>
    public bool IsWritableByOthersThanRoot => (TypeAndMode & 0x12) != 0 || Owner != 0;

    /// <summary>What it is, for messages.</summary>
    public string Kind => (TypeAndMode & TypeMask) switch
    {
        Regular => "a regular file",
        Folder => "a directory",
        Pipe => "a pipe",
        Socket => "a socket",
        Terminal or Disk => "a device",
        _ => "something else",
    };

    /// <summary>That of a path; symbolic links are followed, and nothing is opened, which some devices would notice.</summary>
    /// <returns>0, or the errno.</returns>
    public static int TryGet(string path, out FileStatus status) => TryGet(WorkingDirectory, path, 0, out status);

    /// <summary>That of an open file.</summary>
    /// <returns>0, or the errno.</returns>
    public static int TryGet(SafeHandle file, out FileStatus status)
    {
        bool isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            return TryGet((int)file.DangerousGetHandle(), "", OfDescriptor, out status);
        }
        finally
        {
            if (isHeld)
            {
                file.DangerousRelease();
            }
        }
    }

    private static int TryGet(int directory, string path, int flags, out FileStatus status)
    {
        StatX found;
        bool isKnown = Stat(directory, path, flags, TypeModeOwnerSize, &found) == 0;
        int error = isKnown ? 0 : Marshal.GetLastPInvokeError();
        status = isKnown ? new FileStatus(found.TypeAndMode, found.Owner, found.Size) : default;
        return error;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Stat(int directory, string path, int flags, uint wanted, StatX* status);

    /// <summary>struct statx, as far as it is read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(28)]
        public ushort TypeAndMode;

        [FieldOffset(40)]
        public long Size;
    }
}
