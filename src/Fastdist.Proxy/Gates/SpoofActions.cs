using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;
using Fastdist.Settings;

namespace Fastdist.Proxy.Gates;

/// <summary>Writes the answers that rules make.</summary>
/// <param name="shard">The shard.</param>
internal sealed class SpoofActions(ShardContext shard)
{
    /// <summary>Records of an answer that are drawn in another order each time.</summary>
    private byte[][] _order = [];

    /// <summary>Writes the answer of an action.</summary>
    /// <returns>Its length, bytes; 0 where the action has none for this query, or it does not fit.</returns>
    public int Write(PreparedAction action, in Query query, Span<byte> room)
    {
        ProxyOptions options = shard.Options;
        int size = options.SelfAnswerPayloadSize;
        bool edns = options.AddEdnsToSelfAnswers;
        return action.Action switch
        {
            RcodeAction rcode => SelfAnswer.WriteRcode(in query, rcode.Rcode, rcode.Traits, size, edns, room),
            TruncateAction => SelfAnswer.WriteTruncated(in query, size, edns, room),
            SpoofAddressesAction spoof => WriteAddresses(spoof, in query, size, edns, room),
            SpoofRawAction raw => SelfAnswer.WriteRecords(in query, TypeOf(raw, in query), Shuffled(raw.Values, []), raw.Traits, size, edns, room),
            SpoofCnameAction cname => SelfAnswer.WriteRecord(in query, RecordType.CNAME, cname.Target.Wire, cname.Traits, size, edns, room),
            SpoofPacketAction packet => SelfAnswer.WritePacket(in query, packet.Message, room),
            NegativeAction negative => SelfAnswer.WriteNegative(
                in query, negative.IsNxDomain, negative.Soa, negative.Ttl, negative.IsInAuthority ? MessageSection.Authority : MessageSection.Additional, negative.Traits, size, edns, room),
            _ => 0,
        };
    }

    private static RecordType TypeOf(SpoofRawAction action, in Query query) => query.Type == RecordType.ANY && action.TypeForAny is { } type ? type : query.Type;

    /// <summary>Both families where any type is asked for.</summary>
    private int WriteAddresses(SpoofAddressesAction action, in Query query, int size, bool edns, Span<byte> room)
    {
        bool wantsV4 = query.Type is RecordType.A or RecordType.ANY && action.V4.Count > 0;
        bool wantsV6 = query.Type is RecordType.AAAA or RecordType.ANY && action.V6.Count > 0;
        if (!wantsV4 && !wantsV6)
        {
            return 0;
        }

        var writer = new SelfAnswerWriter(in query, action.Traits, room);
        foreach (byte[] address in Shuffled(wantsV4 ? action.V4 : [], wantsV6 ? action.V6 : []))
        {
            writer.AddRecord(address.Length == 4 ? RecordType.A : RecordType.AAAA, action.Traits.Ttl, address);
        }

        return writer.Finish(size, edns);
    }

    /// <summary>Values in an order by lot, so that clients spread over them.</summary>
    private Span<byte[]> Shuffled(IReadOnlyList<byte[]> values, IReadOnlyList<byte[]> more)
    {
        int count = values.Count + more.Count;
        if (_order.Length < count)
        {
            Array.Resize(ref _order, count);
        }

        for (int place = 0; place < count; place++)
        {
            _order[place] = place < values.Count ? values[place] : more[place - values.Count];
        }

        Span<byte[]> order = _order.AsSpan(0, count);
        shard.Random.Shuffle(order);
        return order;
    }
}
