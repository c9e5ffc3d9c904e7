using System;
using System.Collections.Generic;

namespace Fastdist.Rules.Blocks;

/// <summary>What was counted of clients in one second, so that it can be taken off when the second is too long ago.</summary>
/// <param name="columns">Columns of each client.</param>
/// <param name="pool">Pieces that nobody uses, shared with other seconds.</param>
internal sealed class SecondRecords(int columns, Stack<uint[]> pool)
{
    /// <summary>Records of a piece.</summary>
    public const int PieceSize = 512;

    private readonly List<uint[]> _pieces = [];
    private readonly int _stride = columns + 1;

    /// <summary>Records in it.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a client's; it may have several.</summary>
    public void Add(int client, ReadOnlySpan<uint> counts)
    {
        if (Count == _pieces.Count * PieceSize)
        {
            _pieces.Add(pool.TryPop(out uint[]? piece) ? piece : new uint[PieceSize * _stride]);
        }

        Span<uint> record = _pieces[Count / PieceSize].AsSpan(Count % PieceSize * _stride, _stride);
        record[0] = (uint)client;
        counts.CopyTo(record[1..]);
        Count++;
    }

    /// <summary>Reads a record.</summary>
    public ReadOnlySpan<uint> Read(int index, out int client)
    {
        ReadOnlySpan<uint> record = _pieces[index / PieceSize].AsSpan(index % PieceSize * _stride, _stride);
        client = (int)record[0];
        return record[1..];
    }

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        _pieces.ForEach(pool.Push);
        _pieces.Clear();
        Count = 0;
    }
}
