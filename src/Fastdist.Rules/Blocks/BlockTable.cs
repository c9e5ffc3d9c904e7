using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Blocks;

/// <summary>
/// Who and what is blocked. One thread at a time writes; shards are given a <see cref="Snapshot"/> and look into that. At most <see cref="Most"/> blocks, about 250
/// bytes each and 50 in a snapshot; when there is no room those that are there stay.
/// </summary>
public sealed class BlockTable
{
    /// <summary>Blocks that there is room for, unless it is said otherwise.</summary>
    public const int Most = 131_072;

    private readonly Dictionary<BlockedRange, Block> _ranges = [];
    private readonly Dictionary<DomainName, Block> _names = [];
    private readonly int _most;
    private BlockAction _defaultAction = BlockAction.Drop;
    private BlockSnapshot? _snapshot = BlockSnapshot.Empty;

    /// <summary>Nothing is blocked.</summary>
    /// <param name="most">Blocks that there is room for.</param>
    public BlockTable(int most = Most) => _most = most;

    /// <summary>What is done about blocks that do not say it themselves (<c>setDynBlocksAction</c>).</summary>
    public BlockAction DefaultAction
    {
        get => _defaultAction;
        set
        {
            _defaultAction = value is BlockAction.None or BlockAction.SetTag ? BlockAction.Drop : value;
            _snapshot = null;
        }
    }

    /// <summary>Blocks, those that are over too until they are purged.</summary>
    public int Count => _ranges.Count + _names.Count;

    /// <summary>All of them: clients, then names.</summary>
    public IEnumerable<Block> All => _ranges.Values.Concat(_names.Values);

    /// <summary>Blocks clients, or prolongs it.</summary>
    /// <param name="range">Whom.</param>
    /// <param name="terms">How.</param>
    /// <param name="now">Microseconds.</param>
    public BlockOutcome Add(BlockedRange range, BlockTerms terms, long now)
    {
        BlockOutcome outcome = Judge(_ranges.GetValueOrDefault(range), terms, now, out Block? renewed);
        if (outcome is BlockOutcome.Inserted or BlockOutcome.Renewed && !TryExtend(renewed, terms, now))
        {
            _ranges[range] = new Block(range, null, terms, Block.EndOf(terms, now), renewed);
        }

        return outcome;
    }

    /// <summary>Blocks a name with all below it, or prolongs it.</summary>
    /// <param name="name">Which.</param>
    /// <param name="terms">How.</param>
    /// <param name="now">Microseconds.</param>
    public BlockOutcome Add(DomainName name, BlockTerms terms, long now)
    {
        BlockOutcome outcome = Judge(_names.GetValueOrDefault(name), terms, now, out Block? renewed);
        if (outcome is BlockOutcome.Inserted or BlockOutcome.Renewed && !TryExtend(renewed, terms, now))
        {
            _names[name] = new Block(null, name, terms, Block.EndOf(terms, now), renewed);
        }

        return outcome;
    }

    /// <summary>The block of exactly these clients; null when there is none.</summary>
    public Block? Find(BlockedRange range) => _ranges.GetValueOrDefault(range);

    /// <summary>The block of exactly this name; null when there is none.</summary>
    public Block? Find(DomainName name) => _names.GetValueOrDefault(name);

    /// <summary>Takes a block of clients away.</summary>
    /// <returns>False when there is none.</returns>
    public bool Remove(BlockedRange range) => Changed(_ranges.Remove(range));

    /// <summary>Takes a block of names away.</summary>
    /// <returns>False when there is none.</returns>
    public bool Remove(DomainName name) => Changed(_names.Remove(name));

    /// <summary>Takes all away.</summary>
    public void Clear()
    {
        Changed(Count > 0);
        _ranges.Clear();
        _names.Clear();
    }

    /// <summary>Takes away what is over.</summary>
    /// <param name="now">Microseconds.</param>
    /// <returns>How many it were.</returns>
    public int Purge(long now)
    {
        int before = Count;
        foreach (Block block in All.Where(block => block.Until <= now).ToArray())
        {
            Changed(block.Range is { } range ? _ranges.Remove(range) : _names.Remove(block.Name!));
        }

        return before - Count;
    }

    /// <summary>The blocks of this moment, for shards; the same one as long as nobody and nothing else is blocked.</summary>
    public BlockSnapshot Snapshot() => _snapshot ??= new BlockSnapshot(_ranges.Values, _names.Values, _defaultAction);

    private BlockOutcome Judge(Block? there, BlockTerms terms, long now, out Block? renewed)
    {
        renewed = there is not null && now < there.Until ? there : null;
        if (renewed is null)
        {
            return there is not null || Count < _most ? BlockOutcome.Inserted : BlockOutcome.Refused;
        }

        if (terms.IsWarning != renewed.Terms.IsWarning)
        {
            return terms.IsWarning ? BlockOutcome.Kept : BlockOutcome.Inserted;
        }

        return Block.EndOf(terms, now) < renewed.Until ? BlockOutcome.Kept : BlockOutcome.Renewed;
    }

    /// <summary>A block that stays what it is only ends later: shards that look at it need no other.</summary>
    private bool TryExtend(Block? renewed, BlockTerms terms, long now)
    {
        if (renewed is null || renewed.Terms with { Seconds = terms.Seconds } != terms)
        {
            Changed(true);
            return false;
        }

        renewed.Extend(Block.EndOf(terms, now));
        return true;
    }

    private bool Changed(bool isChanged)
    {
        _snapshot = isChanged ? null : _snapshot;
        return isChanged;
    }
}
