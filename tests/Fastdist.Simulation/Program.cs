using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using Fastdist.Simulation.Profiles;

namespace Fastdist.Simulation;

/// <summary>Plays seeds, and tells of each that lost a query how to play it again.</summary>
internal static class Program
{
    private const string Usage = "usage: Fastdist.Simulation [--profile NAME|all] [--seed N | --first N --seeds N] [--trace]";

    private static int Main(string[] args)
    {
        string profile = "all";
        int? seed = null;
        int first = 1;
        int seeds = 0;
        bool isTraced = false;
        for (int index = 0; index < args.Length; index++)
        {
            string value = index + 1 < args.Length ? args[index + 1] : "";
            bool known = true;
            switch (args[index])
            {
                case "--profile":
                    profile = value;
                    break;
                case "--seed":
                    known = TryParse(value, out int only);
                    seed = only;
                    break;
                case "--first":
                    known = TryParse(value, out first);
                    break;
                case "--seeds":
                    known = TryParse(value, out seeds);
                    break;
                case "--trace":
                    isTraced = true;
                    continue;
                default:
                    known = false;
                    break;
            }

            index++;
            if (!known)
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }
        }

        Profile[] chosen = [.. Profile.All.Where(p => profile == "all" || p.Name == profile)];
        if (chosen.Length == 0)
        {
            Console.Error.WriteLine($"there is no profile {profile}, only {string.Join(", ", Profile.All.Select(p => p.Name))}");
            return 2;
        }

        Action<string>? trace = isTraced ? Console.WriteLine : null;
        int failed = 0;
        foreach (Profile each in chosen)
        {
            failed += seed is { } one ? Play(each, [one], trace) : Play(each, Enumerable.Range(first, seeds > 0 ? seeds : each.Seeds), trace);
        }

        return failed > 0 ? 1 : 0;
    }

    private static bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Plays seeds of one profile.</summary>
    /// <returns>How many failed.</returns>
    private static int Play(Profile profile, IEnumerable<int> seeds, Action<string>? trace)
    {
        const int MostShown = 3;
        var clock = Stopwatch.StartNew();
        int played = 0;
        int failed = 0;
        long queries = 0;
        long servFails = 0;
        double virtualSeconds = 0;
        foreach (int seed in seeds)
        {
            using World world = profile.Run(seed, trace);
            played++;
            queries += world.Ledger.Queries.Count;
            servFails += world.Ledger.Failed.Count();
            virtualSeconds += world.Age / 1e6;
            if (world.Violations.Count > 0)
            {
                failed++;
                Console.WriteLine($"Fastdist.Simulation --profile {profile.Name} --seed {seed}");
                foreach (string violation in world.Violations.Take(MostShown))
                {
                    Console.WriteLine($"    {violation}");
                }
            }
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{profile.Name}: {failed} of {played} seeds failed; {queries} queries, {servFails} failed by the proxy, {virtualSeconds:F0} s of theirs in {clock.Elapsed.TotalSeconds:F1} s"));
        return failed;
    }
}
