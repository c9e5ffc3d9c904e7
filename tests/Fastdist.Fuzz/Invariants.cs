using System;
using System.Linq;
using Fastdist.Dns;

namespace Fastdist.Fuzz;

/// <summary>What must hold for any bytes whatever, checked for every entry point of the room.</summary>
internal static class Invariants
{
    private static readonly Rcode[] s_rcodes = [Rcode.FormErr, Rcode.ServFail, Rcode.Refused, Rcode.BadVers];

    internal static void Check(byte[] message)
    {
        var reference = new Reference(message);
        CheckQuery(message, reference);
        CheckStrip(message, reference);
        EdnsInvariants.Check(message, reference);
        RecordInvariants.Check(message, reference);
        CheckTruncation(message, reference);
        CheckErrorAnswer(message, reference);
        CheckMatch(message);
        CheckNames(message);
        CheckFraming(message);
    }

    private static void CheckQuery(byte[] message, Reference reference)
    {
        QueryVerdict verdict = Query.Parse(message, out Query query);
        Equal(reference.Verdict, verdict, "verdict");
        if (verdict != QueryVerdict.Forward)
        {
            return;
        }

        Equal(reference.QuestionEnd, query.QuestionEnd, "question's end");
        True(query.Message.SequenceEqual(message), "message");
        True(query.Question.SequenceEqual(message.AsSpan(12, query.QuestionEnd - 12)), "question");
        Equal(query.Name.Length + 4, query.Question.Length, "name's length");
        ReferenceRecord? opt = reference.Opt;
        Equal(opt is not null, query.HasEdns, "EDNS");
        Equal(opt is null ? 512 : Math.Max(512, Number(message, opt.Start + 3)), query.UdpPayloadSize, "payload size");
        Equal(opt is not null && (message[opt.Start + 7] & 0x80) != 0, query.DnssecOk, "DO");
        Equal(reference.Stripped.Length != message.Length, query.HasHopByHopOptions, "hop-by-hop options");
        bool Has(Predicate<byte[]> wanted) => reference.Options is not null && reference.Options.Exists(wanted);
        Equal(Has(option => Reference.CodeOf(option) == 12), query.Edns.HasFlag(EdnsTraits.Padding), "padding");
        Equal(Has(option => Reference.CodeOf(option) == 11 && option.Length == 4), query.Edns.HasFlag(EdnsTraits.EmptyKeepalive), "keepalive");
        Equal(Has(option => Reference.CodeOf(option) == 8), query.Edns.HasFlag(EdnsTraits.ClientSubnet), "client subnet");
        CheckWriter(query);
    }

    private static void CheckWriter(Query query)
    {
        Span<byte> written = stackalloc byte[QueryWriter.MaxSize];
        int length = QueryWriter.Write(written, query.Id, query.Name, query.Type);
        True(Query.Parse(written[..length], out Query again) == QueryVerdict.Forward, "written query");
        True(again.Name.SequenceEqual(query.Name) && again.Type == query.Type && again.Id == query.Id, "written question");
        Equal(false, again.HasEdns, "no EDNS written");
        length = QueryWriter.WriteWithEdns(written, query.Id, query.Name, query.Type, 1400, true);
        Query.Parse(written[..length], out again);
        True(again.HasEdns && again.DnssecOk && again.UdpPayloadSize == 1400, "written EDNS");
    }

    private static void CheckStrip(byte[] message, Reference reference)
    {
        const byte Guard = 0xA5;
        var buffer = new byte[message.Length + 64];
        buffer.AsSpan().Fill(Guard);
        message.CopyTo(buffer, 0);
        int length = HopByHop.Strip(buffer, message.Length);
        byte[] expected = reference.HasHeader ? reference.Stripped : message;
        True(buffer.AsSpan(0, length).SequenceEqual(expected), "stripped message");
        True(!buffer.AsSpan(message.Length).ContainsAnyExcept(Guard), "bytes beyond the message");
        Equal(length, HopByHop.Strip(buffer, length), "second strip");
        Query.Parse(buffer.AsSpan(0, length), out Query before);
        Equal(length, HopByHop.Restate(buffer, length, 1400), "restated message's length");
        Query.Parse(buffer.AsSpan(0, length), out Query after);
        Equal(before.HasEdns, after.HasEdns, "restated message's EDNS");
    }

    private static void CheckTruncation(byte[] message, Reference reference)
    {
        var cut = new byte[message.Length];
        int length = Truncation.Write(message, cut);
        bool possible = reference.HasHeader && reference.HasQuestions && Number(message, 4) <= 1;
        Equal(possible, length != 0, "truncation");
        if (length == 0)
        {
            return;
        }

        var result = new Reference(cut[..length]);
        True(result.IsSound && !result.HasTrailer, "truncated message");
        Equal(reference.Opt is null ? 0 : 1, result.Records.Count, "truncated message's records");
        True(cut.AsSpan(0, 2).SequenceEqual(message.AsSpan(0, 2)), "truncated message's ID");
        Equal(Number(message, 2) | 0x200, Number(cut, 2), "truncated message's flags");
        True(cut.AsSpan(12, result.QuestionEnd - 12).SequenceEqual(message.AsSpan(12, reference.QuestionEnd - 12)), "truncated message's question");
        Equal(0, Truncation.Write(message, cut.AsSpan(0, length - 1)), "truncation without room");
        byte[] inPlace = [.. message];
        Equal(length, Truncation.Write(inPlace, inPlace), "truncation in place");
        True(inPlace.AsSpan(0, length).SequenceEqual(cut.AsSpan(0, length)), "truncation in place");
    }

