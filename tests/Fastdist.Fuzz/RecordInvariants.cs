using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;

namespace Fastdist.Fuzz;

/// <summary>What must hold of every edit of a message's records, of what rules read of it and of the answers they make, for any bytes whatever.</summary>
internal static class RecordInvariants
{
    private const byte Guard = 0xA5;

    private static readonly RecordType[][] s_types =
        [[RecordType.A], [RecordType.CNAME], [RecordType.SOA, RecordType.OPT], [RecordType.AAAA, RecordType.NS, RecordType.A, RecordType.TXT], []];

    internal static void Check(byte[] message, Reference reference)
    {
        CheckTtls(message, reference);
        CheckEmptied(message, reference);
        foreach (RecordType[] types in s_types)
        {
            CheckClearing(message, reference, types);
        }

        CheckFacts(message, reference);
        CheckSelfAnswers(message);
    }

    private static void CheckTtls(byte[] message, Reference reference)
    {
        bool isEditable = reference.IsSound && !reference.IsSigned;
        void Edited(string what, Func<byte[], bool> edit, Func<ReferenceRecord, uint, uint> changed)
        {
            byte[] edited = [.. message];
            Invariants.Equal(isEditable, edit(edited), what);
            byte[] expected = [.. message];
            foreach (ReferenceRecord record in isEditable ? reference.Records.Where(record => record.Type != 41) : [])
            {
                uint stated = ((uint)Invariants.Number(message, record.NameEnd + 4) << 16) | (uint)Invariants.Number(message, record.NameEnd + 6);
                uint seconds = stated > int.MaxValue ? 0 : stated;
                uint now = changed(record, seconds);
                for (int shift = 0; shift < 4 && now != seconds; shift++)
                {
                    expected[record.NameEnd + 4 + shift] = (byte)(now >> (24 - (8 * shift)));
                }
            }

            Invariants.True(edited.AsSpan().SequenceEqual(expected), what + ": message");
        }

        Edited("TTLs raised", bytes => TimeToLive.Raise(bytes, 100), (_, ttl) => Math.Max(ttl, 100));
        Edited("TTLs limited", bytes => TimeToLive.Limit(bytes, 10, 50, []), (_, ttl) => Math.Clamp(ttl, 10, 50));
        Edited("TTLs of a type", bytes => TimeToLive.Limit(bytes, 0, 7, [RecordType.SOA, RecordType.A]), (record, ttl) => record.Type is 1 or 6 ? Math.Min(ttl, 7) : ttl);
        Edited("TTLs reduced", bytes => TimeToLive.Reduce(bytes, 33), (_, ttl) => (uint)(ttl * 33L / 100));
    }

    private static void CheckEmptied(byte[] message, Reference reference)
    {
        byte[] emptied = [.. message];
        int length = message.Length;
        bool done = Truncation.TryEmpty(emptied, ref length);
        bool possible = reference.HasHeader && reference.HasQuestions && Invariants.Number(message, 4) <= 1 && !reference.IsSigned;
        Invariants.Equal(possible, done, "emptied");
        byte[] expected = new byte[message.Length];
        Array.Resize(ref expected, done ? Truncation.Write(message, expected) : 0);
        Invariants.True(emptied.AsSpan(0, length).SequenceEqual(done ? expected : message), "emptied message");
    }

    private static void CheckClearing(byte[] message, Reference reference, RecordType[] types)
    {
        bool Goes(ReferenceRecord record) => record.Type != 41 && types.Contains((RecordType)record.Type);
        List<string>? kept = ReferenceNames.Expanded(message, reference.Records.Where(record => !Goes(record)));
        bool isWhole = reference.IsSound && !reference.HasTrailer && !reference.IsSigned;
        bool possible = isWhole && (kept is not null || !reference.Records.Any(Goes));
        byte[] buffer = new byte[message.Length + 2000];
        buffer.AsSpan().Fill(Guard);
        message.CopyTo(buffer, 0);
        int length = message.Length;
        bool done = RecordClearing.TryClear(buffer, ref length, types, new byte[buffer.Length]);
        Invariants.Equal(possible, done, "records cleared");
        if (!done || !reference.Records.Any(Goes))
        {
            Invariants.True(length == message.Length && buffer.AsSpan(0, length).SequenceEqual(message), "message without what is cleared");
            return;
        }

        Invariants.True(!buffer.AsSpan(Math.Max(length, message.Length)).ContainsAnyExcept(Guard), "bytes beyond the cleared message");
        byte[] cleared = buffer[..length];
        var result = new Reference(cleared);
        Invariants.True(result.IsSound && !result.HasTrailer && !result.Records.Any(Goes), "cleared message");
        Invariants.True(cleared.AsSpan(0, 6).SequenceEqual(message.AsSpan(0, 6)), "cleared message's header");
        Invariants.True(cleared.AsSpan(12, result.QuestionEnd - 12).SequenceEqual(message.AsSpan(12, reference.QuestionEnd - 12)), "cleared message's questions");
        Invariants.True(kept!.SequenceEqual(ReferenceNames.Expanded(cleared, result.Records) ?? []), "records that were not cleared");
        CheckClearingWithoutRoom(message, types, cleared);
    }

