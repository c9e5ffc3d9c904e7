using System;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Fastdist;

/// <summary>systemd's journal, which keeps the time of each line by itself.</summary>
internal static unsafe partial class Journal
{
    private const int StandardError = 2;
    private const int EmptyPath = 0x1000, WantInode = 0x100;

    /// <summary>struct statx of the kernel: stx_ino is eight bytes at offset 32, stx_dev_major and stx_dev_minor four each at 136.</summary>
    private const int Size = 256, InodeOffset = 32, DeviceOffset = 136;

    /// <summary>Whether standard error goes there: JOURNAL_STREAM names device and inode of what it was made of (systemd.exec(5)).</summary>
    public static bool TakesStandardError()
    {
        string? stream = Environment.GetEnvironmentVariable("JOURNAL_STREAM");
        byte* found = stackalloc byte[Size];
        if (string.IsNullOrEmpty(stream) || statx(StandardError, "", EmptyPath, WantInode, found) != 0)
        {
            return false;
        }

        uint* device = (uint*)(found + DeviceOffset);
        return stream == string.Create(CultureInfo.InvariantCulture, $"{DeviceNumber(device[0], device[1])}:{*(ulong*)(found + InodeOffset)}");
    }

    /// <summary>A dev_t of its two parts, as glibc's makedev(3) packs them.</summary>
    private static ulong DeviceNumber(uint major, uint minor) =>
        (minor & 0xFF) | ((major & 0xFFFul) << 8) | ((minor & ~0xFFul) << 12) | ((major & ~0xFFFul) << 32);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, byte* result);
}
