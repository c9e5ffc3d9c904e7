using System;
using System.Globalization;
using Fastdist.Settings;

namespace Fastdist.Cache;

/// <summary>How much memory a cache takes.</summary>
internal static class CacheMemory
{
    /// <summary>Bytes that an entry is likely to need at most on the average, the answer included.</summary>
    private const long UsualEntry = 512;

    /// <summary>Bytes that an entry takes at least, with what it takes to find it.</summary>
    private const long LeastEntry = 160;

    private const long Mebi = 1 << 20;

    /// <summary>Bytes that the entries of a cache may take: what its settings say, or what so many are likely to need, but no more than half of the machine's memory.</summary>
    public static long BytesOf(CacheOptions options) => options.MaxBytes > 0 ? options.MaxBytes : Math.Max(Math.Min(options.MaxEntries * UsualEntry, Available / 2), Mebi);

    /// <summary>Why there cannot be such a cache on this machine, or would be nothing in it; empty when there can.</summary>
    public static string ProblemWith(CacheOptions options)
    {
        long available = Available;
        return options.MaxBytes switch
        {
            0 when options.MaxEntries * LeastEntry > available => string.Create(
                CultureInfo.InvariantCulture,
                $"a cache of {options.MaxEntries} entries takes {options.MaxEntries * LeastEntry / Mebi} MiB at least, and this process may have {available / Mebi} MiB: take fewer (newPacketCache, --cache-size)"),
            var bytes when bytes > available => string.Create(
                CultureInfo.InvariantCulture,
                $"a cache of maximumBytes={bytes} takes {bytes / Mebi} MiB, and this process may have {available / Mebi} MiB: take less (maximumBytes, --cache-bytes)"),
            > 0 and var bytes when bytes < options.MaxEntrySize => string.Create(
                CultureInfo.InvariantCulture,
                $"a cache of maximumBytes={bytes} has no room for one answer of maximumEntrySize={options.MaxEntrySize}: take more, such as 64M (maximumBytes, --cache-bytes)"),
            _ => "",
        };
    }

    /// <summary>Memory of the machine, or of the control group that the process is in.</summary>
    private static long Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
