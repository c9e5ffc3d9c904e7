using System;
using System.Runtime.CompilerServices;

namespace Fastdist.Cache.Storage;

/// <summary>
/// Reads an entry, block by block, while it may be written anew. What it reads may be anything: it stays within the blocks there are, ends after as many bytes
/// as were asked for, and promises nothing else until the sequence was compared.
/// </summary>
internal ref struct ChainReader<TMemory>
    where TMemory : struct, ISharedMemory
{
    private readonly ref readonly StoreMap _map;
    private nuint _address;
    private int _left;
    private uint _next;

    /// <summary>Begins with an entry's first block, which there is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ChainReader(ref readonly StoreMap map, uint block, out ChainHead head)
    {
        _map = ref map;
        nuint address = map.BlockAt(block);
        TMemory.Prefetch(address + 64);
        head = TMemory.LoadHead(address);
        _address = address + (nuint)ChainHead.Size;
        _left = ChainHead.FirstRoom;
        _next = head.Next;
        TMemory.Prefetch(map.BlockAt(_next));
    }

    /// <summary>Compares the next bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryMatch(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _left)
        {
            return TryMatchPieces(bytes);
        }

        bool isEqual = TMemory.AreEqual(_address, bytes);
        Pass(bytes.Length);
        return isEqual;
    }

    /// <summary>Copies the next bytes.</summary>
    /// <returns>False when it was led where no block is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryCopy(Span<byte> destination)
    {
        for (; ; )
        {
            int length = Math.Min(destination.Length, _left);
            TMemory.Copy(_address, destination[..length]);
            if (length == destination.Length)
            {
                Pass(length);
                return true;
            }

            destination = destination[length..];
            if (!TryAdvance())
            {
                return false;
            }
        }
    }

    private bool TryMatchPieces(ReadOnlySpan<byte> bytes)
    {
        for (; ; )
        {
            int length = Math.Min(bytes.Length, _left);
            if (!TMemory.AreEqual(_address, bytes[..length]))
            {
                return false;
            }

            if (length == bytes.Length)
            {
                Pass(length);
                return true;
            }

            bytes = bytes[length..];
            if (!TryAdvance())
            {
                return false;
            }
        }
    }

    private void Pass(int length)
    {
        _address += (nuint)(uint)length;
        _left -= length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryAdvance()
    {
        if (!_map.HasBlock(_next))
        {
            return false;
        }

        nuint address = _map.BlockAt(_next);
        TMemory.Prefetch(address + 64);
        _next = TMemory.Load(address);
        TMemory.Prefetch(_map.BlockAt(_next));
        _address = address + ChainHead.LinkSize;
        _left = ChainHead.Room;
        return true;
    }
}
