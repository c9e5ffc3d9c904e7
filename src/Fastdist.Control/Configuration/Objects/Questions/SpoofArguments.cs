using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Objects.Questions;

/// <summary>Answers that scripts make of what they write.</summary>
internal static class SpoofArguments
{
    private const int Numbers = 5;

    /// <summary>Answers with addresses or RDATA: <c>dq:spoof(address, bytes or a table of either[, typeForAny[, ttl]])</c>.</summary>
    public static void Answer(LuaFrame frame, Question question)
    {
        IReadOnlyList<LuaValue> values = frame[1] is LuaTable table ? table.Items : [frame[1]];
        int typeForAny = 0;
        int ttl = (int)AnswerTraits.DefaultTtl;
        if ((!frame.IsNil(2) && !Native.Integer(frame, 2, "typeForAny", 0, ushort.MaxValue, out typeForAny)) || (!frame.IsNil(3) && !Native.Integer(frame, 3, "ttl", 0, int.MaxValue, out ttl)))
        {
            return;
        }

        var records = new List<(RecordType, byte[])>();
        foreach (LuaValue value in values)
        {
            switch (value)
            {
                case LuaObject { Target: Variable<AddressAndPort> address }:
                    RecordType family = address.Value.IsIPv4 ? RecordType.A : RecordType.AAAA;
                    if (question.Type == family || question.Type == RecordType.ANY)
                    {
                        records.Add((family, address.Value.Address.GetAddressBytes()));
                    }

                    break;
                case LuaString raw:
                    records.Add((question.Type == RecordType.ANY && typeForAny != 0 ? (RecordType)typeForAny : question.Type, raw.Bytes.ToArray()));
                    break;
                default:
                    frame.Fail("expected an address that newCA made, RDATA in a string, or a table of either");
                    return;
            }
        }

        if (records.Count > 0)
        {
            question.TryAnswer(records, (uint)ttl);
        }
    }

    /// <summary>Answers that there is nothing: <c>dq:setNegativeAndAdditionalSOA(nxd, zone, ttl, mname, rname, serial, refresh, retry, expire, minimum)</c>.</summary>
    public static void AnswerNegative(LuaFrame frame, Question question)
    {
        const int Zone = 2, Ttl = 3, Primary = 4, Mailbox = 5, First = 6;
        Span<int> numbers = stackalloc int[Numbers];
        bool isNxDomain = Native.Boolean(frame, 1, "nxd", otherwise: false);
        if (!Native.Integer(frame, Ttl, "ttl", 0, int.MaxValue, out int ttl))
        {
            return;
        }

        for (int i = 0; i < Numbers; i++)
        {
            if (!Native.Integer(frame, First + i, "number of the SOA", 0, int.MaxValue, out numbers[i]))
            {
                return;
            }
        }

        if (!TryGetName(frame, Zone, "zone", out DomainName zone) || !TryGetName(frame, Primary, "mname", out DomainName primary) || !TryGetName(frame, Mailbox, "rname", out DomainName mailbox))
        {
            return;
        }

        var soa = new StartOfAuthority(zone, primary, mailbox, (uint)numbers[0], (uint)numbers[1], (uint)numbers[2], (uint)numbers[3], (uint)numbers[4]);
        question.TryAnswerNegative(new NegativeAction(isNxDomain, soa, (uint)ttl, isInAuthority: false, new AnswerTraits { Authoritative = false }));
    }

    private static bool TryGetName(LuaFrame frame, int index, string label, out DomainName name)
    {
        DomainName? found = frame[index] switch
        {
            LuaObject { Target: Variable<DomainName> variable } => variable.Value,
            LuaString text when DomainName.TryParse(text.Bytes, out DomainName? parsed) => parsed,
            _ => null,
        };
        name = found ?? DomainName.Root;
        if (found is null)
        {
            frame.Fail($"{label}: expected a name");
        }

        return found is not null;
    }
}
