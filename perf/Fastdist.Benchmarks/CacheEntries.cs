using System;
using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Fastdist.Cache.Storage;

namespace Fastdist.Benchmarks;

/// <summary>An entry of the packet cache read, looked for in vain, and kept while another one makes room, among so many. Keys and answers of usual sizes.</summary>
public class CacheEntries
{
    private const int Drawn = 1 << 16;
    private const int KeySize = 32;
    private const int ValueSize = 120;
    private readonly byte[] _keys = new byte[Drawn * KeySize];
    private readonly ulong[] _hashes = new ulong[Drawn];
    private readonly byte[] _key = new byte[KeySize];
    private readonly byte[] _value = new byte[4096];
    private EntryStore _store = new(1, 1, 1, 0);
    private int _next;
    private int _last;

    [Params(1_000, 1_000_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _store.Dispose();
        _store = new EntryStore(Entries, Entries * 512L, 64, Entries / 10);
        for (_last = 0; _last < Entries * 2; _last++)
        {
            Keep(_last);
        }

        // Of the latter half some were evicted, too: what is drawn is there.
        var random = new Random(1);
        for (int i = 0; i < Drawn;)
        {
            int number = Entries + random.Next(Entries);
            ulong hash = WriteKey(number, _key);
            if (_store.Read(hash, _key, _value, out _, out _, out _) == Finding.Found)
            {
                _hashes[i] = hash;
                _key.CopyTo(_keys.AsSpan(i++ * KeySize));
            }
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _store.Dispose();

    [Benchmark]
    public int Hit()
    {
        int drawn = _next++ & (Drawn - 1);
        _store.Read(_hashes[drawn], _keys.AsSpan(drawn * KeySize, KeySize), _value, out int length, out _, out _);
        return length;
    }

    [Benchmark]
    public int Miss()
    {
        int drawn = _next++ & (Drawn - 1);
        _store.Read(_hashes[drawn] * 0x9E3779B97F4A7C15, _keys.AsSpan(drawn * KeySize, KeySize), _value, out int length, out _, out _);
        return length;
    }

    [Benchmark]
    public void Insert() => Keep(_last++);

    [Benchmark]
    public void Renew()
    {
        int drawn = _next++ & (Drawn - 1);
        var head = new EntryHead { Added = 1, Ends = uint.MaxValue };
        _store.Insert(_hashes[drawn], _keys.AsSpan(drawn * KeySize, KeySize), _value.AsSpan(0, ValueSize), in head, 1, false);
    }

    private static ulong WriteKey(int number, Span<byte> key)
    {
        ulong hash = (ulong)(number + 1) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        BinaryPrimitives.WriteInt32LittleEndian(key, number);
        return hash ^ (hash >> 29);
    }

    private void Keep(int number)
    {
        ulong hash = WriteKey(number, _key);
        var head = new EntryHead { Added = 1, Ends = uint.MaxValue };
        _store.Insert(hash, _key, _value.AsSpan(0, ValueSize), in head, 1, false);
    }
}
