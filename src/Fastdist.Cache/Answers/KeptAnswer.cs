using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fastdist.Dns;

namespace Fastdist.Cache.Answers;

/// <summary>
/// The form in which answers are kept, once for all clients: whole, without OPT, with where its TTLs are and what its OPT said that is not about the client
/// (extended errors, RFC 8914). Here it is written; <see cref="Restore"/> reads it on every hit's way.
/// </summary>
internal static class KeptAnswer
{
    /// <summary>Bytes that the form is longer than the answer, at most.</summary>
    public const int MaxOverhead = 1024;

    /// <summary>Most bytes of extended errors; further ones are left out.</summary>
    public const int MaxErrorsSize = 512;

    /// <summary>Most records of an answer that is kept.</summary>
    public const int MaxRecords = (MaxOverhead - KeptForm.HeadSize) / KeptForm.OffsetSize;

    /// <summary>Size of an extended error's INFO-CODE, in bytes (RFC 8914 section 2).</summary>
    private const int InfoCodeSize = 2;

    /// <summary>Writes the form.</summary>
    /// <param name="answer">The whole answer.</param>
    /// <param name="destination">Receives it.</param>
    /// <param name="length">Bytes written.</param>
    /// <param name="facts">What the answer is.</param>
    /// <returns>
    /// False for what cannot be kept: broken or signed, without its one question, with bytes behind its records, with an RCODE that needs the OPT's bits, with more
    /// than <see cref="MaxRecords"/> records, too long for the destination.
    /// </returns>
    public static bool TryWrite(ReadOnlySpan<byte> answer, Span<byte> destination, out int length, out AnswerFacts facts)
    {
        length = 0;
        facts = default;
        if (!BareAnswer.TryRead(answer, out BareAnswer bare) || bare.UpperRcode != 0 || destination.Length - KeptForm.HeadSize < bare.Length)
        {
            return false;
        }

        Span<byte> message = destination.Slice(KeptForm.HeadSize, bare.Length);
        bare.CopyTo(message);
        Header.SetId(message, 0);
        int end = KeptForm.HeadSize + message.Length;
        int records = WriteOffsets(message, destination[end..], ref facts);
        if (records < 0)
        {
            return false;
        }

        end += records * KeptForm.OffsetSize;
        int errors = WriteErrors(bare.Options, destination[end..]);
        if (errors < 0)
        {
            return false;
        }

        facts.Rcode = Header.Rcode(message);
        facts.IsTruncated = Header.IsTruncated(message);
        facts.IsNegative = facts.Rcode == Rcode.NXDomain || (facts.Rcode == Rcode.NoError && facts.IsNegative);
        WriteHead(destination, in bare, message, records, errors);
        length = end + errors;
        return true;
    }

    /// <summary>The answer without OPT in a form, for who looks through all that is kept; empty when there is none.</summary>
    public static ReadOnlySpan<byte> MessageOf(ReadOnlySpan<byte> kept) => KeptForm.TryRead(kept, out KeptForm form) ? form.Message : default;

    /// <summary>Writes the answer for a client.</summary>
    /// <param name="kept">The form, as <see cref="TryWrite"/> wrote it.</param>
    /// <param name="query">The client's query: its ID, RD and CD, and the letter case of its question are the answer's.</param>
    /// <param name="traits">How else.</param>
    /// <param name="destination">Receives the answer.</param>
    /// <returns>Bytes written; 0 when it has no room, or is the answer to another question.</returns>
    public static int Restore(ReadOnlySpan<byte> kept, in Query query, in RestoreTraits traits, Span<byte> destination) =>
        KeptForm.TryRead(kept, out KeptForm form) ? RestoredAnswer.Write(in form, in query, in traits, destination) : 0;

    /// <summary>Writes where the TTLs are, and makes those that count as zero be zero.</summary>
    /// <returns>How many there are; -1 when they are too many.</returns>
    private static int WriteOffsets(Span<byte> message, Span<byte> destination, ref AnswerFacts facts)
    {
        uint smallest = uint.MaxValue;
        int count = 0;
        var walk = new TtlWalk(message);
        for (; walk.Next(); count++)
        {
            if (count == MaxRecords || destination.Length < KeptForm.OffsetSize)
            {
                return -1;
            }

            walk.Ttl = walk.Ttl > int.MaxValue ? 0 : walk.Ttl;
            smallest = Math.Min(smallest, walk.Ttl);
            facts.IsNegative |= walk.Section == MessageSection.Authority && walk.Type == RecordType.SOA;
            BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)walk.Offset);
            destination = destination[KeptForm.OffsetSize..];
        }

        facts.SmallestTtl = count == 0 ? -1 : smallest;
        return count;
    }

    /// <summary>Writes the extended errors; -1 when they do not fit.</summary>
    private static int WriteErrors(ReadOnlySpan<byte> options, Span<byte> destination)
    {
        int written = 0;
        OptionWalk walk = OptionWalk.Over(options);
        while (walk.Next())
        {
            if ((EdnsOption)walk.Code != EdnsOption.ExtendedError || walk.Data.Length < InfoCodeSize || written + walk.Option.Length > MaxErrorsSize)
            {
                continue;
            }

            if (!walk.Option.TryCopyTo(destination[written..]))
            {
                return -1;
            }

            written += walk.Option.Length;
        }

        return written;
    }

    private static void WriteHead(Span<byte> destination, in BareAnswer bare, ReadOnlySpan<byte> message, int records, int errors)
    {
        AddressSet addresses = AddressSet.Find(message, bare.QuestionEnd);
        bool isSet = addresses.Count > 1;
        KeptTraits traits = bare.HasOpt ? KeptTraits.HasOpt : KeptTraits.None;
        var head = new KeptForm.Head
        {
            MessageSize = (ushort)message.Length,
            TtlCount = (ushort)records,
            OptionsSize = (ushort)errors,
            QuestionEnd = (ushort)bare.QuestionEnd,
            FirstAddress = isSet ? (ushort)addresses.First : (ushort)0,
            AddressCount = isSet ? (byte)Math.Min(addresses.Count, byte.MaxValue) : (byte)0,
            Traits = SubnetOption.TryFind(bare.Options, out _) ? traits | KeptTraits.HasSubnet : traits,
        };
        MemoryMarshal.Write(destination, in head);
    }
}
