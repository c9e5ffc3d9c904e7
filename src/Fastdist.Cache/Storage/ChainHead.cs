using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fastdist.Cache.Storage;

/// <summary>
/// What the first block of an entry begins with; key and value follow, in it and in the blocks behind it, each of which begins with the number of the next.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ChainHead
{
    /// <summary>Bytes a block that is not the first one begins with: the number of the next.</summary>
    public const int LinkSize = sizeof(uint);

    /// <summary>Bytes of an entry in each block but the first.</summary>
    public const int Room = StoreMap.BlockSize - LinkSize;

    /// <summary>The next block; 0 for none.</summary>
    public uint Next;

    /// <summary>Bytes of the value.</summary>
    public int ValueLength;

    /// <summary>Bytes of the key.</summary>
    public int KeyLength;

    /// <summary>What is known of the entry.</summary>
    public EntryHead Entry;

    /// <summary>Bytes of it.</summary>
    public static int Size => Unsafe.SizeOf<ChainHead>();

    /// <summary>Bytes of an entry in its first block.</summary>
    public static int FirstRoom => StoreMap.BlockSize - Size;

    /// <summary>Blocks that an entry takes.</summary>
    /// <param name="bytes">Bytes of key and value.</param>
    public static int BlocksFor(int bytes) => bytes <= FirstRoom ? 1 : 1 + ((bytes - FirstRoom + Room - 1) / Room);
}
