using System;
using CsCheck;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class PropertyTests
{
    private static readonly Gen<byte[]> s_label = Gen.Byte.Array[1, 63];

    private static readonly Gen<byte[]> s_name = s_label.Array[0, 6].Select(Joined);

    private static readonly Gen<(int Code, byte[] Data)[]> s_options =
        Gen.Select(Gen.Int[8, 16], Gen.Byte.Array[0, 20]).Array[0, 6];

    [Fact]
    public void A_query_that_was_written_reads_as_what_was_meant() =>
        Gen.Select(s_name, Gen.UShort, Gen.UShort, Gen.UShort, Gen.Bool).Sample((name, id, type, size, dnssecOk) =>
        {
            Span<byte> message = stackalloc byte[QueryWriter.MaxSize];
            int length = QueryWriter.WriteWithEdns(message, id, name, (RecordType)type, size, dnssecOk);
            QueryVerdict verdict = Query.Parse(message[..length], out Query query);
            return verdict is QueryVerdict.Forward or QueryVerdict.ZoneTransfer &&
                query.Id == id && (ushort)query.Type == type && query.Class == 1 && query.Name.SequenceEqual(name) &&
                query.HasEdns && query.DnssecOk == dnssecOk && query.UdpPayloadSize == Math.Max(size, (ushort)512) &&
                !query.HasHopByHopOptions;
        });

    [Fact]
    public void A_name_survives_its_text() =>
        s_name.Sample(name =>
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
        Gen.Select(s_name, s_options).Sample((name, options) =>
        {
            byte[] message = WithOptions(name, options, _ => true);
            byte[] expected = WithOptions(name, options, code => code is not (11 or 12));
            int length = HopByHop.Strip(message, message.Length);
            return message.AsSpan(0, length).SequenceEqual(expected) && HopByHop.Strip(message, length) == length;
        });

    [Fact]
    public void An_answer_matches_its_question_in_any_case() =>
        Gen.Select(s_name, Gen.UShort, Gen.UInt).Sample((name, type, cases) =>
        {
            var query = new byte[QueryWriter.MaxSize];
            int length = QueryWriter.Write(query, 1, name, (RecordType)type);
            var response = new byte[QueryWriter.MaxSize];
            int responseLength = QueryWriter.Write(response, 1, Recased(name, cases), (RecordType)type);
            response[2] |= 0x80;
            return Answer.Match(response.AsSpan(0, responseLength), query.AsSpan(12..length)) == AnswerMatch.Matches;
        });

    /// <summary>Labels as a name, as many as fit 255 bytes.</summary>
    private static byte[] Joined(byte[][] labels)
    {
        byte[] name = [];
        foreach (byte[] label in labels)
        {
            if (name.Length + label.Length + 2 <= Names.MaxWireLength)
            {
                name = [.. name, (byte)label.Length, .. label];
            }
        }

        return [.. name, 0];
    }

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

    private static byte[] WithOptions(byte[] name, (int Code, byte[] Data)[] options, Predicate<int> wanted)
    {
        byte[] data = [];
        foreach ((int code, byte[] value) in options)
        {
            data = wanted(code) ? [.. data, 0, (byte)code, 0, (byte)value.Length, .. value] : data;
        }

        byte[] head = Hex.Bytes("1234 0100 0001 0000 0000 0001", Hex.Of(name), "0001 0001 00 0029 04D0 00000000");
        return [.. head, (byte)(data.Length >> 8), (byte)data.Length, .. data];
    }
}
