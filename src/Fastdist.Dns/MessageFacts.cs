using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>
/// What rules ask of a message's bytes. A message that is too short or broken has none of what is asked for.
/// </summary>
public static class MessageFacts
{
    private const ulong OptAlone = (1UL << 48) | 1UL;
    private const int UpperRcodeShift = 4;

    /// <summary>What a message's header says about how much is in a section, 0 to 65535; it need not be there.</summary>
    public static int CountOf(ReadOnlySpan<byte> message, MessageSection section) => message.Length < Header.Size
        ? 0
        : section switch
        {
            MessageSection.Question => Header.QuestionCount(message),
            MessageSection.Answer => Header.AnswerCount(message),
            MessageSection.Authority => Header.AuthorityCount(message),
            MessageSection.Additional => Header.AdditionalCount(message),
            _ => 0,
        };

    /// <summary>Counts the records of a type in a section, or the questions.</summary>
    /// <param name="message">The message.</param>
    /// <param name="section">The section; what is behind it is not looked at.</param>
    /// <param name="type">The type.</param>
    /// <param name="count">How many there are; 0 on failure.</param>
    /// <returns>False when the message is broken within the section or before it.</returns>
    public static bool TryCountRecords(ReadOnlySpan<byte> message, MessageSection section, RecordType type, out int count)
    {
        count = 0;
        if (message.Length < Header.Size)
        {
            return false;
        }

        int found = 0;
        int offset = Header.Size;
        for (int left = Header.QuestionCount(message); left > 0; left--)
        {
            offset = MessageMap.EndOfQuestion(message, offset);
            if (offset < 0)
            {
                return false;
            }

            found += section == MessageSection.Question && TypeAt(message, offset - Query.TypeAndClassSize) == type ? 1 : 0;
        }

        var walk = new RecordWalk(message, offset);
        for (int left = RecordsUpTo(message, section); left > 0 && walk.Next(); left--)
        {
            found += walk.Section == section && walk.Type == type ? 1 : 0;
        }

        count = walk.IsBroken ? 0 : found;
        return !walk.IsBroken;
    }

    /// <summary>Where the last record ends; -1 when the message is broken.</summary>
    public static int EndOfRecords(ReadOnlySpan<byte> message) => MessageMap.TryWalk(message, message.Length, out MessageMap map) && map.IsSound ? map.End : -1;

    /// <summary>Whether bytes follow the last record; false when the message is broken.</summary>
    public static bool HasTrailingBytes(ReadOnlySpan<byte> message) =>
        MessageMap.TryWalk(message, message.Length, out MessageMap map) && map.IsSound && map.End < message.Length;

    /// <summary>Whether the OPT has an option of a code, of whatever version it is. As of <see cref="TryReadEdnsVersion"/> for where it is looked for.</summary>
    public static bool HasOption(ReadOnlySpan<byte> message, EdnsOption code)
    {
        if (!TryFindOpt(message, out OptRecord opt))
        {
            return false;
        }

        ReadOnlySpan<byte> options = opt.Options;
        for (int offset = 0, end; offset < options.Length; offset = end)
        {
            end = OptRecord.EndOfOption(options, offset);
            if (end < 0)
            {
                return false;
            }

            if (OptRecord.OptionCode(options, offset) == code)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Reads the OPT's version: that of any OPT of a response, but of a query only when the OPT is the one record and follows the one question,
    /// as others than well-behaved clients send more.
    /// </summary>
    /// <returns>False when there is no such OPT.</returns>
    public static bool TryReadEdnsVersion(ReadOnlySpan<byte> message, out byte version)
    {
        bool found = TryFindOpt(message, out OptRecord opt);
        version = found ? opt.Version : (byte)0;
        return found;
    }

    /// <summary>Whether the OPT says DO (RFC 3225). As of <see cref="TryReadEdnsVersion"/> for where it is looked for.</summary>
    public static bool IsDnssecOk(ReadOnlySpan<byte> message) => TryFindOpt(message, out OptRecord opt) && opt.DnssecOk;

    /// <summary>Reads the RCODE of twelve bits, 0 to 4095, that header and OPT make together (RFC 6891 section 6.1.3).</summary>
    /// <returns>False when the message has no OPT.</returns>
    public static bool TryReadExtendedRcode(ReadOnlySpan<byte> message, out int rcode)
    {
        rcode = 0;
        if (!MessageMap.TryWalk(message, message.Length, out MessageMap map) || !map.HasOpt)
        {
            return false;
        }

        rcode = (message[map.OptOffset + OptRecord.UpperRcodeOffset] << UpperRcodeShift) | (int)Header.Rcode(message);
        return true;
    }

    private static int RecordsUpTo(ReadOnlySpan<byte> message, MessageSection section)
    {
        int records = 0;
        for (MessageSection each = MessageSection.Answer; each <= section; each++)
        {
            records += CountOf(message, each);
        }

        return records;
    }

    private static bool TryFindOpt(ReadOnlySpan<byte> message, out OptRecord opt)
    {
        opt = default;
        if (message.Length < Header.Size || (!Header.IsResponse(message) && Header.Counts(message) != OptAlone))
        {
            return false;
        }

        if (!MessageMap.TryWalk(message, message.Length, out MessageMap map) || !map.HasOpt)
        {
            return false;
        }

        opt = new OptRecord(message[map.OptOffset..map.OptEnd]);
        return true;
    }

    private static RecordType TypeAt(ReadOnlySpan<byte> message, int offset) => (RecordType)BinaryPrimitives.ReadUInt16BigEndian(message[offset..]);
}
