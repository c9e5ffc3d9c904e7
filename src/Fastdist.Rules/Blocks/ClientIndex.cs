using System;
using System.Collections.Generic;
using Fastdist.Rules.Addresses;

namespace Fastdist.Rules.Blocks;

/// <summary>Numbers for clients, and what is summed up of each. Grows and is used again a piece at a time. By one thread.</summary>
/// <param name="sums">How many sums each has.</param>
internal sealed class ClientIndex(int sums)
{
    private const int PieceShift = 12;
    private const int PieceSize = 1 << PieceShift;
    private const int FewBuckets = 1 << 10;

    private readonly List<Piece> _pieces = [];

    // The client that is first of those with such a hash, plus one; 0 for none. The others come behind it.
    private int[] _buckets = new int[FewBuckets];
    private int _firstFree = -1;

    /// <summary>All numbers are below.</summary>
    public int End { get; private set; }

    /// <summary>Clients in it.</summary>
    public int Count { get; private set; }

    /// <summary>A client's number, which is used once more.</summary>
    public int Use(AddressKey key)
    {
        ulong hash = KeyHash.Of(key);
        int client = _buckets[(int)hash & (_buckets.Length - 1)] - 1;
        while (client >= 0 && At(client).Key != key)
        {
            client = At(client).Next;
        }

        client = client < 0 ? Add(key, hash) : client;
        At(client).Uses++;
        return client;
    }

    /// <summary>Says that a number is used once less; who is used no more is forgotten.</summary>
    public void Unuse(int client)
    {
        ref Entry entry = ref At(client);
        if (--entry.Uses > 0)
        {
            return;
        }

        ref int bucket = ref _buckets[(int)KeyHash.Of(entry.Key) & (_buckets.Length - 1)];
        if (bucket - 1 == client)
        {
            bucket = entry.Next + 1;
        }
        else
        {
            int before = bucket - 1;
            while (At(before).Next != client)
            {
                before = At(before).Next;
            }

            At(before).Next = entry.Next;
        }

        entry.Next = _firstFree;
        _firstFree = client;
        Count--;
    }

    /// <summary>Whether somebody has a number.</summary>
    public bool IsUsed(int client) => At(client).Uses > 0;

    /// <summary>Who has a number.</summary>
    public AddressKey KeyOf(int client) => At(client).Key;

    /// <summary>What is summed up of a client; of a new one nothing.</summary>
    public Span<long> SumsOf(int client) => _pieces[client >> PieceShift].Sums.AsSpan((client & (PieceSize - 1)) * sums, sums);

    private ref Entry At(int client) => ref _pieces[client >> PieceShift].Entries[client & (PieceSize - 1)];

    private int Add(AddressKey key, ulong hash)
    {
        if (Count >= _buckets.Length)
        {
            Spread();
        }

        int client = _firstFree;
        if (client >= 0)
        {
            _firstFree = At(client).Next;
        }
        else
        {
            client = End++;
            if (client >> PieceShift == _pieces.Count)
            {
                _pieces.Add(new Piece(sums));
            }
        }

        ref int bucket = ref _buckets[(int)hash & (_buckets.Length - 1)];
        At(client) = new Entry { Key = key, Next = bucket - 1 };
        SumsOf(client).Clear();
        bucket = client + 1;
        Count++;
        return client;
    }

    private void Spread()
    {
        // Of a million clients that is some twenty milliseconds, once.
        _buckets = new int[_buckets.Length * 4];
        for (int client = 0; client < End; client++)
        {
            if (IsUsed(client))
            {
                ref int bucket = ref _buckets[(int)KeyHash.Of(At(client).Key) & (_buckets.Length - 1)];
                At(client).Next = bucket - 1;
                bucket = client + 1;
            }
        }
    }

    private struct Entry
    {
        public AddressKey Key;
        public int Next;
        public int Uses;
    }

    private sealed class Piece(int sums)
    {
        public Entry[] Entries { get; } = new Entry[PieceSize];

        public long[] Sums { get; } = new long[PieceSize * sums];
    }
}
