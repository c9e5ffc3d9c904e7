using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;

namespace Fastdist.Rules.Chains;

/// <summary>
/// The names of all rows of a chain that look for few of them, in one index: a query's name is looked up once, and whatever row looks for it or for something
/// above it is known then.
/// </summary>
/// <param name="rows">The row of each number.</param>
/// <param name="wanted">The names that each number looks for, and whether those below them are left out.</param>
internal sealed class NameKeys(int[] rows, (IReadOnlyList<DomainName> Names, bool IsExact)[] wanted)
{
    private readonly SuffixIndex _index = new(wanted.SelectMany(static (entry, number) => entry.Names.Select(name => new SuffixEntry(name, number, entry.IsExact))));

    /// <summary>The row of a number.</summary>
    public int RowOf(int number) => rows[number];

    /// <summary>Finds the numbers that look for a name.</summary>
    /// <param name="name">The name, wire form.</param>
    public SuffixMatch Find(ReadOnlySpan<byte> name) => _index.Find(name);

    /// <summary>The least number that looks for a name and is not below one; the largest integer for none.</summary>
    public int FirstAtLeast(in SuffixMatch match, int number) => _index.FirstAtLeast(match, number);
}
