using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Http;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;

namespace Fastdist.Proxy.Gates;

#pragma warning disable CS8500 // Pointers to managed types: what they point to is on the stack of whoever opened this, see Open.

/// <summary>A query as what is written in a language sees it.</summary>
/// <param name="shard">The shard.</param>
/// <param name="chain">The chain whose rules look.</param>
internal sealed unsafe class QueryQuestion(ShardContext shard, CompiledChain chain) : Question
{
    private readonly byte[] _scratch = new byte[ushort.MaxValue];
    private Query* _query;
    private Origin* _origin;
    private Judgement _judgement = null!;

    /// <inheritdoc/>
    public override bool IsOpen => _query is not null;

    /// <inheritdoc/>
    public override bool IsAnswer => false;

    /// <summary>Whether the question is another by now.</summary>
    public bool IsNameChanged { get; private set; }

    /// <summary>Whether it was answered with something else than a DNS message.</summary>
    public bool HasHttpAnswer { get; private set; }

    /// <summary>Whether an answer stands in the message that it was.</summary>
    public bool IsAnswered => _judgement.IsEdited && Header.IsResponse(_judgement.Edited);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Message => _judgement.IsEdited ? _judgement.Edited : _query->Message;

    /// <inheritdoc/>
    public override int QuestionEnd => IsNameChanged && Query.TryFindQuestion(_judgement.Edited, out int end) ? end : _query->QuestionEnd;

    /// <inheritdoc/>
    public override Transport Transport => (Transport)(byte)_origin->Protocol;

    /// <inheritdoc/>
    public override SocketAddress Client => _origin->Peer;

    /// <inheritdoc/>
    public override SocketAddress Local => _origin->Local;

    /// <inheritdoc/>
    public override string Interface => IncomingInterface.Of(shard.Options, in _origin->Bound);

    /// <inheritdoc/>
    public override bool IsDnssecOk => _query->DnssecOk;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> ServerName => _origin->ServerName;

    /// <inheritdoc/>
    public override bool HasRequest => _origin->HasRequest;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Target => _origin->HasRequest ? _origin->Request.Target : default;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Fields => _origin->HasRequest ? _origin->Request.ReadFields() : [];

    /// <inheritdoc/>
    public override long Elapsed => Math.Max(shard.Clock.Measure() - shard.Clock.Now, 0);

    /// <inheritdoc/>
    public override BackendOptions? Backend => null;

    /// <inheritdoc/>
    public override bool SkipsCache
    {
        get => Has(DecisionNotes.SkipsCache);
        set => Note(DecisionNotes.SkipsCache, value);
    }

    /// <inheritdoc/>
    public override string Pool => chain.PoolNames(_judgement.Pool);

    /// <inheritdoc/>
    public override bool TellsSubnet
    {
        get => !Has(DecisionNotes.HidesSubnet);
        set => Note(DecisionNotes.HidesSubnet, !value);
    }

    /// <inheritdoc/>
    public override bool ReplacesSubnet
    {
        get => Has(DecisionNotes.ReplacesSubnet) || (shard.Options.EcsOverride && !Has(DecisionNotes.KeepsSubnet));
        set
        {
            Note(DecisionNotes.ReplacesSubnet, value);
            Note(DecisionNotes.KeepsSubnet, !value);
        }
    }

    /// <inheritdoc/>
    public override int SubnetPrefix
    {
        get
        {
            Decision decision = _judgement.HasDecision ? _judgement.Decision : new Decision();
            byte bits = Client.IsIPv6 ? decision.PrefixV6 : decision.PrefixV4;
            return bits != Decision.OwnPrefix ? bits : Client.IsIPv6 ? shard.Options.EcsSourcePrefixV6 : shard.Options.EcsSourcePrefixV4;
        }

        set => (_judgement.Decision.PrefixV4, _judgement.Decision.PrefixV6) = ((byte)Math.Min(value, 32), (byte)Math.Min(value, 128));
    }

    /// <inheritdoc/>
    public override uint? FailureTtl
    {
        get => _judgement.HasDecision && _judgement.Decision.FailureTtl != uint.MaxValue ? _judgement.Decision.FailureTtl : null;
        set => _judgement.Decision.FailureTtl = value ?? uint.MaxValue;
    }

