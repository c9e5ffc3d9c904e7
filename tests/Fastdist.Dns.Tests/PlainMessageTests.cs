using System;
using System.Linq;
using CsCheck;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class PlainMessageTests
{
    private const string Question = Corpus.ExampleCom + "0001 0001 ";

    [Fact]
    public void A_name_in_small_letters_is_equal_to_the_name_and_has_no_capitals() => Generators.Name.Sample(static name =>
    {
        byte[] lower = new byte[name.Length];
        Names.WriteLower(name, lower);
        return Names.EqualsIgnoreCase(name, lower) && lower.Zip(name).All(static pair => pair.First == (pair.Second is >= (byte)'A' and <= (byte)'Z' ? pair.Second + 32 : pair.Second));
    });

    [Fact]
    public void A_plain_query_tells_all_there_is()
    {
        Query.Parse(Hex.Bytes("1234 0100 0001 0000 0000 0001", Question, "00 0029 04D0 0000C000 0008 FDE9 0004 01020304"), out Query query);
        Assert.True(PlainQuery.TryRead(in query, out PlainQuery plain));
        Assert.True(plain.HasOpt && plain.DnssecOk && plain.CompactAnswersOk);
        Assert.Equal("FDE9000401020304", Hex.Of(plain.Options));
        Query.Parse(Hex.Bytes("1234 0100 0001 0000 0000 0000", Question), out query);
        Assert.True(PlainQuery.TryRead(in query, out plain) && !plain.HasOpt && plain.Options.IsEmpty);
        Query.Parse(Hex.Bytes("1234 0100 0001 0001 0000 0000", Question, Corpus.AddressRecord), out query);
        Assert.False(PlainQuery.TryRead(in query, out _));
        Assert.False(PlainQuery.TryRead(default, out _));
    }

    [Fact]
    public void A_bare_answer_is_the_answer_without_its_OPT()
    {
        byte[] answer = Corpus.Messages["answer with addresses after its OPT"];
        Assert.True(BareAnswer.TryRead(answer, out BareAnswer bare));
        byte[] copy = new byte[bare.Length];
        bare.CopyTo(copy);
        Assert.Equal(Hex.Of(new Reference(answer).WithoutOpt), Hex.Of(copy));
        Assert.False(BareAnswer.TryRead(Corpus.Messages["answer with a name server after its OPT"], out _));
        Assert.False(BareAnswer.TryRead([], out _));
    }

    [Fact]
    public void An_OPT_is_written_option_after_option_and_never_beyond_its_room()
    {
        byte[] message = Corpus.Messages["answer without EDNS"], buffer = [.. message, .. new byte[30]];
        Assert.False(OptWriter.TryBegin(buffer.AsSpan(0, message.Length + 10), message.Length, 1400, false, out _));
        Assert.True(OptWriter.TryBegin(buffer, message.Length, 1400, false, out OptWriter writer));
        Assert.True(writer.TryAdd((EdnsOption)0xFDE9, 2, out Span<byte> data));
        (data[0], data[1]) = (1, 2);
        Assert.True(writer.TryAddAll(Hex.Bytes("FDE9 0001 03")));
        Assert.False(writer.TryAddAll(new byte[9]) || writer.TryAdd(EdnsOption.Padding, 5, out _));
        Assert.True(writer.TryAdd(EdnsOption.Padding, 4, out data) && writer.Length == buffer.Length);
        Assert.Equal(Hex.Of(new Reference(message).WithOpt(1400, Hex.Bytes("FDE9 0002 0102 FDE9 0001 03 000C 0004 00000000"))), Hex.Of(buffer));
    }

    [Fact]
    public void A_network_that_was_written_is_read_again() => Gen.Select(Gen.Byte.Array[16], Gen.Bool, Gen.Int[0, 128], Gen.Byte).Sample(static (address, isV6, bits, scope) =>
    {
        int length = isV6 ? 16 : 4, prefix = Math.Min(bits, length * 8);
        byte[] data = new byte[ClientSubnet.MaxSize], read = new byte[16], again = new byte[ClientSubnet.MaxSize];
        int size = ClientSubnet.Write(data, address.AsSpan(0, length), prefix);
        ClientSubnet.SetScope(data, scope);
        bool isRead = ClientSubnet.TryRead(data.AsSpan(0, size), read, out int readLength, out int source, out int readScope);
        return isRead == (scope <= length * 8)
            && (!isRead || (readLength == length && source == prefix && readScope == scope && ClientSubnet.Write(again, read.AsSpan(0, length), source) == size))
            && !ClientSubnet.TryRead([.. data.AsSpan(0, size), 0], read, out _, out _, out _);
    });
}
