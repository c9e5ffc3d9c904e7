using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>As much of a 64-bit little-endian ELF file as tells how it was linked (elf(5)).</summary>
internal sealed class ElfFile
{
    /// <summary>The type of a position-independent program or library.</summary>
    public const int SharedObject = 3;

    public const int Interpreter = 3;
    public const int Dynamic = 2;
    public const long Needed = 1;
    public const long Flags1 = 0x6ffffffb;
    public const long Pie = 0x08000000;

    private const int DynamicEntryLength = 16;

    private readonly byte[] _bytes;

    public ElfFile(string path)
    {
        _bytes = File.ReadAllBytes(path);
        if (!_bytes.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new FormatException($"{path} is not a 64-bit little-endian ELF file");
        }

        Type = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(16));
        long table = Long(32);
        int entryLength = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(54));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(56));
        for (int i = 0; i < count; i++)
        {
            int at = (int)table + (i * entryLength);
            Segments.Add((BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at)), Long(at + 8), Long(at + 32)));
        }
    }

    public int Type { get; }

    public List<(int Type, long Offset, long Size)> Segments { get; } = [];

    /// <summary>The dynamic section's entries: tag and value.</summary>
    public IEnumerable<(long Tag, long Value)> DynamicEntries
    {
        get
        {
            foreach ((_, long offset, long size) in Segments.Where(segment => segment.Type == Dynamic))
            {
                for (int at = (int)offset; at < offset + size; at += DynamicEntryLength)
                {
                    yield return (Long(at), Long(at + 8));
                }
            }
        }
    }

    private long Long(int at) => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(at));
}
