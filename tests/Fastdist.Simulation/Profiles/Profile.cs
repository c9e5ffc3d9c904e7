using System;
using System.Collections.Generic;

namespace Fastdist.Simulation.Profiles;

/// <summary>A kind of run: what is played, and what must not happen in it beside what must never happen.</summary>
/// <param name="Name">As the command line spells it.</param>
/// <param name="Play">Plays it.</param>
/// <param name="Seeds">How many runs show it, of a run of some hundred in all.</param>
internal sealed record Profile(string Name, Action<World> Play, int Seeds)
{
    /// <summary>All there are.</summary>
    public static IReadOnlyList<Profile> All { get; } =
    [
        new("orderly-ends", Ends.OrderlyEnds, 60),
        new("common-restart", Ends.CommonRestart, 60),
        new("quick-restart", Ends.QuickRestart, 40),
        new("primary-closes", Ends.PrimaryCloses, 40),
        new("one-closes", Ends.OneCloses, 30),
        new("poison", Ends.Poison, 40),
        new("come-and-go", Ends.ComeAndGo, 30),
        new("other-settings", OtherSettings.Play, 60),
        new("one-lost", Silence.OneLost, 30),
        new("many-lost", Silence.ManyLost, 10),
        new("silent-connections", Silence.SilentConnections, 30),
        new("turns-slow", Silence.TurnsSlow, 20),
        new("slow-up", Silence.SlowUp, 10),
        new("all-full", Silence.AllFull, 12),
        new("stopped-process", Silence.StoppedProcess, 20),
        new("chaos", Chaos.Play, 300),
        new("rules", Ruled.Play, 100),
        new("caches", Cached.Play, 100),
        new("cached-outage", CachedOutage.Play, 30),
        new("equal", Equal.Play, 100),
        new("lossy-pair", Datagrams.LossyPair, 40) { OneFailsIn = 10_000 },
        new("lossy-lone", Datagrams.LossyLone, 20) { OneFailsIn = 1000 },
        new("forged", Datagrams.Forged, 20),
        new("truncated", Datagrams.Truncated, 30),
        new("datagram-restart", Datagrams.Restart, 30),
        new("datagram-misdeeds", Datagrams.Misdeeds, 30),
        new("datagram-chaos", Datagrams.Chaotic, 100),
    ];

    /// <summary>Of so many queries of all its seeds fewer than one fails; 0 where each failure is judged by itself.</summary>
    public int OneFailsIn { get; init; }

    /// <summary>Plays one seed.</summary>
    public World Run(int seed, Action<string>? trace)
    {
        var world = new World(seed, trace);
        try
        {
            Play(world);
            world.Finish();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            world.Violate(exception.ToString());
        }

        return world;
    }
}
