using System;
using Fastdist.Cache;
using Fastdist.Settings;

namespace Fastdist.Simulation.Profiles;

/// <summary>
/// Everything at once with rules or without, and clients ask what others have just asked, which backends are asked once, beside a cache that takes all in or nothing.
/// When one of those that wait for an answer is to fail, and when it is asked itself, follows from the others: what is looked at is that each ends once and in time,
/// with its own answer, and leaves nothing.
/// </summary>
internal static class Equal
{
    /// <summary>More than are asked about: what makes room follows from a key that is drawn anew for each cache, and a run is to be the same when it is played again.</summary>
    private static readonly CacheOptions s_keepsAll = new() { MaxEntries = 1 << 14 };
    private static readonly CacheOptions s_keepsNothing = s_keepsAll with { MinTtl = int.MaxValue, TemporaryFailureTtl = 0, TruncatedTtl = 0 };

    public static void Play(World world)
    {
        world.AsksEqual = true;
        world.Cache = new PacketCache(world.Random.Next(2) == 0 ? s_keepsNothing : s_keepsAll, shards: 3);
        world.Ledger.Rule = static (_, _) => null;
        Random random = world.Random;
        bool isOverUdp = random.Next(2) == 0;
        int slow = random.Next(2) * random.Next(300_000);
        Action<World>? begun = random.Next(2) == 0 ? Ruled.Begun : null;
        Chaos.Play(world, options => isOverUdp ? Datagrams.OverUdp(world, options) : options, plan => plan with
        {
            Delay = (plan.Delay.Least, plan.Delay.Most + slow),
            Truncates = random.Next(3) == 0 ? random.Next(1000) : 0,
        }, begun);
    }
}
