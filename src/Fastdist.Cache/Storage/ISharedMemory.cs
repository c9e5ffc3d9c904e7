using System;

namespace Fastdist.Cache.Storage;

/// <summary>
/// Memory that several threads see, as little as the store needs of it. What the store does to memory is written once against this: with
/// <see cref="NativeShared"/> it is the machine's, and in tests it is one that shows whatever a weakly ordered machine might.
/// </summary>
/// <remarks>
/// Loads and stores without a word about order may be seen in any order by others. Addresses of words are multiples of four; those of <see cref="Copy"/>,
/// <see cref="Put"/> and <see cref="AreEqual"/> are any.
/// </remarks>
internal interface ISharedMemory
{
    /// <summary>Loads a word, before anything that is loaded after it.</summary>
    static abstract uint LoadAcquire(nuint address);

    /// <summary>Loads a word.</summary>
    static abstract uint Load(nuint address);

    /// <summary>Loads a byte.</summary>
    static abstract byte LoadByte(nuint address);

    /// <summary>Loads what an entry's first block begins with.</summary>
    static abstract ChainHead LoadHead(nuint address);

    /// <summary>Loads eight tags and compares each with one.</summary>
    /// <param name="address">Where they are, a multiple of 16.</param>
    /// <param name="tag">The one.</param>
    /// <returns>A bit for each that is the same, the lowest for the first.</returns>
    static abstract uint Match(nuint address, ushort tag);

    /// <summary>Loads bytes into memory of one's own.</summary>
    static abstract void Copy(nuint address, Span<byte> destination);

    /// <summary>Loads bytes and compares them.</summary>
    static abstract bool AreEqual(nuint address, ReadOnlySpan<byte> bytes);

    /// <summary>Stores a word.</summary>
    static abstract void Store(nuint address, uint value);

    /// <summary>Stores a word, after whatever was loaded and stored before it.</summary>
    static abstract void StoreRelease(nuint address, uint value);

    /// <summary>Stores two bytes, at a multiple of two.</summary>
    static abstract void StoreTag(nuint address, ushort value);

    /// <summary>Stores a byte.</summary>
    static abstract void StoreByte(nuint address, byte value);

    /// <summary>Stores what an entry's first block begins with.</summary>
    static abstract void StoreHead(nuint address, in ChainHead head);

    /// <summary>Stores bytes from memory of one's own.</summary>
    static abstract void Put(nuint address, ReadOnlySpan<byte> source);

    /// <summary>Whatever was loaded before it is loaded before whatever is loaded after it.</summary>
    static abstract void ReadBarrier();

    /// <summary>Whatever was stored before it is seen by others before whatever is stored after it.</summary>
    static abstract void WriteBarrier();

    /// <summary>Says that an address is going to be loaded from. Any address will do.</summary>
    static abstract void Prefetch(nuint address);
}
