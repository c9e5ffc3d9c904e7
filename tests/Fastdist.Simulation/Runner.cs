using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Fastdist.Simulation.Profiles;

namespace Fastdist.Simulation;

/// <summary>Plays seeds, and tells of each that violated something how to play it again.</summary>
/// <param name="output">Where to.</param>
/// <param name="isTraced">Whether every event is told, too.</param>
internal sealed class Runner(TextWriter output, bool isTraced = false)
{
    private const int MostShown = 3;
    private const int MostByChance = 2;

    /// <summary>Plays seeds of one profile.</summary>
    /// <returns>How many failed.</returns>
    public int Play(Profile profile, IEnumerable<int> seeds)
    {
        var clock = Stopwatch.StartNew();
        int played = 0;
        int failed = 0;
        long queries = 0;
        long unanswered = 0;
        double seconds = 0;
        foreach (int seed in seeds)
        {
            using World world = profile.Run(seed, isTraced ? output.WriteLine : null);
            played++;
            queries += world.Ledger.Queries.Count;
            unanswered += world.Ledger.Failed.Count();
            seconds += world.Age / 1e6;
            if (world.Violations.Count > 0)
            {
                failed++;
                Tell(profile, seed, world);
            }
        }

        output.WriteLine(FormattableString.Invariant(
            $"{profile.Name}: {failed} of {played} seeds failed; {queries} queries, {unanswered} answered SERVFAIL by the proxy, {seconds:F0} s of theirs in {clock.Elapsed.TotalSeconds:F1} s"));
        return failed + TellOfFailures(profile, queries, unanswered);
    }

    /// <summary>Few seeds show nothing of a small share.</summary>
    private int TellOfFailures(Profile profile, long queries, long unanswered)
    {
        if (profile.OneFailsIn == 0 || unanswered <= MostByChance || unanswered * profile.OneFailsIn < queries)
        {
            return 0;
        }

        output.WriteLine($"    {unanswered} of {queries} queries failed, where fewer than one of {profile.OneFailsIn} may");
        return 1;
    }

    private void Tell(Profile profile, int seed, World world)
    {
        output.WriteLine($"Fastdist.Simulation --profile {profile.Name} --seed {seed}");
        foreach (string violation in world.Violations.Take(MostShown))
        {
            output.WriteLine($"    {violation}");
        }
    }
}
