using System;
using CsCheck;
using Xunit;

namespace Fastdist.Dns.Tests;

public class PropertyTests
{
    [Fact]
    public void A_query_that_was_written_reads_as_what_was_meant() =>
        Gen.Select(Generators.Name, Gen.UShort, Gen.UShort, Gen.UShort, Gen.Bool).Sample((name, id, type, size, dnssecOk) =>
        {
            Span<byte> message = stackalloc byte[QueryWriter.MaxSize];
            int length = QueryWriter.WriteWithEdns(message, id, name, (RecordType)type, size, dnssecOk);
            QueryVerdict verdict = Query.Parse(message[..length], out Query query);
            return verdict == QueryVerdict.Forward &&
                query.Id == id && (ushort)query.Type == type && query.Class == 1 && query.Name.SequenceEqual(name) &&
                query.HasEdns && query.DnssecOk == dnssecOk && query.UdpPayloadSize == Math.Max(size, (ushort)512) &&
                !query.HasHopByHopOptions;
        });

    [Fact]
    public void A_name_survives_its_text() =>
        Generators.Name.Sample(name =>
        {
            Span<byte> wire = stackalloc byte[Names.MaxWireLength];
            return Names.TryParse(Names.ToText(name), wire, out int length) && wire[..length].SequenceEqual(name);
        });

    [Fact]
    public void Vectors_and_the_portable_path_compare_alike() =>
        Gen.Select(Gen.Byte.Array[0, 255], Gen.Int[0, 254], Gen.Byte).Sample((bytes, at, change) =>
        {
            byte[] other = Recased(bytes, change);
            if (at < bytes.Length)
            {
                other[at] ^= change;
            }

            bool portable = CaseFolding.EqualsPortable(bytes, other);
            return portable == CaseFolding.Equals(bytes, other) &&
                portable == Names.EqualsIgnoreCase(bytes, other) &&
                (!portable || Names.Hash(bytes, change) == Names.Hash(other, change));
        });

    [Fact]
    public void Stripping_takes_the_hop_by_hop_options_and_leaves_the_others_in_order() =>
        Gen.Select(Generators.Name, Generators.Options).Sample((name, options) =>
        {
            byte[] message = Generators.WithOptions(name, options, _ => true);
            byte[] expected = Generators.WithOptions(name, options, code => code is not (11 or 12));
            int length = HopByHop.Strip(message, message.Length);
            return message.AsSpan(0, length).SequenceEqual(expected) && HopByHop.Strip(message, length) == length;
        });

    [Fact]
    public void An_answer_matches_its_question_in_any_case() =>
        Gen.Select(Generators.Name, Gen.UShort, Gen.UInt).Sample((name, type, cases) =>
        {
            var query = new byte[QueryWriter.MaxSize];
            int length = QueryWriter.Write(query, 1, name, (RecordType)type);
            var response = new byte[QueryWriter.MaxSize];
            int responseLength = QueryWriter.Write(response, 1, Recased(name, cases), (RecordType)type);
            response[2] |= 0x80;
            return Answer.Match(response.AsSpan(0, responseLength), query.AsSpan(12..length)) == AnswerMatch.Matches;
        });

    private static byte[] Recased(byte[] bytes, uint cases)
    {
        byte[] other = [.. bytes];
        for (int index = 0; index < other.Length; index++)
        {
            bool flip = char.IsAsciiLetter((char)other[index]) && (cases >> (index % 32) & 1) != 0;
            other[index] ^= flip ? (byte)0x20 : (byte)0;
        }

        return other;
    }
}