    /// <summary>What is written anew needs room in the scratch memory and in the buffer; what moves needs none.</summary>
    private static void CheckClearingWithoutRoom(byte[] message, RecordType[] types, byte[] cleared)
    {
        foreach (int room in (int[])[0, 12, cleared.Length - 1, cleared.Length])
        {
            byte[] tight = [.. message];
            int length = message.Length;
            bool done = RecordClearing.TryClear(tight, ref length, types, new byte[room]);
            Invariants.True(tight.AsSpan(0, length).SequenceEqual(done ? cleared : message), "records cleared with little room");
            Invariants.True(done || room < cleared.Length || message.Length < cleared.Length, "room for what is left");
        }
    }

    private static void CheckFacts(byte[] message, Reference reference)
    {
        Invariants.Equal(reference.IsSound && reference.HasTrailer, MessageFacts.HasTrailingBytes(message), "trailing bytes");
        for (int section = 1; section <= 3; section++)
        {
            int stated = reference.HasHeader ? Enumerable.Range(1, section).Sum(each => Invariants.Number(message, 4 + (2 * each))) : 1;
            bool isThere = reference.HasQuestions && reference.Records.Count(record => record.Section <= section) == stated;
            Invariants.Equal(isThere, MessageFacts.TryCountRecords(message, (MessageSection)section, RecordType.A, out int count), "countable");
            Invariants.Equal(isThere ? reference.Records.Count(record => record.Section == section && record.Type == 1) : 0, count, "count");
        }

        bool hasRcode = MessageFacts.TryReadExtendedRcode(message, out int rcode);
        Invariants.Equal(reference.Opt is not null, hasRcode, "extended RCODE");
        Invariants.Equal(hasRcode ? (message[reference.Opt!.Start + 5] << 4) | (message[3] & 15) : 0, rcode, "extended RCODE");
        bool mayRead = reference.Opt is not null && (message[2] >= 0x80 || message.AsSpan(4, 8).SequenceEqual((byte[])[0, 1, 0, 0, 0, 0, 0, 1]));
        Invariants.Equal(mayRead, MessageFacts.TryReadEdnsVersion(message, out _), "EDNS version");
        if (reference.Options is not null)
        {
            bool hasCookie = mayRead && reference.Options.Exists(option => Reference.CodeOf(option) == 10);
            Invariants.Equal(hasCookie, MessageFacts.HasOption(message, (EdnsOption)10), "cookie");
        }
    }

    private static void CheckSelfAnswers(byte[] message)
    {
        Query.Parse(message, out Query query);
        byte[] answer = new byte[1024];
        int length = SelfAnswer.WriteRecord(in query, RecordType.TXT, [1, 2], new AnswerTraits(), 1232, true, answer);
        Invariants.Equal(query.IsSound, length != 0, "answer of our own");
        if (length == 0)
        {
            return;
        }

        var result = new Reference(answer[..length]);
        Invariants.True(result.IsSound && !result.HasTrailer && result.Records.Count == (query.HasEdns ? 2 : 1), "answer of our own");
        Invariants.Equal(AnswerMatch.Matches, Answer.Match(answer.AsSpan(0, length), query.Question), "own answer's question");
        Span<byte> small = answer.AsSpan(0, length - 1);
        Invariants.Equal(0, SelfAnswer.WriteRecord(in query, RecordType.TXT, [1, 2], new AnswerTraits(), 1232, true, small), "own answer without room");
        Invariants.Equal(length - 14, SelfAnswer.WriteTruncated(in query, 1232, true, answer), "truncated answer of our own");
    }
}
