using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using Fastdist.Cache.Storage;

namespace Fastdist.Benchmarks;

/// <summary>
/// What threads that share the packet cache's entries cost each other: whether a hit takes longer while another thread keeps 50,000 answers a second, and
/// whether two threads of hits do twice as much as one. Each is set beside threads that share nothing, which is what the machine itself makes of two threads;
/// phases take turns, and what is told is the median of the ratios within each round.
/// </summary>
internal static class CacheThreads
{
    private const int Rounds = 21;
    private const int Entries = 1_000_000;
    private const int Parts = 20;
    private static readonly TimeSpan s_phase = TimeSpan.FromMilliseconds(300);

    /// <summary>Measures, and prints a table in Markdown.</summary>
    public static void Run()
    {
        using EntryStore shared = CacheSample.FullStore(Entries, Parts), other = CacheSample.FullStore(Entries, Parts);
        CacheSample sample = new(shared, seed: 1), sampleToo = new(shared, seed: 2), sampleElsewhere = new(other, seed: 3);
        Console.WriteLine($"{Entries:N0} entries in {Parts} parts, {CacheSample.Drawn:N0} of them asked for, {Rounds} rounds; medians (least–greatest)\n");
        Console.WriteLine("| | | ratio |\n|---|---|---|");
        Insertions(shared, other, sample);
        Hits([sample, sampleToo], [sample, sampleElsewhere]);
    }

    private static void Insertions(EntryStore shared, EntryStore other, CacheSample sample)
    {
        using var here = new CacheWriter(shared, sample);
        using var elsewhere = new CacheWriter(other, sample);
        var hits = new CacheHits(sample);
        List<(double Median, double P99)> alone = [], besideOther = [], besideSame = [];
        for (int round = -1; round < Rounds; round++)
        {
            // The round before the first warms up.
            (double, double) first = hits.Time(s_phase), second = elsewhere.Beside(() => hits.Time(s_phase)), third = here.Beside(() => hits.Time(s_phase));
            if (round >= 0)
            {
                alone.Add(first);
                besideOther.Add(second);
                besideSame.Add(third);
            }
        }

        Print("a hit, ns", [.. alone.Select(Median)], [.. alone.Select(static _ => 1.0)]);
        Print($"while another thread keeps {elsewhere.PerSecond:N0}/s elsewhere", [.. besideOther.Select(Median)], Ratios(besideOther, alone, Median));
        Print($"while another thread keeps {here.PerSecond:N0}/s here", [.. besideSame.Select(Median)], Ratios(besideSame, alone, Median));
        Print("the 99th percentile, alone", [.. alone.Select(P99)], [.. alone.Select(static _ => 1.0)]);
        Print("the 99th percentile, while keeping elsewhere", [.. besideOther.Select(P99)], Ratios(besideOther, alone, P99));
        Print("the 99th percentile, while keeping here", [.. besideSame.Select(P99)], Ratios(besideSame, alone, P99));
        Console.Error.WriteLine($"misses: {hits.Misses} of {hits.Total}; insertions left out: {here.LeftOut}");

        static double Median((double Median, double P99) times) => times.Median;
        static double P99((double Median, double P99) times) => times.P99;
    }

    private static void Hits(CacheSample[] shared, CacheSample[] apart)
    {
        List<double> one = [], sharing = [], sharingNothing = [];
        for (int round = -1; round < Rounds; round++)
        {
            double first = CacheHits.PerMicrosecond(s_phase, shared[..1]), second = CacheHits.PerMicrosecond(s_phase, apart), third = CacheHits.PerMicrosecond(s_phase, shared);
            if (round >= 0)
            {
                one.Add(first);
                sharingNothing.Add(second);
                sharing.Add(third);
            }
        }

        Print("hits of one thread, millions a second of a processor", one, [.. one.Select(static _ => 1.0)]);
        Print("of two that share nothing", sharingNothing, [.. sharingNothing.Zip(one, static (a, b) => a / b)]);
        Print("of two in one store", sharing, [.. sharing.Zip(one, static (a, b) => a / b)]);
    }

    private static List<double> Ratios(List<(double, double)> measured, List<(double, double)> alone, Func<(double, double), double> figure) =>
        [.. measured.Zip(alone, (a, b) => figure(a) / figure(b))];

    private static void Print(string what, List<double> values, List<double> ratios) => Console.WriteLine($"| {what} | {Spread(values)} | {Spread(ratios)} |");

    private static string Spread(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2]:F2} ({sorted[0]:F2}–{sorted[^1]:F2})");
    }
}

/// <summary>Keys of entries that are in a store, drawn at random.</summary>
internal sealed class CacheSample
{
    /// <summary>Entries drawn: more than caches of the processor hold. A power of two.</summary>
    public const int Drawn = 1 << 16;

    private const int KeySize = 32;
    private const int ValueSize = 120;
    private readonly byte[] _keys = new byte[Drawn * KeySize];
    private readonly ulong[] _hashes = new ulong[Drawn];

    public CacheSample(EntryStore store, int seed)
    {
        Store = store;
        var random = new Random(seed);
        byte[] value = new byte[4096];
        int last = (int)store.Count;
        for (int i = 0; i < Drawn;)
        {
            Span<byte> key = _keys.AsSpan(i * KeySize, KeySize);
            _hashes[i] = WriteKey(random.Next(last), key);
            i += store.Read(_hashes[i], key, value, out _, out _, out _) == Finding.Found ? 1 : 0;
        }
    }

    public EntryStore Store { get; }

