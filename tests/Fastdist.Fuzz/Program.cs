using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Fastdist.Fuzz.Cache;
using Fastdist.Fuzz.Http;
using Fastdist.Fuzz.Rules;

namespace Fastdist.Fuzz;

/// <summary>Throws damaged input at the rooms that parse until time is up; keeps the first that breaks an invariant.</summary>
internal static class Program
{
    private const int DefaultSeconds = 60;
    private const int InputsPerClockLook = 1024;

    private static readonly Target[] s_targets =
    [
        new("dns", random => Mutator.Mutate(random, Corpus.All), Invariants.Check),
        new("http", random => ConversationMutator.Mutate(random, Conversations.All), SessionInvariants.Check),
        new("rules", random => Mutator.Mutate(random, Corpus.All), RuleInvariants.Check),
        new("cache", random => Mutator.Mutate(random, Corpus.All), CacheInvariants.Check),
    ];

    private static int Main(string[] args)
    {
        int seconds = DefaultSeconds;
        int seed = Environment.TickCount;
        Target[] targets = s_targets;
        string? replay = null;
        for (int index = 0; index < args.Length; index += 2)
        {
            string value = index + 1 < args.Length ? args[index + 1] : "";
            bool known = args[index] switch
            {
                "--seconds" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seconds),
                "--seed" => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seed),
                "--target" => (targets = [.. s_targets.Where(target => target.Name == value)]).Length > 0,
                "--replay" => File.Exists(replay = value),
                _ => false,
            };
            if (!known)
            {
                Console.Error.WriteLine("usage: Fastdist.Fuzz [--target dns|http|rules|cache] [--seconds N] [--seed S] | --target dns|http|rules|cache --replay FILE");
                return 2;
            }
        }

        if (replay is not null)
        {
            targets[0].Check(File.ReadAllBytes(replay));
            Console.WriteLine("the invariants hold");
            return 0;
        }

        return targets.Any(target => !Run(target, seconds / (double)targets.Length, seed)) ? 1 : 0;
    }

    private static bool Run(Target target, double seconds, int seed)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: seed {seed}, {seconds} s"));
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        long count = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            for (int batch = 0; batch < InputsPerClockLook; batch++, count++)
            {
                byte[] input = target.Make(random);
                try
                {
                    target.Check(input);
                }
                catch (Exception exception)
                {
                    string file = Path.GetFullPath($"fuzz-failure-{target.Name}-{seed}-{count}.bin");
                    File.WriteAllBytes(file, input);
                    Console.Error.WriteLine($"input {count}, kept in {file}:\n{Convert.ToHexString(input)}\n{exception}");
                    return false;
                }
            }
        }

        Console.WriteLine($"{target.Name}: {count} inputs, the invariants hold");
        return true;
    }

    /// <summary>A room, where its input comes from, and what throws when an invariant does not hold.</summary>
    private sealed record Target(string Name, Func<Random, byte[]> Make, Action<byte[]> Check);
}
