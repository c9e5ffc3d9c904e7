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
        Assert.Equal((Rcode)12, Header.Rcode(header));
    }

    [Fact]
    public void A_new_ID_changes_two_bytes()
    {
        byte[] header = [.. s_header];
        Header.SetId(header, 0x0102);
        Assert.Equal("0102AB930102030405060708", Hex.Of(header));
    }
}
