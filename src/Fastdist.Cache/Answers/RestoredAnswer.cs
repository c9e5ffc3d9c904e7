using System;
using System.Buffers.Binary;
using Fastdist.Dns;

namespace Fastdist.Cache.Answers;

/// <summary>Writes what is kept as the answer to one client: its header, its question, its TTLs, its addresses in another order, its OPT.</summary>
internal static class RestoredAnswer
{
    /// <summary>Size of an extended error's INFO-CODE, in bytes (RFC 8914 section 2).</summary>
    private const int InfoCodeSize = 2;

    /// <summary>Bytes of the longest address.</summary>
    private const int MaxAddress = 16;

    /// <summary>Writes the answer.</summary>
    /// <returns>Bytes written; 0 when it has no room, or is the answer to another question.</returns>
    public static int Write(in KeptForm form, in Query query, in RestoreTraits traits, Span<byte> destination)
    {
        ReadOnlySpan<byte> message = form.Message;
        if (message.Length > destination.Length || !IsTo(in form, in query))
        {
            return 0;
        }

        message.CopyTo(destination);
        Span<byte> answer = destination[..message.Length];
        Header.TakeFromQuery(answer, query.Message);
        query.Question.CopyTo(answer[Header.Size..]);
        if (!SetTtls(in form, in traits, answer))
        {
            return 0;
        }

        if (traits.Shuffle is not null && form.Addresses.Count > 1)
        {
            AddressShuffle.Shuffle(in form, traits.Shuffle, answer);
        }

        return (form.Traits & KeptTraits.HasOpt) != 0 && query.HasEdns ? AddOpt(in form, in query, in traits, destination) : answer.Length;
    }

    /// <summary>Whether it has the query's question. The key said so already; that of a client must never be answered with another's, whoever made a mistake.</summary>
    private static bool IsTo(in KeptForm form, in Query query) =>
        query.IsSound && form.QuestionEnd == query.QuestionEnd && Query.TypeOf(form.Message, form.QuestionEnd) == query.Type
        && Query.ClassOf(form.Message, form.QuestionEnd) == query.Class && Names.EqualsIgnoreCase(query.Name, Query.NameOf(form.Message, form.QuestionEnd));

    private static bool SetTtls(in KeptForm form, in RestoreTraits traits, Span<byte> answer)
    {
        bool isFixed = traits.FixedTtl != uint.MaxValue;
        if (!isFixed && traits.Age == 0)
        {
            return true;
        }

        for (int index = 0; index < form.TtlCount; index++)
        {
            int at = form.TtlAt(index);
            if (!form.IsRecord(at, sizeof(uint)))
            {
                return false;
            }

            Span<byte> ttl = answer.Slice(at, sizeof(uint));
            uint own = BinaryPrimitives.ReadUInt32BigEndian(ttl);
            BinaryPrimitives.WriteUInt32BigEndian(ttl, isFixed ? traits.FixedTtl : own - Math.Min(own, traits.Age));
        }

        return true;
    }

    /// <summary>Writes the OPT that whoever answered would send to this client now (RFC 6891 section 6.1.1).</summary>
    private static int AddOpt(in KeptForm form, in Query query, in RestoreTraits traits, Span<byte> destination)
    {
        if (!OptWriter.TryBegin(destination, form.Message.Length, traits.PayloadSize, query.DnssecOk, out OptWriter opt) || !opt.TryAddAll(form.Options))
        {
            return 0;
        }

        if (traits.IsStale)
        {
            ExtendedError error = Header.Rcode(form.Message) == Rcode.NXDomain ? ExtendedError.StaleNXDomainAnswer : ExtendedError.StaleAnswer;
            if (!opt.TryAdd(EdnsOption.ExtendedError, InfoCodeSize, out Span<byte> code))
            {
                return 0;
            }

            BinaryPrimitives.WriteUInt16BigEndian(code, (ushort)error);
        }

        // Whoever filled the entry may have told nothing itself, and so lost what the answer said of networks.
        bool isTold = !traits.HasNoNetwork && ((form.Traits & KeptTraits.HasSubnet) != 0 || traits.Scope > 0) && (query.Edns & EdnsTraits.ClientSubnet) != 0;
        return isTold && !TryAddSubnet(ref opt, in query, traits.Scope) ? 0 : opt.Length;
    }

    /// <summary>Echoes the client's network with the scope of the answer (RFC 7871 section 7.2.1). What is broken is not echoed.</summary>
    private static bool TryAddSubnet(ref OptWriter opt, in Query query, byte scope)
    {
        Span<byte> address = stackalloc byte[MaxAddress];
        if (!PlainQuery.TryRead(in query, out PlainQuery plain) || !SubnetOption.TryFind(plain.Options, out ReadOnlySpan<byte> told)
            || !ClientSubnet.TryRead(told, address, out _, out int source, out _))
        {
            return true;
        }

        if (!opt.TryAdd(EdnsOption.ClientSubnet, told.Length, out Span<byte> data))
        {
            return false;
        }

        // An answer to who tells no bits has no scope either (RFC 7871 section 7.1.2).
        told.CopyTo(data);
        ClientSubnet.SetScope(data, source == 0 ? 0 : scope);
        return true;
    }
}
