using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Rules.Blocks;

/// <summary>
/// Which blocks were met most in the last minute. Of each second those are kept that were met most in it, so that a minute with a hundred thousand blocks takes no more
/// room than one with a few: 200 kB. By one thread at a time.
/// </summary>
public sealed class BlockOffenders
{
    /// <summary>Seconds over which is averaged.</summary>
    public const int Seconds = 60;

    /// <summary>Blocks that are told of.</summary>
    public const int Most = 20;

    private const int MostOfSecond = 5 * Most;

    private readonly Queue<(long Second, (Block Block, long Hits)[] Met)> _seconds = new();

    /// <summary>Looks how often each block was met since the last time; to be called every second.</summary>
    /// <param name="blocks">All that there are.</param>
    /// <param name="second">The time, seconds.</param>
    public void Look(IEnumerable<Block> blocks, long second)
    {
        List<(Block Block, long Hits)> met = [];
        foreach (Block block in blocks)
        {
            long hits = block.Hits - block.Met.Seen;
            if (hits > 0)
            {
                block.Met.Seen += hits;
                met.Add((block, hits));
            }
        }

        if (met.Count > 0)
        {
            _seconds.Enqueue((second, [.. met.OrderByDescending(static one => one.Hits).Take(MostOfSecond)]));
        }

        Forget(second);
    }

    /// <summary>Blocks of names, or of clients, with how often a second each was met in the last minute, the one that was met most first.</summary>
    /// <param name="areNames">Of which.</param>
    /// <param name="second">The time, seconds.</param>
    public IReadOnlyList<(Block Block, double Rate)> Top(bool areNames, long second)
    {
        Forget(second);
        return
        [
            .. _seconds.SelectMany(static one => one.Met)
                .Where(one => one.Block.Name is not null == areNames)
                .GroupBy(static one => one.Block.What)
                .Select(static one => (one.Last().Block, Rate: one.Sum(static met => met.Hits) / (double)Seconds))
                .OrderByDescending(static one => one.Rate)
                .Take(Most),
        ];
    }

    private void Forget(long second)
    {
        while (_seconds.TryPeek(out (long Second, (Block, long)[] Met) oldest) && oldest.Second <= second - Seconds)
        {
            _seconds.Dequeue();
        }
    }
}
