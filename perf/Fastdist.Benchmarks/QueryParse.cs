using BenchmarkDotNet.Attributes;
using Fastdist.Dns;

namespace Fastdist.Benchmarks;

/// <summary>
/// Header and question of a query, and the match of an answer to its question. Benchmarks keep their results in fields:
/// BenchmarkDotNet makes the code for a returned type at run time, which NativeAOT cannot.
/// </summary>
public class QueryParse
{
    private readonly byte[] _query = SampleMessages.Query();
    private readonly byte[] _withEdns = SampleMessages.QueryWithEdns();
    private readonly byte[] _answer = SampleMessages.Query();
    private byte[] _question = [];
    private int _result;

    [GlobalSetup]
    public void Setup()
    {
        _ = Query.Parse(_query, out var query);
        _question = query.Question.ToArray();
        _answer[2] |= 0x80;
    }

    [Benchmark]
    public void HeaderAndQuestion() => _result = Query.Parse(_query, out var query) == QueryVerdict.Forward ? query.QuestionEnd : -1;

    [Benchmark]
    public void HeaderQuestionAndEdns() => _result = Query.Parse(_withEdns, out var query) == QueryVerdict.Forward ? query.UdpPayloadSize : -1;

    [Benchmark]
    public void AnswerToItsQuestion() => _result = (int)Answer.Match(_answer, _question);
}