    /// <summary>A store with so many entries, which is full but for a few.</summary>
    public static EntryStore FullStore(int entries, int parts)
    {
        var store = new EntryStore(entries, entries * 512L, parts, entries / 2);
        for (int i = 0; i < entries; i++)
        {
            Keep(store, i);
        }

        return store;
    }

    /// <summary>Keeps an entry that the number names.</summary>
    public static bool Keep(EntryStore store, int number)
    {
        Span<byte> key = stackalloc byte[KeySize];
        ulong hash = WriteKey(number, key);
        return Keep(store, hash, key);
    }

    /// <summary>Keeps one of the sample again.</summary>
    public bool Renew(EntryStore store, int drawn) => Keep(store, _hashes[drawn & (Drawn - 1)], KeyOf(drawn));

    /// <summary>Reads one of the sample.</summary>
    public bool Read(int drawn, Span<byte> value) => Store.Read(_hashes[drawn & (Drawn - 1)], KeyOf(drawn), value, out _, out _, out _) == Finding.Found;

    private static bool Keep(EntryStore store, ulong hash, ReadOnlySpan<byte> key)
    {
        Span<byte> value = stackalloc byte[ValueSize];
        value.Fill((byte)hash);
        var head = new EntryHead { Added = 1, Ends = uint.MaxValue };
        return store.Insert(hash, key, value, in head, 1, mayWait: false) == Insertion.Done;
    }

    private static ulong WriteKey(int number, Span<byte> key)
    {
        ulong hash = (ulong)(number + 1) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        key.Clear();
        BitConverter.TryWriteBytes(key, number);
        return hash ^ (hash >> 29);
    }

    private ReadOnlySpan<byte> KeyOf(int drawn) => _keys.AsSpan((drawn & (Drawn - 1)) * KeySize, KeySize);
}

/// <summary>A thread that keeps 50,000 entries a second while it is wished for, each other one in the place of one that is asked for, the rest new, so that others make room.</summary>
internal sealed class CacheWriter : IDisposable
{
    private const int WishedPerSecond = 50_000;
    private readonly EntryStore _store;
    private readonly CacheSample _sample;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _go = new();
    private volatile bool _isOver;
    private long _kept;
    private TimeSpan _time;

    public CacheWriter(EntryStore store, CacheSample sample)
    {
        (_store, _sample) = (store, sample);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Insertions that found another one under way, or no room.</summary>
    public long LeftOut { get; private set; }

    /// <summary>What it has done.</summary>
    public double PerSecond => _kept / _time.TotalSeconds;

    /// <summary>Works while something is measured.</summary>
    public T Beside<T>(Func<T> measured)
    {
        _go.Set();
        T result = measured();
        _go.Reset();
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _go.Set();
        _thread.Join();
        _go.Dispose();
    }

    private void Run()
    {
        int next = 1 << 24;
        while (true)
        {
            _go.Wait();
            if (_isOver)
            {
                return;
            }

            var clock = Stopwatch.StartNew();
            long kept = 0;
            while (_go.IsSet && !_isOver)
            {
                // What a turn of a shard brings, at once; no spinning, which would take from the other thread where two share a core.
                for (long due = (long)(clock.Elapsed.TotalSeconds * WishedPerSecond); kept < due; kept++, next++)
                {
                    LeftOut += (next & 1) == 0 ? CacheSample.Keep(_store, next) ? 0 : 1 : _sample.Renew(_store, next >> 1) ? 0 : 1;
                }

                Thread.Sleep(1);
            }

            _kept += kept;
            _time += clock.Elapsed;
        }
    }
}

/// <summary>Hits on one thread or several.</summary>
internal sealed class CacheHits(CacheSample sample)
{
    /// <summary>Timed together, so that the clock is a small part of it.</summary>
    private const int Batch = 16;

    private readonly int[] _times = new int[4_000_000];
    private readonly byte[] _value = new byte[4096];
    private int _next;

    public long Misses { get; private set; }

    public long Total { get; private set; }

    /// <summary>Nanoseconds of a hit for so long: the median, and the 99th percentile.</summary>
    public (double Median, double P99) Time(TimeSpan duration)
    {
        int count = 0;
        long now = Stopwatch.GetTimestamp(), end = now + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        while (now < end && count < _times.Length)
        {
            int found = 0;
            for (int i = 0; i < Batch; i++)
            {
                found += sample.Read(_next++, _value) ? 1 : 0;
            }

            long after = Stopwatch.GetTimestamp();
            _times[count++] = (int)(after - now);
            now = after;
            Misses += Batch - found;
        }

        Total += (long)count * Batch;
        _times.AsSpan(0, count).Sort();
        double unit = 1e9 / Stopwatch.Frequency / Batch;
        return (_times[count / 2] * unit, _times[(int)(count * 0.99)] * unit);
    }

    /// <summary>What as many threads as there are samples do together. By the time on processors, of which this machine may have promised some to others.</summary>
    public static double PerMicrosecond(TimeSpan duration, CacheSample[] samples)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long[] hits = new long[samples.Length];
        Thread[] threads = [.. samples.Select((sample, i) => new Thread(() => hits[i] = Ask(sample, duration)))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        return hits.Sum() * samples.Length / (Environment.CpuUsage.TotalTime - before).TotalMicroseconds;
    }

    private static long Ask(CacheSample sample, TimeSpan duration)
    {
        byte[] value = new byte[4096];
        long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency), hits = 0;
        for (int next = 0; Stopwatch.GetTimestamp() < end;)
        {
            for (int i = 0; i < 256; i++)
            {
                hits += sample.Read(next++, value) ? 1 : 0;
            }
        }

        return hits;
    }
}
