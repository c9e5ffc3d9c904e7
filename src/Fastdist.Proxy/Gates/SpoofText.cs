using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Rules.Chains;

namespace Fastdist.Proxy.Gates;

/// <summary>Writes answers of what a text says: addresses, a name, RDATA, a whole message. TTLs are 60 s, as in dnsdist.</summary>
/// <param name="shard">The shard.</param>
internal sealed class SpoofText(ShardContext shard)
{
    private readonly List<(RecordType Type, byte[] Data)> _records = [];

    /// <summary>Writes one.</summary>
    /// <param name="kind">What the text is.</param>
    /// <param name="text">The text.</param>
    /// <param name="query">The query.</param>
    /// <param name="room">Receives the answer.</param>
    /// <returns>Its length, bytes; 0 when it says nothing about the query's type, or does not fit; -1 when the text is none of these.</returns>
    public int Write(DeedResult kind, ReadOnlySpan<byte> text, in Query query, Span<byte> room)
    {
        _records.Clear();
        switch (kind)
        {
            case DeedResult.SpoofPacket:
                return text.Length >= Header.Size ? SelfAnswer.WritePacket(in query, text, room) : -1;
            case DeedResult.SpoofRaw:
                foreach (Range part in text.Split((byte)','))
                {
                    _records.Add((query.Type, text[part].ToArray()));
                }

                return WriteRecords(in query, room);
            default:
                return TryReadAddresses(text) ? WriteAddresses(in query, room) : WriteName(text, in query, room);
        }
    }

    /// <summary>Several are split at spaces and commas; one that is none makes the whole a name.</summary>
    private bool TryReadAddresses(ReadOnlySpan<byte> text)
    {
        foreach (Range range in text.SplitAny(" ,"u8))
        {
            ReadOnlySpan<byte> part = text[range];
            if (part.IsEmpty)
            {
                continue;
            }

            if (!SocketAddress.TryParse(part, out SocketAddress address))
            {
                return false;
            }

            ReadOnlySpan<byte> bytes = address.AddressBytes;
            _records.Add((bytes.Length == 4 ? RecordType.A : RecordType.AAAA, bytes.ToArray()));
        }

        return _records.Count > 0;
    }

    private int WriteAddresses(in Query query, Span<byte> room)
    {
        RecordType type = query.Type;
        if (type != RecordType.ANY)
        {
            _records.RemoveAll(record => record.Type != type);
        }

        return _records.Count == 0 ? 0 : WriteRecords(in query, room);
    }

    private int WriteName(ReadOnlySpan<byte> text, in Query query, Span<byte> room)
    {
        _records.Clear();
        if (text.IsEmpty || !DomainName.TryParse(text, out DomainName? target))
        {
            return -1;
        }

        _records.Add((RecordType.CNAME, target.Wire.ToArray()));
        return WriteRecords(in query, room);
    }

    private int WriteRecords(in Query query, Span<byte> room)
    {
        shard.Random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_records));
        var writer = new SelfAnswerWriter(in query, new AnswerTraits { Authoritative = false }, room);
        foreach ((RecordType type, byte[] data) in _records)
        {
            writer.AddRecord(type, AnswerTraits.DefaultTtl, data);
        }

        return writer.Finish(shard.Options.SelfAnswerPayloadSize, shard.Options.AddEdnsToSelfAnswers);
    }
}
