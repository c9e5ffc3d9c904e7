using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Rules.Blocks;

/// <summary>
/// What was answered of names in the last seconds: at most 8,192 names of a second and 32,768 of all of them, those beyond counted below their parents. At worst 1 MB for each second that the
/// rule looks back, and 20 while a tree is made. Work is done in pieces. By one thread.
/// </summary>
internal sealed class NameWindow
{
    private const int NamesOfSecond = 8_192;
    private const int NamesOfAll = 32_768;
    private const int ParentShare = 4;
    private const int PieceSize = 256;

    private readonly NameCounts[] _seconds;
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
    /// <returns>After each piece, how many names it were.</returns>
    public IEnumerable<int> Add(NameCounts counts, long second)
    {
        for (int i = 0; i < counts.Count && second > _newest - _seconds.Length; i += PieceSize)
        {
            int end = Math.Min(i + PieceSize, counts.Count);
            CountsOf(second).Add(counts, i, end);
            yield return end - i;
        }
    }

    /// <summary>Makes a tree of all of it.</summary>
    /// <returns>After each piece, how many names it were.</returns>
    public IEnumerable<int> Build(StatTree tree)
    {
        var all = new NameCounts(NamesOfAll, NamesOfAll / ParentShare, isGrowing: true);
        foreach (NameCounts second in _seconds)
        {
            for (int i = 0; i < second.Count; i += PieceSize)
            {
                all.Add(second, i, Math.Min(i + PieceSize, second.Count));
                yield return PieceSize;
            }
        }

        for (int i = 0; i < all.Count; i++)
        {
            tree.Add(all, i);
            yield return 4;
        }
    }

    private NameCounts CountsOf(long second) => _seconds[second % _seconds.Length];
}
