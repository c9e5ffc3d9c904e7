using System.Collections.Concurrent;
using Fastdist.Control.Configuration.Language;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Proxy;
using Fastdist.Rules.Blocks;

namespace Fastdist.Control.Configuration.Objects.Blocks;

/// <summary>
/// What a script says of a group of blocking rules, and the group that works by it. A change of what is counted begins it anew, as what was counted before says nothing of that.
/// </summary>
internal sealed class ScriptedGroup
{
    private readonly ConcurrentQueue<Block> _inserted = new();
    private BlockGroup? _group;

    /// <summary>Its rules; setting them begins anew.</summary>
    public BlockRules Rules
    {
        get;
        set
        {
            field = value;
            _group = null;
        }
    }

    = new();

    /// <summary>Whom never to block.</summary>
    public ExcludedRanges Ranges { get; } = new();

    /// <summary>Names that are never blocked.</summary>
    public SuffixSet Domains { get; } = new();

    /// <summary>Whether the log is told nothing of its blocks.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Called for each new block; null for nobody.</summary>
    public LuaFunction? Hook { get; set; }

    /// <summary>Looks at what was counted, on a thread that is there for that, or here where a script is asked about names.</summary>
    public void Apply(Script script, DynamicBlocks blocks)
    {
        BlockGroup group = _group ??= Make(blocks.Shards);
        try
        {
            if (!(Rules.Suffixes is null ? blocks.Apply(group, IsQuiet) : blocks.ApplyHere(group, IsQuiet)))
            {
                throw new ScriptException("there are as many groups at work as there may be: use one for several rules");
            }
        }
        finally
        {
            Tell();
        }
    }

    /// <summary>Calls the hook for what is new. When it fails it is called for the rest the next time.</summary>
    private void Tell()
    {
        while (_inserted.TryDequeue(out Block? block))
        {
            Hook?.Call(
                LuaValue.Of(block.Range is null ? 1 : 0), LuaValue.Of(block.What), LuaValue.Of(block.Terms.Reason), LuaValue.Of(BlockArguments.NumberOf(block.Terms.Action)),
                LuaValue.Of(block.Terms.Seconds), LuaValue.Of(block.Terms.IsWarning));
        }
    }

    private BlockGroup Make(int shards)
    {
        var group = new BlockGroup(Rules with { ExcludedRanges = Ranges.Count > 0 ? Ranges.ToRanges() : null, ExcludedDomains = Domains.Count > 0 ? Domains.Snapshot() : null }, shards);
        if (Hook is not null)
        {
            group.Inserted += block =>
            {
                // A script that no longer runs leaves no more than a table of them.
                if (_inserted.Count < BlockTable.Most)
                {
                    _inserted.Enqueue(block);
                }
            };
        }

        return group;
    }

    /// <summary>Goes by other ranges, names or a hook from now on.</summary>
    public void Changed() => _group = null;
}
