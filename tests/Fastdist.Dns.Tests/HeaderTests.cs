using System;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class HeaderTests
{
    private static readonly byte[] s_header = Hex.Bytes("BEEF AB93 0102 0304 0506 0708");

    [Fact]
    public void Each_field_is_where_RFC_1035_puts_it()
    {
        Assert.Equal(0xBEEF, Header.Id(s_header));
        Assert.Equal(0xAB93, Header.Flags(s_header));
        Assert.True(Header.IsResponse(s_header));
        Assert.Equal(Opcode.Update, Header.Opcode(s_header));
        Assert.True(Header.IsTruncated(s_header));
        Assert.True(Header.RecursionDesired(s_header));
        Assert.False(Header.IsAuthoritative(s_header));
        Assert.True(Header.RecursionAvailable(s_header));
        Assert.False(Header.AuthenticData(s_header));
        Assert.True(Header.CheckingDisabled(s_header));
        Assert.Equal(Rcode.NXDomain, Header.Rcode(s_header));
        Assert.Equal(0x0102, Header.QuestionCount(s_header));
        Assert.Equal(0x0304, Header.AnswerCount(s_header));
        Assert.Equal(0x0506, Header.AuthorityCount(s_header));
        Assert.Equal(0x0708, Header.AdditionalCount(s_header));
    }

    [Fact]
    public void Each_bit_is_read_alone()
    {
        // Every flag the other way round than above.
        byte[] header = Hex.Bytes("0000 546C 0000 0000 0000 0000");
        Assert.False(Header.IsResponse(header));
        Assert.Equal((Opcode)10, Header.Opcode(header));
        Assert.False(Header.IsTruncated(header));
        Assert.False(Header.RecursionDesired(header));
        Assert.True(Header.IsAuthoritative(header));
        Assert.False(Header.RecursionAvailable(header));
        Assert.True(Header.AuthenticData(header));
        Assert.False(Header.CheckingDisabled(header));
        Assert.Equal((Rcode)12, Header.Rcode(header));
    }

    [Fact]
    public void A_new_ID_changes_two_bytes()
    {
        byte[] header = [.. s_header];
        Header.SetId(header, 0x0102);
        Assert.Equal("0102AB930102030405060708", Hex.Of(header));
    }

    private delegate void Setter(Span<byte> message, bool value);

    [Fact]
    public void Each_bit_is_set_and_cleared_alone()
    {
        (Setter Set, ushort Bit)[] setters =
        [
            (Header.SetResponse, 0x8000), (Header.SetAuthoritative, 0x0400), (Header.SetTruncated, 0x0200), (Header.SetRecursionDesired, 0x0100),
            (Header.SetRecursionAvailable, 0x0080), (Header.SetAuthenticData, 0x0020), (Header.SetCheckingDisabled, 0x0010),
        ];
        foreach ((Setter set, ushort bit) in setters)
        {
            byte[] zeros = new byte[12];
            byte[] ones = Hex.Bytes("FFFFFFFFFFFFFFFFFFFFFFFF");
            set(zeros, true);
            set(ones, false);
            Assert.Equal($"0000{bit:X4}0000000000000000", Hex.Of(zeros));
            Assert.Equal($"FFFF{(ushort)~bit:X4}FFFFFFFFFFFFFFFF", Hex.Of(ones));
            set(zeros, false);
            set(ones, true);
            Assert.Equal(new byte[12], zeros);
            Assert.Equal(0xFFFF, Header.Flags(ones));
        }
    }

    [Fact]
    public void A_new_RCODE_changes_four_bits()
    {
        byte[] header = [.. s_header];
        Header.SetRcode(header, Rcode.BadVers | Rcode.Refused);
        Assert.Equal("BEEFAB950102030405060708", Hex.Of(header));
    }
}
