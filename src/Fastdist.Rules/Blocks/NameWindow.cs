using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Rules.Blocks;

/// <summary>
/// What was answered of names in the last seconds: at most 4,096 names of a second and 16,384 of all of them, those beyond counted below their parents. At worst 1 MB
/// for each second that the rule looks back, and 10 for the tree. Work is done in pieces. By one thread.
/// </summary>
internal sealed class NameWindow
{
    private const int NamesOfSecond = 4_096;
    private const int NamesOfAll = 16_384;
    private const int ParentShare = 4;
    private const int PieceSize = 128;

    // What a name costs, in the unit of work that is a client looked at.
    private const int MergeCost = 4;
    private const int NodeCost = 40;

    private readonly NameCounts[] _seconds;
    private readonly NameCounts _all = new(NamesOfAll, NamesOfAll / ParentShare, isGrowing: true);
    private long _newest;

    /// <summary>Nothing was answered yet.</summary>
    /// <param name="seconds">Seconds to look back.</param>
    public NameWindow(int seconds) =>
        _seconds = [.. Enumerable.Range(0, seconds).Select(static _ => new NameCounts(NamesOfSecond, NamesOfSecond / ParentShare, isGrowing: true))];

    /// <summary>Goes on to a later second; what is too long ago then is forgotten.</summary>
    public void AdvanceTo(long second)
    {
        for (long next = Math.Max(_newest + 1, second - _seconds.Length + 1); next <= second; next++)
        {
            CountsOf(next).Clear();
        }

        _newest = second;
    }

    /// <summary>Adds what a shard counted.</summary>
    /// <returns>After each piece, how much work it was.</returns>
    public IEnumerable<int> Add(NameCounts counts, long second)
    {
        for (int i = 0; i < counts.Count && second > _newest - _seconds.Length; i += PieceSize)
        {
            int end = Math.Min(i + PieceSize, counts.Count);
            CountsOf(second).Add(counts, i, end);
            yield return (end - i) * MergeCost;
        }
    }

    /// <summary>Makes a tree of all of it.</summary>
    /// <returns>After each piece, how much work it was.</returns>
    public IEnumerable<int> Build(StatTree tree)
    {
        _all.Clear();
        foreach (NameCounts second in _seconds)
        {
            for (int i = 0; i < second.Count; i += PieceSize)
            {
                _all.Add(second, i, Math.Min(i + PieceSize, second.Count));
                yield return PieceSize * MergeCost;
            }
        }

        for (int i = 0; i < _all.Count; i++)
        {
            tree.Add(_all, i);
            yield return NodeCost;
        }
    }

    private NameCounts CountsOf(long second) => _seconds[second % _seconds.Length];
}
