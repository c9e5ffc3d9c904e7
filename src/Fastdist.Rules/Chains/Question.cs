using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;

namespace Fastdist.Rules.Chains;

/// <summary>
/// A query, or an answer with its query, as actions and selectors see and change it that are written in a language. A shard has one for each chain and uses it
/// again; outside of a call it shows nothing, and none of its members may be used.
/// </summary>
public abstract class Question
{
    private byte[] _text = [];
    private int _textLength;

    /// <summary>Whether there is a query or an answer to look at.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>Whether it is an answer.</summary>
    public abstract bool IsAnswer { get; }

    /// <summary>The message, with all that was changed.</summary>
    public abstract ReadOnlySpan<byte> Message { get; }

    /// <summary>Where its question ends.</summary>
    public abstract int QuestionEnd { get; }

    /// <summary>The question's name in wire form.</summary>
    public ReadOnlySpan<byte> Name => Query.NameOf(Message, QuestionEnd);

    /// <summary>The question's type.</summary>
    public RecordType Type => Query.TypeOf(Message, QuestionEnd);

    /// <summary>The question's class.</summary>
    public ushort Class => Query.ClassOf(Message, QuestionEnd);

    /// <summary>How the query came.</summary>
    public abstract Transport Transport { get; }

    /// <summary>Who asks.</summary>
    public abstract SocketAddress Client { get; }

    /// <summary>The address and port that were asked.</summary>
    public abstract SocketAddress Local { get; }

    /// <summary>The interface that the frontend is bound to; empty without one.</summary>
    public abstract string Interface { get; }

    /// <summary>Whether the client wants DNSSEC records (DO).</summary>
    public abstract bool IsDnssecOk { get; }

    /// <summary>The name that the client asked for in TLS; empty without one.</summary>
    public abstract ReadOnlySpan<byte> ServerName { get; }

    /// <summary>Whether there is an HTTP request to look at.</summary>
    public abstract bool HasRequest { get; }

    /// <summary>Path and query of the request; empty without one.</summary>
    public abstract ReadOnlySpan<byte> Target { get; }

    /// <summary>The header fields of the request, where the frontend keeps them.</summary>
    public abstract IReadOnlyList<(string Name, string Value)> Fields { get; }

    /// <summary>Microseconds since the query came.</summary>
    public abstract long Elapsed { get; }

    /// <summary>Who gave the answer; null for a query, and for what is answered here.</summary>
    public abstract BackendOptions? Backend { get; }

    /// <summary>Whether the answer came out of a cache after its time.</summary>
    public virtual bool IsStale => false;

    /// <summary>Whether no cache is asked or filled.</summary>
    public abstract bool SkipsCache { get; set; }

    /// <summary>The pool that is asked; empty for the default one.</summary>
    public abstract string Pool { get; }

    /// <summary>Whether backends are told the client's network, where they are told any.</summary>
    public abstract bool TellsSubnet { get; set; }

    /// <summary>Whether that replaces one that the client sends.</summary>
    public abstract bool ReplacesSubnet { get; set; }

    /// <summary>Bits of the client's address that are told.</summary>
    public abstract int SubnetPrefix { get; set; }

    /// <summary>Seconds that a cache keeps a failure; null for as long as others.</summary>
    public abstract uint? FailureTtl { get; set; }

    /// <summary>The tags on it.</summary>
    public abstract int Tags { get; set; }

    /// <summary>Where those are kept.</summary>
    public abstract TagStore TagStore { get; }

    /// <summary>Whether a selector looks at it, which must leave the message as it is.</summary>
    public bool IsSelecting { get; private set; }

    /// <summary>What a result goes by: a pool, milliseconds, addresses.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textLength);

    /// <summary>What went wrong; null for nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>Says what a result goes by.</summary>
    public void SetText(ReadOnlySpan<byte> text)
    {
        if (_text.Length < text.Length)
        {
            _text = new byte[text.Length];
        }

        text.CopyTo(_text);
        _textLength = text.Length;
    }

    /// <summary>Notes that something went wrong.</summary>
    public void Fail(string problem) => Problem = problem;

    /// <summary>Has another pool be asked.</summary>
    /// <returns>False when there is none of that name.</returns>
    public abstract bool TrySetPool(string name);

    /// <summary>Begins to change the header's flags; what a client sees of its own ones is put right in the answer.</summary>
    public abstract Span<byte> EditFlags();

    /// <summary>Begins to change the message.</summary>
    /// <returns>Room for the longest message, with this one at its beginning.</returns>
    public abstract Span<byte> Edit();

    /// <summary>The message was changed.</summary>
    /// <param name="length">Its length, bytes, at least a header.</param>
    public abstract void EndEdit(int length);

    /// <summary>Has an option of EDNS have some data.</summary>
    public abstract void SetOption(ushort code, ReadOnlySpan<byte> data);

    /// <summary>Has the answer get an extended error.</summary>
    public abstract void SetExtendedError(ErrorNote note);

    /// <summary>Has TTLs in the answer that the client gets be at most so long, seconds.</summary>
    public abstract void SetMostTtl(uint seconds);

    /// <summary>Has the message be about another name: the question and, in an answer, the records that have the question's.</summary>
    /// <returns>False when that cannot be.</returns>
    public abstract bool TryChangeName(DomainName name);

    /// <summary>Answers a query with records of its name.</summary>
    /// <returns>False when it is an answer, or they do not fit.</returns>
    public abstract bool TryAnswer(IReadOnlyList<(RecordType Type, byte[] Data)> records, uint ttl);

    /// <summary>Answers a query that there is nothing.</summary>
    /// <returns>False when it is an answer.</returns>
    public abstract bool TryAnswerNegative(NegativeAction negative);

    /// <summary>Answers a request over HTTP with something else than a DNS message.</summary>
    /// <returns>False when there is no such request.</returns>
    public abstract bool TryAnswerHttp(int status, ReadOnlySpan<byte> body);

    /// <summary>Begins with another query or answer.</summary>
    /// <param name="isSelecting">Whether a selector looks at it.</param>
    protected void Begin(bool isSelecting)
    {
        IsSelecting = isSelecting;
        Problem = null;
        _textLength = 0;
    }
}
