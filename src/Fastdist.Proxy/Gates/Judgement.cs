using System;
using Fastdist.Dns;
using Fastdist.Http;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Gates;

/// <summary>What is decided about one query after the other, and the memory that answers are written into. One a shard.</summary>
/// <param name="payloadSize">UDP payload that we receive, bytes, for clients that speak EDNS.</param>
internal sealed class Judgement(int payloadSize)
{
    private readonly byte[] _reply = new byte[ushort.MaxValue];
    private Decision _decision;
    private int _length;

    /// <summary>UDP payload that we receive, bytes.</summary>
    public int PayloadSize { get; set; } = payloadSize;

    /// <summary>The answer: a DNS message, or the body of <see cref="Http"/>. Good until the next query.</summary>
    public ReadOnlySpan<byte> Reply => _reply.AsSpan(0, _length);

    /// <summary>The HTTP response that is the answer; null when that is a DNS message.</summary>
    public HttpResponse? Http { get; private set; }

    /// <summary>Whether something is to be kept about the query.</summary>
    public bool HasDecision { get; private set; }

    /// <summary>What is to be kept about the query; asking for it has it kept.</summary>
    public ref Decision Decision
    {
        get
        {
            if (!HasDecision)
            {
                HasDecision = true;
                _decision = new Decision();
            }

            return ref _decision;
        }
    }

    /// <summary>The number of the pool that is asked.</summary>
    public int Pool => HasDecision ? _decision.Pool : 0;

    /// <summary>Where an answer is written that <see cref="Answer(int)"/> then gives: room for the longest message.</summary>
    public Span<byte> Room => _reply;

    /// <summary>Begins with the next query.</summary>
    public void Reset()
    {
        Http = null;
        HasDecision = false;
        _length = 0;
    }

    /// <summary>Answers with the message in <see cref="Room"/>.</summary>
    /// <param name="length">Its length, bytes.</param>
    public Fate Answer(int length)
    {
        _length = length;
        return Fate.Answer;
    }

    /// <summary>Answers with an error.</summary>
    /// <param name="message">What it answers: at least a header.</param>
    /// <param name="rcode">The error.</param>
    /// <param name="reason">What the extended error says.</param>
    /// <param name="text">The words beside it.</param>
    public Fate Refuse(ReadOnlySpan<byte> message, Rcode rcode, ExtendedError? reason = null, ReadOnlySpan<byte> text = default) =>
        Answer(ErrorAnswer.Write(message, rcode, _reply, reason, text, PayloadSize));

    /// <summary>Answers a request over HTTP with something else than a DNS message.</summary>
    /// <param name="response">The response.</param>
    /// <param name="body">Its body.</param>
    public Fate AnswerHttp(HttpResponse response, ReadOnlySpan<byte> body)
    {
        Http = response;
        body.CopyTo(_reply);
        return Answer(body.Length);
    }
}
