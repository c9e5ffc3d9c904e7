using System.IO;
using System.Linq;
using Fastdist.Simulation.Profiles;
using Xunit;

namespace Fastdist.Simulation.Tests;

public class ReplayTests
{
    [Theory]
    [InlineData("chaos")]
    [InlineData("datagram-chaos")]
    [InlineData("caches")]
    public void One_seed_is_one_life_and_another_is_another(string name)
    {
        Profile chaos = Profile.All.Single(profile => profile.Name == name);
        foreach (int seed in Enumerable.Range(1, 20))
        {
            using World first = chaos.Run(seed, trace: null);
            using World again = chaos.Run(seed, trace: static _ => { });
            using World other = chaos.Run(seed + 1, trace: null);
            Assert.Equal(first.Hash, again.Hash);
            Assert.NotEqual(first.Hash, other.Hash);
        }
    }

    [Fact]
    public void A_seed_that_fails_is_told_with_the_line_that_plays_it_again()
    {
        var planted = new Profile("planted", static world =>
        {
            world.Begin(Ends.Options(world, 1));
            world.Require(world.Seed != 4711, "something was planted");
        }, Seeds: 0);
        var told = new StringWriter();
        Assert.Equal(1, new Runner(told).Play(planted, [4710, 4711, 4712]));
        string[] lines = told.ToString().Split('\n');
        Assert.Equal("Fastdist.Simulation --profile planted --seed 4711", lines[0]);
        Assert.EndsWith("something was planted", lines[1]);
        Assert.StartsWith("planted: 1 of 3 seeds failed", lines[2]);
    }
}
