using BenchmarkDotNet.Attributes;
using Fastdist.Dns;

namespace Fastdist.Benchmarks;

/// <summary>Header and question of a query, and the match of an answer to its question.</summary>
public class QueryParse
{
    private readonly byte[] _query = SampleMessages.Query();
    private readonly byte[] _withEdns = SampleMessages.QueryWithEdns();
    private readonly byte[] _answer = SampleMessages.Query();
    private byte[] _question = [];

    [GlobalSetup]
    public void Setup()
    {
        _ = Query.Parse(_query, out var query);
        _question = query.Question.ToArray();
        _answer[2] |= 0x80;
    }

    [Benchmark]
    public int HeaderAndQuestion() => Query.Parse(_query, out var query) == QueryVerdict.Forward ? query.QuestionEnd : -1;

    [Benchmark]
    public int HeaderQuestionAndEdns() => Query.Parse(_withEdns, out var query) == QueryVerdict.Forward ? query.UdpPayloadSize : -1;

    [Benchmark]
    public AnswerMatch AnswerToItsQuestion() => Answer.Match(_answer, _question);
}
