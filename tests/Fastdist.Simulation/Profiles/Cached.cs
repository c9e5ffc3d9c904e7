using System;
using Fastdist.Simulation.Caching;

namespace Fastdist.Simulation.Profiles;

/// <summary>
/// Everything at once, and pools have packet caches: what clients get was given to an equal question, is not too old, and has nothing of another client's in it. In some
/// of the runs rules decide, too.
/// </summary>
internal static class Cached
{
    public static void Play(World world)
    {
        Random random = world.Random;
        world.Caching = CachingPlan.Draw(world);
        bool isOverUdp = random.Next(2) == 0, hasRules = random.Next(5) == 0;
        Chaos.Play(world, options => isOverUdp ? Datagrams.OverUdp(world, options) : options, plan => plan with { Truncates = random.Next(3) == 0 ? random.Next(1000) : 0 }, w =>
        {
            w.UseCaches();
            if (hasRules)
            {
                Ruled.Begun(w);
            }
        });
    }
}
