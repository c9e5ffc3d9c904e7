using System.Numerics;

namespace Fastdist.Cache.Storage;

/// <summary>Who of a few is to make room.</summary>
internal static class Victims<TMemory>
    where TMemory : struct, ISharedMemory
{
    /// <summary>Chooses among the entries of two full buckets.</summary>
    /// <param name="part">Their part.</param>
    /// <param name="one">A full bucket.</param>
    /// <param name="other">A full bucket.</param>
    /// <param name="now">The time, seconds of the cache's clock.</param>
    /// <param name="bucket">Receives the victim's bucket.</param>
    /// <returns>Its way: one that has ended, else one not used, else the first.</returns>
    public static int Choose(StorePart<TMemory> part, Bucket<TMemory> one, Bucket<TMemory> other, uint now, out Bucket<TMemory> bucket)
    {
        const uint All = (1u << Bucket<TMemory>.Ways) - 1;
        int way = Ended(part, bucket = one, All, now);
        if (way < 0)
        {
            way = Ended(part, bucket = other, All, now);
        }

        if (way >= 0)
        {
            return way;
        }

        uint unused = All & ~one.Marked();
        bucket = one;
        if (unused == 0)
        {
            unused = All & ~other.Marked();
            bucket = other;
        }

        if (unused != 0)
        {
            return BitOperations.TrailingZeroCount(unused);
        }

        // All are used: their marks go, so that the next time tells those that are still in use from those that are not.
        one.ClearMarks();
        other.ClearMarks();
        return 0;
    }

    /// <summary>The first of some of a bucket's ways whose entry's time is over.</summary>
    /// <returns>-1 when there is none.</returns>
    public static int Ended(StorePart<TMemory> part, Bucket<TMemory> bucket, uint ways, uint now)
    {
        for (; ways != 0; ways &= ways - 1)
        {
            int way = BitOperations.TrailingZeroCount(ways);
            if (part.HeadOf(bucket, way).Ends <= now)
            {
                return way;
            }
        }

        return -1;
    }
}
