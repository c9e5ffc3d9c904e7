using System.Collections.Generic;
using Fastdist.Dns;

namespace Fastdist.Rules.Blocks;

/// <summary>Names as a tree. Built and walked in pieces, by one thread.</summary>
internal sealed class StatTree
{
    private readonly Dictionary<DomainName, StatNode> _nodes = [];
    private readonly StatNode _root = new(DomainName.Root, 0);

    /// <summary>The root alone.</summary>
    public StatTree() => _nodes.Add(DomainName.Root, _root);

    /// <summary>Puts an entry into the tree, and the names that it is part of.</summary>
    public void Add(NameCounts counts, int index)
    {
        if (DomainName.TryRead(counts.Read(index, out bool isBelow, out NameStatistics statistics, out int names), out DomainName? name))
        {
            StatNode node = NodeOf(name);
            (node.Self, node.Below) = isBelow ? (node.Self, node.Below + statistics) : (node.Self + statistics, node.Below);
            node.Unnamed += isBelow ? names : 0;
        }
    }

    /// <summary>Shows a visitor each name after those below it.</summary>
    /// <returns>Each name that it says something about.</returns>
    public IEnumerable<(StatNode Node, StatVerdict Verdict)> Visit(StatVisitor visitor)
    {
        // A name has up to 127 labels, but the way to one is kept here and not on the stack, so that the walk may pause anywhere.
        var way = new Stack<(StatNode Node, int Next, NameStatistics Sum)>();
        way.Push((_root, 0, _root.Self + _root.Below));
        while (way.TryPop(out (StatNode Node, int Next, NameStatistics Sum) at))
        {
            if (at.Next < at.Node.Children.Count)
            {
                StatNode child = at.Node.Children[at.Next];
                way.Push((at.Node, at.Next + 1, at.Sum));
                way.Push((child, 0, child.Self + child.Below));
                continue;
            }

            yield return (at.Node, visitor(at.Node, at.Node.Self, at.Sum));
            if (way.TryPop(out (StatNode Node, int Next, NameStatistics Sum) parent))
            {
                way.Push((parent.Node, parent.Next, parent.Sum + at.Sum));
            }
        }
    }

    private StatNode NodeOf(DomainName name)
    {
        if (_nodes.TryGetValue(name, out StatNode? node))
        {
            return node;
        }

        StatNode parent = NodeOf(name.Parent);
        node = new StatNode(name, parent.LabelsCount + 1);
        parent.Add(node);
        _nodes.Add(name, node);
        return node;
    }
}
