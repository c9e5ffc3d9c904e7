using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Fastdist.Simulation.Profiles;
using Xunit;

namespace Fastdist.Simulation.Tests;

/// <summary>The faults that tests/Fastdist.Simulation/plant puts into the source keep up with it.</summary>
public class FaultListTests
{
    [Fact]
    public void Each_fault_can_be_planted_and_names_profiles_that_there_are()
    {
        string root = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));
        string list = File.ReadAllText(Path.Combine(root, "tests", "Fastdist.Simulation", "faults"));
        string[] faults = list.Split("\n== ")[1..];
        Assert.InRange(faults.Length, 20, 200);
        Assert.Equal(faults.Length, faults.Select(static fault => fault[..fault.IndexOf(':', StringComparison.Ordinal)]).Distinct().Count());
        Assert.All(faults, fault =>
        {
            string source = File.ReadAllText(Path.Combine(root, Lines(fault, "in").Single()));
            Assert.Equal(2, source.Split(string.Join('\n', Lines(fault, "-"))).Length);
            Assert.All(Lines(fault, "by").Single().Split(' '), name => Assert.Contains(Profile.All, profile => profile.Name == name));
        });
    }

    private static IEnumerable<string> Lines(string fault, string word) =>
        fault.Split('\n').Where(line => line.StartsWith($"{word} ", StringComparison.Ordinal)).Select(line => line[(word.Length + 1)..]);

    private static string Here([CallerFilePath] string path = "") => path;
}
