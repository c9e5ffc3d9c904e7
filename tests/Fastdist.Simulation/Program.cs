using System;
using System.Globalization;
using System.Linq;
using Fastdist.Simulation.Profiles;

namespace Fastdist.Simulation;

/// <summary>Plays what the command line names.</summary>
internal static class Program
{
    private const string Usage = "usage: Fastdist.Simulation [--profile NAME|all] [--seed N | --first N --seeds N] [--trace]";

    private static int Main(string[] args)
    {
        string name = "all";
        int first = 1;
        int seeds = 0;
        bool isTraced = false;
        for (int index = 0; index < args.Length; index++)
        {
            if (args[index] == "--trace")
            {
                isTraced = true;
                continue;
            }

            string option = args[index++];
            string value = index < args.Length ? args[index] : "";
            bool known = option switch
            {
                "--profile" => (name = value).Length > 0,
                "--seed" => TryParse(value, out first) && (seeds = 1) > 0,
                "--first" => TryParse(value, out first),
                "--seeds" => TryParse(value, out seeds),
                _ => false,
            };
            if (!known)
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }
        }

        Profile[] profiles = [.. Profile.All.Where(profile => name == "all" || profile.Name == name)];
        if (profiles.Length == 0)
        {
            Console.Error.WriteLine($"there is no profile {name}, only all, {string.Join(", ", Profile.All.Select(profile => profile.Name))}");
            return 2;
        }

        var runner = new Runner(Console.Out, isTraced);
        return profiles.Sum(profile => runner.Play(profile, Enumerable.Range(first, seeds > 0 ? seeds : profile.Seeds))) > 0 ? 1 : 0;
    }

    private static bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
