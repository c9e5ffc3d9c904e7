using System;

namespace Fastdist.Cache.Storage;

/// <summary>Writes an entry into blocks that nobody else knows of.</summary>
internal ref struct ChainWriter<TMemory>
    where TMemory : struct, ISharedMemory
{
    private readonly BlockPool<TMemory> _pool;
    private nuint _block;
    private nuint _address;
    private int _left;

    private ChainWriter(BlockPool<TMemory> pool, nuint block)
    {
        _pool = pool;
        _block = block;
        _address = block + (nuint)ChainHead.Size;
        _left = ChainHead.FirstRoom;
    }

    /// <summary>Writes an entry, for which the pool has blocks enough.</summary>
    /// <returns>Its first block.</returns>
    public static uint Write(BlockPool<TMemory> pool, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in EntryHead head)
    {
        uint first = pool.Take();
        var chain = new ChainHead { KeyLength = key.Length, ValueLength = value.Length, Entry = head };
        nuint block = pool.AddressOf(first);
        TMemory.StoreHead(block, in chain);
        var writer = new ChainWriter<TMemory>(pool, block);
        writer.Append(key);
        writer.Append(value);
        return first;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        for (; ; )
        {
            int length = Math.Min(bytes.Length, _left);
            TMemory.Put(_address, bytes[..length]);
            _address += (nuint)(uint)length;
            _left -= length;
            bytes = bytes[length..];
            if (bytes.IsEmpty)
            {
                return;
            }

            uint next = _pool.Take();
            TMemory.Store(_block, next);
            _block = _pool.AddressOf(next);
            TMemory.Store(_block, 0);
            _address = _block + ChainHead.LinkSize;
            _left = ChainHead.Room;
        }
    }
}
