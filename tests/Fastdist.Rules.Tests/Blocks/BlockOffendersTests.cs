using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Blocks;
using Xunit;

namespace Fastdist.Rules.Tests.Blocks;

public class BlockOffendersTests
{
    private readonly BlockOffenders _offenders = new();
    private readonly BlockTable _table = new();

    [Fact]
    public void Hits_of_a_minute_are_averaged()
    {
        Block block = Client(1);
        Meet(block, 90);
        _offenders.Look(_table.All, 100);
        Meet(block, 30);
        _offenders.Look(_table.All, 130);
        Assert.Equal([("192.0.2.1/32", 2.0)], Top(130));
        Assert.Equal([("192.0.2.1/32", 2.0)], Top(159));
        Assert.Equal([("192.0.2.1/32", 0.5)], Top(160));
        Assert.Empty(Top(190));
    }

    [Fact]
    public void Each_hit_counts_once_and_a_block_that_is_renewed_counts_on()
    {
        Meet(Client(1), 60);
        _offenders.Look(_table.All, 10);
        _offenders.Look(_table.All, 11);
        _table.Add(Range(1), new BlockTerms("another", 100), 0);
        Meet(_table.Find(Range(1))!, 60);
        _offenders.Look(_table.All, 12);
        (Block block, double rate) = Assert.Single(_offenders.Top(areNames: false, 12));
        Assert.Equal(("another", 2.0), (block.Terms.Reason, rate));
    }

    [Fact]
    public void The_twenty_that_were_met_most_are_told_names_apart_from_clients()
    {
        for (int client = 1; client <= 200; client++)
        {
            Meet(Client(client), client);
        }

        DomainName.TryParse("example.org"u8, out DomainName? name);
        _table.Add(name!, new BlockTerms("names", 100), 0);
        Meet(_table.Find(name!)!, 600);
        _offenders.Look(_table.All, 10);
        Assert.Equal(Enumerable.Range(181, 20).Reverse().Select(static client => $"192.0.2.{client}/32"), Top(10).Select(static one => one.What));
        Assert.Equal([("example.org.", 10.0)], _offenders.Top(areNames: true, 10).Select(static one => (one.Block.What, one.Rate)));
    }

    private IEnumerable<(string What, double Rate)> Top(long second) => _offenders.Top(areNames: false, second).Select(static one => (one.Block.What, one.Rate));

    private Block Client(int number)
    {
        _table.Add(Range(number), new BlockTerms("flood", 100), 0);
        return _table.Find(Range(number))!;
    }

    private static BlockedRange Range(int number) => BlockedRange.Of(Clients.Of($"192.0.2.{number}"), new AddressMasks(32, 128));

    private static void Meet(Block block, int times)
    {
        for (int i = 0; i < times; i++)
        {
            block.CountHit();
        }
    }
}