    /// <inheritdoc/>
    public override int Tags
    {
        get => _judgement.Tags;
        set => _judgement.Decision.Tags = value;
    }

    /// <inheritdoc/>
    public override TagStore TagStore => shard.Rules.Tags;

    /// <summary>Shows a query.</summary>
    /// <param name="query">The query. As <paramref name="origin"/> it is a ref struct and so on the stack, where nothing moves, of whoever calls this; that calls <see cref="Close"/> before it returns.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="judgement">Takes what comes of it.</param>
    /// <param name="isSelecting">Whether selectors look at it.</param>
    public void Open(Query* query, Origin* origin, Judgement judgement, bool isSelecting = false)
    {
        Begin(isSelecting);
        _query = query;
        _origin = origin;
        _judgement = judgement;
        IsNameChanged = HasHttpAnswer = false;
    }

    /// <summary>Shows nothing any longer.</summary>
    public void Close()
    {
        _query = null;
        _origin = null;
    }

    /// <inheritdoc/>
    public override bool TrySetPool(string name)
    {
        int number = chain.PoolNumbers(name);
        if (number >= 0)
        {
            _judgement.Decision.Pool = (short)number;
        }

        return number >= 0;
    }

    /// <inheritdoc/>
    public override Span<byte> EditFlags() => QueryEdit.Flags(in *_query, _judgement);

    /// <inheritdoc/>
    public override Span<byte> Edit()
    {
        IsNameChanged = true;
        return _judgement.Edit(_query->Message);
    }

    /// <inheritdoc/>
    public override void EndEdit(int length) => _judgement.EndEdit(length);

    /// <inheritdoc/>
    public override void SetOption(ushort code, ReadOnlySpan<byte> data) => QueryEdit.SetOption(in *_query, _judgement, code, data);

    /// <inheritdoc/>
    public override void SetExtendedError(ErrorNote note) => _judgement.Decision.Error = note;

    /// <inheritdoc/>
    public override void SetMostTtl(uint seconds) => _judgement.Decision.MaxTtl = seconds;

    /// <inheritdoc/>
    public override bool TryChangeName(DomainName name)
    {
        Span<byte> message = Edit();
        int length = _judgement.Edited.Length;
        bool isChanged = NameChange.TryChange(message, ref length, name.Wire, _scratch);
        EndEdit(length);
        return isChanged;
    }

    /// <inheritdoc/>
    public override bool TryAnswer(IReadOnlyList<(RecordType Type, byte[] Data)> records, uint ttl)
    {
        var writer = new SelfAnswerWriter(in *_query, new AnswerTraits { Authoritative = false }, _scratch);
        foreach ((RecordType type, byte[] data) in records)
        {
            writer.AddRecord(type, ttl, data);
        }

        return TryTake(writer.Finish(shard.Options.SelfAnswerPayloadSize, shard.Options.AddEdnsToSelfAnswers));
    }

    /// <inheritdoc/>
    public override bool TryAnswerNegative(NegativeAction negative) => TryTake(SelfAnswer.WriteNegative(
        in *_query, negative.IsNxDomain, negative.Soa, negative.Ttl, negative.IsInAuthority ? MessageSection.Authority : MessageSection.Additional, negative.Traits,
        shard.Options.SelfAnswerPayloadSize, shard.Options.AddEdnsToSelfAnswers, _scratch));

    /// <inheritdoc/>
    public override bool TryAnswerHttp(int status, ReadOnlySpan<byte> body)
    {
        if (!_origin->HasRequest || FixedResponse.Objection(status, body, contentType: "", headers: null) is not null)
        {
            return false;
        }

        _judgement.AnswerHttp(new FixedResponse(status, body.ToArray()));
        return HasHttpAnswer = true;
    }

    /// <summary>An answer takes the place of the query, so that what comes after sees it.</summary>
    private bool TryTake(int length)
    {
        if (length == 0)
        {
            return false;
        }

        Span<byte> message = Edit();
        _scratch.AsSpan(0, length).CopyTo(message);
        EndEdit(length);
        return true;
    }

    private bool Has(DecisionNotes note) => _judgement.HasDecision && _judgement.Decision.Has(note);

    private void Note(DecisionNotes note, bool isSet)
    {
        ref Decision decision = ref _judgement.Decision;
        decision.Notes = isSet ? decision.Notes | note : decision.Notes & ~note;
    }
}
