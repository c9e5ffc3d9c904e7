using System;
using System.Collections.Generic;

namespace Fastdist.Dns;

/// <summary>
/// A set of names that are looked up as they are, ASCII case aside. One thread writes; others read a <see cref="Snapshot"/>.
/// </summary>
public sealed class NameSet
{
    // Outsiders must not choose names that all go to one slot.
    private static readonly uint s_seed = (uint)Random.Shared.Next();

    private NameTable _table;

    /// <summary>An empty one.</summary>
    public NameSet()
        : this(new NameTable())
    {
    }

    private NameSet(NameTable table) => _table = table;

    /// <summary>Names in it.</summary>
    public int Count => _table.Count;

    /// <summary>All names, in no order.</summary>
    public IEnumerable<DomainName> All => _table.All;

    /// <summary>A set of the names of this moment, for threads that only read; it costs nothing until this one is written again.</summary>
    public NameSet Snapshot() => new(_table.Share());

    /// <summary>Whether a name is in it. Allocates nothing.</summary>
    /// <param name="name">A validated name.</param>
    public bool Contains(ReadOnlySpan<byte> name) => _table.Contains(name, Names.Hash(name, s_seed));

    /// <summary>Adds a name.</summary>
    /// <returns>False when it is there.</returns>
    public bool Add(DomainName name) => _table.Add(name.Wire, Names.Hash(name.Wire, s_seed));

    /// <summary>Takes a name out.</summary>
    /// <returns>False when it is not there.</returns>
    public bool Remove(DomainName name) => _table.Remove(name.Wire, Names.Hash(name.Wire, s_seed));

    /// <summary>Takes all names out.</summary>
    public void Clear() => _table = new NameTable();
}
