using System.Diagnostics;

namespace Fastdist.Cache.Storage;

/// <summary>
/// The blocks of a part that no entry has: those that came back, linked, and those that were never taken, which begin at a number and whose memory the system
/// has not given yet. For whoever holds the part's lock.
/// </summary>
internal sealed class BlockPool<TMemory>
    where TMemory : struct, ISharedMemory
{
    private readonly StoreMap _map;
    private uint _fresh;
    private uint _returned;

    /// <summary>Makes it.</summary>
    /// <param name="map">Where blocks are.</param>
    /// <param name="first">The part's first block.</param>
    /// <param name="count">Blocks of the part.</param>
    public BlockPool(in StoreMap map, uint first, int count)
    {
        _map = map;
        _fresh = first;
        Capacity = count;
        Left = count;
    }

    /// <summary>Blocks of the part.</summary>
    public int Capacity { get; }

    /// <summary>Blocks that no entry has.</summary>
    public int Left { get; private set; }

    /// <summary>Where a block is.</summary>
    public nuint AddressOf(uint block) => _map.BlockAt(block);

    /// <summary>Takes a block, of which there is one.</summary>
    public uint Take()
    {
        Debug.Assert(Left > 0, "callers make room first");
        Left--;
        if (_returned == 0)
        {
            return _fresh++;
        }

        uint block = _returned;
        _returned = TMemory.Load(_map.BlockAt(block));
        return block;
    }

    /// <summary>Takes the blocks of an entry back, after whatever led readers to it was changed.</summary>
    public void GiveBack(uint first)
    {
        uint last = first;
        for (Left++; ; Left++)
        {
            uint next = TMemory.Load(_map.BlockAt(last));
            if (next == 0)
            {
                break;
            }

            last = next;
        }

        TMemory.Store(_map.BlockAt(last), _returned);
        _returned = first;
    }
}