    private static void CheckErrorAnswer(byte[] message, Reference reference)
    {
        var answer = new byte[1024];
        foreach (Rcode rcode in s_rcodes)
        {
            int length = ErrorAnswer.Write(message, rcode, answer, ExtendedError.NotReady, message);
            Equal(reference.HasHeader, length != 0, "error answer");
            if (length == 0)
            {
                return;
            }

            True(length <= ErrorAnswer.MaxSize, "error answer's size");
            var result = new Reference(answer[..length]);
            True(result.IsSound && !result.HasTrailer && Header.IsResponse(answer), "error answer");
            Equal(Number(message, 4) == 1 && reference.Opt is not null, result.Opt is not null, "error answer's EDNS");
            if (Query.Parse(message, out Query query) == QueryVerdict.Forward)
            {
                Equal(AnswerMatch.Matches, Answer.Match(answer.AsSpan(0, length), query.Question), "error answer's question");
            }

            byte[] small = new byte[length - 1];
            True(ErrorAnswer.Write(message, rcode, small, ExtendedError.NotReady, message) < length, "error answer without room");
        }
    }

    private static void CheckMatch(byte[] message)
    {
        foreach (byte[] other in Corpus.All)
        {
            if (Query.Parse(other, out Query query) == QueryVerdict.Forward)
            {
                _ = Answer.Match(message, query.Question);
            }
        }

        if (Query.Parse(message, out Query own) != QueryVerdict.Forward)
        {
            return;
        }

        byte[] response = [.. message];
        response[2] |= 0x80;
        for (int index = 12; index < own.QuestionEnd - 4; index++)
        {
            bool isLetter = char.IsAsciiLetter((char)response[index]);
            response[index] ^= isLetter && ((index * 7) ^ message[0]) % 3 == 0 ? (byte)0x20 : (byte)0;
        }

        Equal(AnswerMatch.Matches, Answer.Match(response, own.Question), "own question");
        Equal(Names.Hash(own.Name, 1), Names.Hash(response.AsSpan(12, own.Name.Length), 1), "hash in any case");
        response[own.QuestionEnd - 1] ^= 1;
        Equal(AnswerMatch.WrongQuestion, Answer.Match(response, own.Question), "another class");
    }

    private static void CheckNames(byte[] message)
    {
        ReadOnlySpan<byte> name = message.AsSpan(Math.Min(12, message.Length));
        string text = Names.ToText(name);
        True(text.All(character => character is > ' ' and <= '~'), "printable text");
        Span<byte> wire = stackalloc byte[Names.MaxWireLength];
        if (Query.Parse(message, out Query query) == QueryVerdict.Forward)
        {
            text = Names.ToText(query.Name);
            True(Names.TryParse(text, wire, out int length), "name's text");
            True(wire[..length].SequenceEqual(query.Name), "name from its text");
        }

        string noise = string.Concat(message.Take(300).Select(value => (char)value));
        if (Names.TryParse(noise, wire, out int noiseLength))
        {
            True(Names.ToText(wire[..noiseLength]) != "(malformed)", "name from noise");
        }

        int half = message.Length / 2;
        ReadOnlySpan<byte> front = message.AsSpan(0, half);
        ReadOnlySpan<byte> back = message.AsSpan(half, half);
        bool equal = true;
        for (int index = 0; index < half; index++)
        {
            equal &= Lower(front[index]) == Lower(back[index]);
        }

        Equal(equal, Names.EqualsIgnoreCase(front, back), "comparison");
    }

    private static void CheckFraming(byte[] data)
    {
        ReadOnlySpan<byte> rest = data;
        while (StreamFraming.TryRead(rest, out ReadOnlySpan<byte> message))
        {
            Equal(Number(rest, 0), message.Length, "frame's length");
            rest = rest[(StreamFraming.PrefixSize + message.Length)..];
        }

        True(rest.Length < 2 || rest.Length - 2 < Number(rest, 0), "frame left unread");
    }

    internal static int Number(ReadOnlySpan<byte> bytes, int offset) => (bytes[offset] << 8) | bytes[offset + 1];

    private static int Lower(byte value) => value is >= 65 and <= 90 ? value + 32 : value;

    internal static void Equal<T>(T expected, T actual, string what)
    {
        if (!Equals(expected, actual))
        {
            throw new InvariantException($"{what}: expected {expected}, got {actual}");
        }
    }

    internal static void True(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvariantException($"{what}: does not hold");
        }
    }
}

internal sealed class InvariantException(string message) : Exception(message);
