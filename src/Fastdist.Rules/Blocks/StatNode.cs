using System.Collections.Generic;
using Fastdist.Dns;

namespace Fastdist.Rules.Blocks;

/// <summary>A name in the tree of all that was answered (<c>StatNode</c>).</summary>
public sealed class StatNode
{
    private List<StatNode>? _children;

    internal StatNode(DomainName name, int labels) => (FullName, LabelsCount) = (name, labels);

    /// <summary>The name.</summary>
    public DomainName FullName { get; }

    /// <summary>Its labels, the root's not counted.</summary>
    public int LabelsCount { get; }

    /// <summary>Names one label longer. Those that there was no room for are counted as often as something was answered of them or of what is below them.</summary>
    public int NumChildren => (_children?.Count ?? 0) + Unnamed;

    /// <summary>What was answered of the name itself.</summary>
    public NameStatistics Self { get; internal set; }

    /// <summary>What was answered of names below that there was no room for.</summary>
    internal NameStatistics Below { get; set; }

    /// <summary>How often that was.</summary>
    internal int Unnamed { get; set; }

    /// <summary>Names one label longer.</summary>
    internal IReadOnlyList<StatNode> Children => _children ?? [];

    /// <summary>Puts a name below this one.</summary>
    internal void Add(StatNode child) => (_children ??= []).Add(child);
}
