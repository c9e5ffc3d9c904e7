using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class QueryWriterTests
{
    private static readonly byte[] s_name = Hex.Name("example.com");

    [Theory]
    [InlineData(true, "0100")]
    [InlineData(false, "0000")]
    public void A_query_is_a_header_and_a_question(bool recursionDesired, string flags)
    {
        var query = new byte[QueryWriter.MaxSize];
        int length = QueryWriter.Write(query, 0xCAFE, s_name, RecordType.AAAA, recursionDesired);
        byte[] expected = Hex.Bytes("CAFE", flags, "0001 0000 0000 0000", Corpus.ExampleCom, "001C 0001");
        Assert.Equal(Hex.Of(expected), Hex.Of(query[..length]));
    }

    [Theory]
    [InlineData(1, false, "0100", "0001")]
    [InlineData(3, true, "0110", "0003")]
    public void A_query_may_be_of_any_class_and_ask_not_to_validate(int recordClass, bool checkingDisabled, string flags, string written)
    {
        var query = new byte[QueryWriter.MaxSize];
        int length = QueryWriter.Write(query, 0xCAFE, s_name, RecordType.TXT, (ushort)recordClass, checkingDisabled);
        byte[] expected = Hex.Bytes("CAFE", flags, "0001 0000 0000 0000", Corpus.ExampleCom, "0010", written);
        Assert.Equal(Hex.Of(expected), Hex.Of(query[..length]));
    }

    [Theory]
    [InlineData(false, "0000")]
    [InlineData(true, "8000")]
    public void An_OPT_follows_when_wanted(bool dnssecOk, string flags)
    {
        var query = new byte[QueryWriter.MaxSize];
        int length = QueryWriter.WriteWithEdns(query, 1, s_name, RecordType.A, 1232, dnssecOk);
        byte[] expected = Hex.Bytes("0001 0100 0001 0000 0000 0001", Corpus.ExampleCom, "0001 0001 00 0029 04D0 0000", flags, "0000");
        Assert.Equal(Hex.Of(expected), Hex.Of(query[..length]));
    }

    [Fact]
    public void A_destination_that_is_too_small_gets_nothing()
    {
        Assert.Equal(0, QueryWriter.Write(new byte[28], 1, s_name, RecordType.A));
        Assert.Equal(29, QueryWriter.Write(new byte[29], 1, s_name, RecordType.A));
        Assert.Equal(0, QueryWriter.WriteWithEdns(new byte[39], 1, s_name, RecordType.A, 1232));
        Assert.Equal(40, QueryWriter.WriteWithEdns(new byte[40], 1, s_name, RecordType.A, 1232));
    }

    [Fact]
    public void The_largest_query_fits_the_stated_size() =>
        Assert.Equal(
            QueryWriter.MaxSize,
            QueryWriter.WriteWithEdns(new byte[QueryWriter.MaxSize], 1, Hex.Bytes(Corpus.LongestName), RecordType.A, 1232));
}
