using System;
using System.Linq;
using BenchmarkDotNet.Attributes;
using Fastdist.Cache.Answers;
using Fastdist.Dns;

namespace Fastdist.Benchmarks;

/// <summary>What a cache's hit costs besides finding it: the key and its hash, and the answer for the client; and what an insertion costs besides.</summary>
public class KeptAnswers
{
    private const int RecordSize = 16;

    private static readonly byte[] s_query = SampleMessages.QueryWithEdns();
    private static readonly KeyRules s_rules = new(HasCookies: false, []);

    private readonly byte[] _key = new byte[CacheKey.MaxSize];
    private readonly byte[] _form = new byte[2048];
    private readonly byte[] _restored = new byte[2048];
    private byte[] _answer = [];
    private int _formLength;
    private ulong _sum;

    /// <summary>A records of the answer, which has an OPT besides.</summary>
    [Params(2, 20)]
    public int Records { get; set; } = 2;

    [GlobalSetup]
    public void Setup()
    {
        _ = Query.Parse(s_query, out Query query);
        byte[] record = [0xC0, 12, 0, 1, 0, 1, 0, 0, 14, 16, 0, 4, 192, 0, 2, 1];
        byte[] records = [.. Enumerable.Repeat(record, Records).SelectMany(static each => each)];
        _answer = [.. s_query.AsSpan(0, query.QuestionEnd), .. records, .. s_query.AsSpan(query.QuestionEnd)];
        (_answer[2], _answer[3], _answer[7]) = (0x81, 0x80, (byte)(records.Length / RecordSize));
        _ = KeptAnswer.TryWrite(_answer, _form, out _formLength, out _);
    }

    [Benchmark]
    public void KeyAndHash()
    {
        _ = Query.Parse(s_query, out Query query);
        int length = CacheKey.AddNetwork(_key, CacheKey.Write(in query, s_rules, _key), NetworkKind.Untold, [], 0);
        _sum += SipHash.Hash(_key.AsSpan(0, length), 1, 2);
    }

    [Benchmark]
    public void Restore()
    {
        _ = Query.Parse(s_query, out Query query);
        var traits = new RestoreTraits { Age = 7, FixedTtl = uint.MaxValue, PayloadSize = 1232 };
        _sum += (ulong)KeptAnswer.Restore(_form.AsSpan(0, _formLength), in query, in traits, _restored);
    }

    [Benchmark]
    public void Keep() => _sum += KeptAnswer.TryWrite(_answer, _form, out int length, out _) ? (ulong)length : 0;
}
