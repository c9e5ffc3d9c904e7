using System.Numerics;

namespace Fastdist.Cache.Storage;

/// <summary>
/// The hands that go round a part's entries and say which is to make room: one that has ended, if there is one in the hand's bucket or the next, else one that
/// was not used since the hand passed it. What is passed loses its mark.
/// </summary>
internal struct Clock<TMemory>
    where TMemory : struct, ISharedMemory
{
    /// <summary>Buckets full of used entries that the hand passes before it takes one of those.</summary>
    private const int MostPassed = 32;

    /// <summary>Buckets in which a negative entry is looked for.</summary>
    private const int MostLooked = 64;

    private uint _bucket;
    private int _way;
    private uint _negativeBucket;

    /// <summary>The next to go, of a part that has entries.</summary>
    public Bucket<TMemory> Next(StorePart<TMemory> part, uint now, out int way)
    {
        for (int passed = 0; ; passed++)
        {
            Bucket<TMemory> bucket = PassEmpty(part, out uint taken);
            way = Victims<TMemory>.Ended(part, bucket, taken, now);
            if (way >= 0)
            {
                return bucket;
            }

            Bucket<TMemory> next = part.BucketAt(After(part, _bucket));
            way = Victims<TMemory>.Ended(part, next, next.Taken(), now);
            if (way >= 0)
            {
                return next;
            }

            uint ahead = taken & (uint.MaxValue << _way);
            uint unused = ahead & ~bucket.Marked();
            if (unused == 0 && passed >= MostPassed)
            {
                unused = ahead;
            }

            if (unused != 0)
            {
                way = BitOperations.TrailingZeroCount(unused);
                _way = way + 1;
                return bucket;
            }

            bucket.ClearMarks();
            Advance(part);
        }
    }

    /// <summary>A negative entry to go, if one is found soon; way -1 if not.</summary>
    public Bucket<TMemory> NextNegative(StorePart<TMemory> part, out int way)
    {
        Bucket<TMemory> used = default;
        way = -1;
        for (int looked = 0; looked < MostLooked; looked++)
        {
            Bucket<TMemory> bucket = part.BucketAt(_negativeBucket);
            uint negatives = bucket.Negatives();
            uint unused = negatives & ~bucket.Marked();
            if (unused != 0)
            {
                way = BitOperations.TrailingZeroCount(unused);
                return bucket;
            }

            if (negatives != 0 && way < 0)
            {
                way = BitOperations.TrailingZeroCount(negatives);
                used = bucket;
            }

            _negativeBucket = After(part, _negativeBucket);
        }

        return used;
    }

    private static uint After(StorePart<TMemory> part, uint bucket) => bucket + 1 == part.BucketCount ? 0 : bucket + 1;

    private Bucket<TMemory> PassEmpty(StorePart<TMemory> part, out uint taken)
    {
        for (; ; )
        {
            Bucket<TMemory> bucket = part.BucketAt(_bucket);
            taken = bucket.Taken();
            if (taken != 0)
            {
                return bucket;
            }

            Advance(part);
        }
    }

    private void Advance(StorePart<TMemory> part)
    {
        _way = 0;
        _bucket = After(part, _bucket);
    }
}
