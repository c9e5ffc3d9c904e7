using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;

namespace Fastdist.Proxy.Gates;

#pragma warning disable CS8500 // Pointers to managed types: see Open.

/// <summary>An answer as what is written in a language sees it.</summary>
/// <param name="shard">The shard.</param>
/// <param name="chain">The chain whose rules look.</param>
internal sealed unsafe class AnswerQuestion(ShardContext shard, CompiledChain chain) : Question
{
    private readonly byte[] _scratch = new byte[ushort.MaxValue];
    private byte* _answer;
    private int _capacity;
    private int* _length;
    private int _questionEnd;
    private Origin* _origin;
    private AnswerNotes* _notes;

    /// <inheritdoc/>
    public override bool IsOpen => _answer is not null;

    /// <inheritdoc/>
    public override bool IsAnswer => true;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Message => new(_answer, *_length);

    /// <inheritdoc/>
    public override int QuestionEnd => _questionEnd;

    /// <inheritdoc/>
    public override Transport Transport => (Transport)(byte)_origin->Protocol;

    /// <inheritdoc/>
    public override SocketAddress Client => _origin->Peer;

    /// <inheritdoc/>
    public override SocketAddress Local => _origin->Local;

    /// <inheritdoc/>
    public override string Interface => IncomingInterface.Of(shard.Options, in _origin->Bound);

    /// <inheritdoc/>
    public override bool IsDnssecOk => MessageFacts.IsDnssecOk(Message);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> ServerName => _origin->ServerName;

    /// <inheritdoc/>
    public override bool HasRequest => _origin->HasRequest;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Target => _origin->HasRequest ? _origin->Request.Target : default;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Fields => _origin->HasRequest ? _origin->Request.ReadFields() : [];

    /// <inheritdoc/>
    public override long Elapsed => Math.Max(shard.Clock.Measure() - _notes->Arrived, 0);

    /// <inheritdoc/>
    public override BackendOptions? Backend => _notes->Backend;

    /// <inheritdoc/>
    public override bool IsStale => _notes->IsStale;

    /// <inheritdoc/>
    public override bool SkipsCache
    {
        get => _notes->SkipsCache;
        set => _notes->SkipsCache = value;
    }

    /// <inheritdoc/>
    public override string Pool => chain.PoolNames(_notes->Pool);

    /// <summary>Its query has gone.</summary>
    public override bool TellsSubnet { get => false; set { } }

    /// <inheritdoc cref="TellsSubnet"/>
    public override bool ReplacesSubnet { get => false; set { } }

    /// <inheritdoc cref="TellsSubnet"/>
    public override int SubnetPrefix { get => 0; set { } }

    /// <inheritdoc cref="TellsSubnet"/>
    public override uint? FailureTtl { get => null; set { } }

    /// <inheritdoc/>
    public override int Tags
    {
        get => _notes->Tags;
        set => _notes->Tags = value;
    }

    /// <inheritdoc/>
    public override TagStore TagStore => shard.Rules.Tags;

    /// <summary>Milliseconds that it waits, over UDP.</summary>
    public int Delay
    {
        set => _notes->Delay = value;
    }

    /// <summary>
    /// Shows an answer. All that is pointed to stays where it is until <see cref="Close"/>, which whoever calls this calls before it returns: the caller holds
    /// it by <c>fixed</c>, and <paramref name="origin"/>, a ref struct, is on its stack.
    /// </summary>
    /// <param name="answer">The answer, in memory where it can grow.</param>
    /// <param name="capacity">Bytes that it can grow to.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="questionEnd">Where its question ends.</param>
    /// <param name="origin">Where its query came from.</param>
    /// <param name="notes">What is done with it after that.</param>
    /// <param name="isSelecting">Whether selectors look at it.</param>
    public void Open(byte* answer, int capacity, int* length, int questionEnd, Origin* origin, AnswerNotes* notes, bool isSelecting = false)
    {
        Begin(isSelecting);
        _answer = answer;
        _capacity = capacity;
        _length = length;
        _questionEnd = questionEnd;
        _origin = origin;
        _notes = notes;
    }

    /// <summary>Shows nothing any longer.</summary>
    public void Close()
    {
        _answer = null;
        _length = null;
        _origin = null;
        _notes = null;
    }

    /// <summary>Its query has gone to the one it went to.</summary>
    public override bool TrySetPool(string name) => true;

    /// <inheritdoc/>
    public override Span<byte> EditFlags() => Edit();

    /// <inheritdoc/>
    public override Span<byte> Edit() => new(_answer, _capacity);

    /// <inheritdoc/>
    public override void EndEdit(int length) => *_length = length;

    /// <inheritdoc/>
    public override void SetOption(ushort code, ReadOnlySpan<byte> data)
    {
        int length = *_length;
        _ = EdnsEdit.TrySetOption(Edit(), ref length, (EdnsOption)code, data, addOpt: false, out _);
        EndEdit(length);
    }

    /// <inheritdoc/>
    public override void SetExtendedError(ErrorNote note) => _notes->Error = note;

    /// <inheritdoc/>
    public override void SetMostTtl(uint seconds) => _notes->MaxTtl = seconds;

    /// <inheritdoc/>
    public override bool TryChangeName(DomainName name)
    {
        int length = *_length;
        bool isChanged = NameChange.TryChange(Edit(), ref length, name.Wire, _scratch);
        EndEdit(length);
        _questionEnd = isChanged && Query.TryFindQuestion(Message, out int end) ? end : _questionEnd;
        return isChanged;
    }

    /// <inheritdoc/>
    public override bool TryAnswer(IReadOnlyList<(RecordType Type, byte[] Data)> records, uint ttl) => false;

    /// <inheritdoc/>
    public override bool TryAnswerNegative(NegativeAction negative) => false;

    /// <inheritdoc/>
    public override bool TryAnswerHttp(int status, ReadOnlySpan<byte> body) => false;
}
