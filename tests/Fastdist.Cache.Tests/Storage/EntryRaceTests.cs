using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Fastdist.Cache.Storage;
using Xunit;

namespace Fastdist.Cache.Tests.Storage;

/// <summary>
/// The store's own reading and writing code in every execution that a weakly ordered machine allows (<see cref="WeakMemory"/>): each copy that is accepted was
/// written whole. That the search would find it if not is known because it does once a barrier, the acquire or the release is taken out.
/// </summary>
public sealed class EntryRaceTests : IDisposable
{
    private const ulong Hash = 0x0123_4567_89AB_CDEF;
    private static readonly byte[] s_key = [1, 1, 1, 1];
    private static readonly byte[] s_other = [2, 2, 2, 2];

    public static TheoryData<Race> Races => [.. Enum.GetValues<Race>()];

    public void Dispose() => ModelledShared.Current = null;

    /// <summary>What a writer does while a reader looks for the entry of <see cref="s_key"/>.</summary>
    public enum Race
    {
        /// <summary>It is renewed, and the block that it had becomes another key's.</summary>
        RenewAndReuse,

        /// <summary>It is renewed twice, the second time in the block that it had before the first.</summary>
        RenewTwice,

        /// <summary>It is removed, and its way and block become another key's of the same hash.</summary>
        RemoveAndReuse,

        /// <summary>It was not there, and is kept in the way and block of a removed one of another key.</summary>
        Appear,

        /// <summary>It is renewed while it has several blocks, which then are another key's.</summary>
        RenewLong,
    }

    [Theory]
    [MemberData(nameof(Races))]
    public void Whatever_is_found_was_written_whole(Race race)
    {
        HashSet<Seen> seen = [.. Explore(race, Omission.None)];

        Assert.All(seen, one => Assert.True(IsRight(race, one), $"{one}"));
        Assert.Contains(seen, one => one.Finding == Finding.Busy);
        Assert.Contains(seen, one => one.Finding == Finding.Found);
        Assert.True(ModelledShared.Current!.Executions > 100, "the search was cut short");
    }

    [Theory]
    [InlineData(Race.RenewAndReuse, Omission.ReadBarrier)]
    [InlineData(Race.RenewAndReuse, Omission.WriteBarrier)]
    [InlineData(Race.RenewAndReuse, Omission.Acquire)]
    [InlineData(Race.RenewAndReuse, Omission.Release)]
    [InlineData(Race.RenewTwice, Omission.ReadBarrier)]
    [InlineData(Race.RenewTwice, Omission.WriteBarrier)]
    [InlineData(Race.RemoveAndReuse, Omission.ReadBarrier)]
    [InlineData(Race.RemoveAndReuse, Omission.WriteBarrier)]
    [InlineData(Race.Appear, Omission.Acquire)]
    [InlineData(Race.Appear, Omission.Release)]
    [InlineData(Race.RenewLong, Omission.ReadBarrier)]
    [InlineData(Race.RenewLong, Omission.WriteBarrier)]
    public void Without_a_part_of_the_order_something_is_found_that_was_never_written(Race race, Omission omission) =>
        Assert.Contains(Explore(race, omission), one => !IsRight(race, one));

    private static bool IsRight(Race race, Seen seen) => seen.Finding switch
    {
        Finding.Busy => true,
        Finding.Missing => race is Race.RemoveAndReuse or Race.Appear,
        _ => seen.IsOfItsLength && seen.Added == seen.First && seen.Added == seen.Last && (race switch
        {
            Race.RenewAndReuse or Race.RenewLong => seen.Added is 1 or 2,
            Race.RenewTwice => seen.Added is 1 or 2 or 3,
            Race.RemoveAndReuse => seen.Added == 1,
            _ => seen.Added == 2,
        }),
    };

    private static IEnumerable<Seen> Explore(Race race, Omission omission)
    {
        var memory = new WeakMemory(omission);
        ModelledShared.Current = memory;
        int words = race == Race.RenewLong ? 40 : 2;
        int blocks = ChainHead.BlocksFor(4 + (4 * words));
        var map = new StoreMap(0x1000, 2, 1, 0x10000, 4 * (uint)blocks);
        var part = new StorePart<ModelledShared>(in map, 0, 1, new PartLimits(8, 8, 4 * blocks));
        Keep(part, race == Race.Appear ? s_other : s_key, 1, words);
        memory.BeginRace();
        Write(part, race, words);
        return memory.Explore(() => Read(map, words));
    }

    private static void Write(StorePart<ModelledShared> part, Race race, int words)
    {
        switch (race)
        {
            case Race.RenewAndReuse or Race.RenewLong:
                Keep(part, s_key, 2, words);
                Keep(part, s_other, 3, words);
                break;
            case Race.RenewTwice:
                Keep(part, s_key, 2, words);
                Keep(part, s_key, 3, words);
                break;
            case Race.RemoveAndReuse:
                Assert.True(part.Remove(Hash, s_key));
                Keep(part, s_other, 2, words);
                break;
            default:
                Assert.True(part.Remove(Hash, s_other));
                Keep(part, s_key, 2, words);
                break;
        }
    }

    /// <summary>Keeps an entry that says the same number at its beginning, in its first block and in its last.</summary>
    private static void Keep(StorePart<ModelledShared> part, byte[] key, uint number, int words)
    {
        uint[] value = new uint[words];
        value[0] = number;
        value[^1] = number;
        var head = new EntryHead { Added = number, Ends = uint.MaxValue };
        Assert.Equal(Insertion.Done, part.Insert(Hash, key, MemoryMarshal.AsBytes<uint>(value), in head, 0));
    }

    private static Seen Read(StoreMap map, int words)
    {
        uint[] value = new uint[words];
        Finding finding = EntryLookup<ModelledShared>.Read(in map, Hash, s_key, MemoryMarshal.AsBytes(value.AsSpan()), out int length, out EntryHead head, out _);
        return finding == Finding.Found ? new Seen(finding, length == 4 * words, head.Added, value[0], value[^1]) : new Seen(finding, false, 0, 0, 0);
    }

    private readonly record struct Seen(Finding Finding, bool IsOfItsLength, uint Added, uint First, uint Last);
}
