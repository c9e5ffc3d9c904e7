using System;
using System.Buffers.Binary;
using System.Linq;
using System.Threading;
using Fastdist.Cache.Storage;
using Xunit;

namespace Fastdist.Cache.Tests.Storage;

/// <summary>Threads that read, keep and remove the same few entries, so that blocks change hands all the time. Bounded by work, not by time.</summary>
public sealed class EntryStoreStressTests : IDisposable
{
    private const int Names = 40;
    private const int Reads = 1_000_000;
    private const int Writes = 400_000;
    private const int LongestWords = 60;

    /// <summary>Room for about half of the names.</summary>
    private readonly EntryStore _store = new(24, 24 * 3 * StoreMap.BlockSize, 1, 10);

    private long _found;
    private long _torn;

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Whatever_is_read_was_written_whole()
    {
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(i => new Thread(() => Read(i))), .. Enumerable.Range(2, 2).Select(i => new Thread(() => Write(i))), new Thread(Walk)];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(0, _torn);
        Assert.True(_found > Reads / 10, $"{_found} reads found something");
        Assert.InRange(_store.Count, 1, 24);
        Assert.Equal(_store.Count, Enumerable.Range(0, Names).Count(_store.Has));
        Assert.Equal(_store.Count, _store.RemoveEnded(uint.MaxValue, long.MaxValue));
        Assert.Equal(0, _store.Bytes);
    }

    /// <summary>Words that follow from name and version, as many as do.</summary>
    private static int Fill(Span<byte> value, int number, uint version)
    {
        int words = 1 + (int)(version % LongestWords);
        for (int i = 0; i < words; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(value[(8 * i)..], WordOf(number, version, i));
        }

        return 8 * words;
    }

    private static ulong WordOf(int number, uint version, int i) => (((ulong)version << 32) | (uint)(number << 16) | (uint)i) * 0x9E3779B97F4A7C15;

    private static bool IsWhole(ReadOnlySpan<byte> value, in EntryHead head, int number)
    {
        uint version = head.Added;
        bool isWhole = value.Length == 8 * (1 + (version % LongestWords)) && head.Rcode == (byte)version && head.Scope == (byte)number;
        for (int i = 0; isWhole && i < value.Length / 8; i++)
        {
            isWhole = BinaryPrimitives.ReadUInt64LittleEndian(value[(8 * i)..]) == WordOf(number, version, i);
        }

        return isWhole;
    }

    private void Read(int seed)
    {
        var random = new Random(seed);
        byte[] value = new byte[8 * LongestWords];
        byte[][] keys = [.. Enumerable.Range(0, Names).Select(Entries.Key)];
        for (int i = 0; i < Reads; i++)
        {
            int number = random.Next(Names);
            if (_store.Read(Entries.Hash(number), keys[number], value, out int length, out EntryHead head, out _) == Finding.Found)
            {
                Interlocked.Increment(ref _found);
                Interlocked.Add(ref _torn, IsWhole(value.AsSpan(0, length), in head, number) ? 0 : 1);
            }
        }
    }

    private void Write(int seed)
    {
        var random = new Random(seed);
        byte[] value = new byte[8 * LongestWords];
        byte[][] keys = [.. Enumerable.Range(0, Names).Select(Entries.Key)];
        for (int i = 0; i < Writes; i++)
        {
            int number = random.Next(Names);
            uint version = (uint)random.Next(1_000_000);
            var head = new EntryHead { Added = version, Ends = (uint)random.Next(2), Rcode = (byte)version, Scope = (byte)number, Traits = (EntryTraits)random.Next(2) };
            switch (random.Next(8))
            {
                case 0:
                    _store.Remove(Entries.Hash(number), keys[number]);
                    break;
                case 1:
                    _store.TryClaim(Entries.Hash(number), keys[number]);
                    break;
                default:
                    _store.Insert(Entries.Hash(number), keys[number], value.AsSpan(0, Fill(value, number, version)), in head, 1, random.Next(2) == 0);
                    break;
            }
        }
    }

    private void Walk()
    {
        var visitor = new Visitor();
        for (int i = 0; i < Writes / Names; i++)
        {
            _store.Walk(ref visitor);
            _store.RemoveEnded(0, 3);
        }

        Interlocked.Add(ref _torn, visitor.Torn);
    }

    private sealed class Visitor : IEntryVisitor
    {
        private int _seen;

        public long Torn { get; private set; }

        public Verdict Visit(in EntryHead head, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            Torn += IsWhole(value, in head, BinaryPrimitives.ReadInt32LittleEndian(key)) ? 0 : 1;
            return ++_seen % 50 == 0 ? Verdict.Remove : Verdict.Keep;
        }
    }
}
