using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Fastdist.Fuzz;

/// <summary>Throws damaged messages at the DNS room until time is up; keeps the first that breaks an invariant.</summary>
internal static class Program
{
    private const int DefaultSeconds = 60;
    private const int MessagesPerClockLook = 1024;

    private static int Main(string[] args)
    {
        int seconds = DefaultSeconds;
        int seed = Environment.TickCount;
        for (int index = 0; index < args.Length; index += 2)
        {
            string value = index + 1 < args.Length ? args[index + 1] : "";
            bool known = args[index] switch
            {
                "--seconds" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seconds),
                "--seed" => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seed),
                "--replay" => File.Exists(value),
                _ => false,
            };
            if (!known)
            {
                Console.Error.WriteLine("usage: Fastdist.Fuzz [--seconds N] [--seed S] | --replay FILE");
                return 2;
            }

            if (args[index] == "--replay")
            {
                Invariants.Check(File.ReadAllBytes(value));
                Console.WriteLine("the invariants hold");
                return 0;
            }
        }

        return Run(seconds, seed);
    }

    private static int Run(int seconds, int seed)
    {
        Console.WriteLine($"seed {seed}, {seconds} s");
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        long count = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            for (int batch = 0; batch < MessagesPerClockLook; batch++, count++)
            {
                byte[] message = Mutator.Mutate(random, Corpus.All);
                try
                {
                    Invariants.Check(message);
                }
                catch (Exception exception)
                {
                    string file = Path.GetFullPath($"fuzz-failure-{seed}-{count}.bin");
                    File.WriteAllBytes(file, message);
                    Console.Error.WriteLine($"message {count}, kept in {file}:\n{Convert.ToHexString(message)}\n{exception}");
                    return 1;
                }
            }
        }

        Console.WriteLine($"{count} messages, the invariants hold");
        return 0;
    }
}
