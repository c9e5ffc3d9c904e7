using System;
using System.Text;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

[Trait("Row", "D8")]
public class ResolverArpaTests
{
    private const string Name = "04 5F646E73 08 5265536F4C766572 04 61727061 00";
    private const string Soa = "0006 0001 00002A30 0026 C011 066E6F626F6479 07696E76616C6964 00 00000001 00000E10 000004B0 00093A80 00002A30";

    [Theory]
    [InlineData("resolver.arpa", true)]
    [InlineData("RESOLVER.ARPA", true)]
    [InlineData("_dns.resolver.arpa", true)]
    [InlineData("a.b.c.d._dns.Resolver.Arpa", true)]
    [InlineData(@"\008resolver.arpa", false)]
    [InlineData(@"x\008resolver.arpa", false)]
    [InlineData(@"aaaaaaaa\008resolver\004arpa", false)]
    [InlineData("myresolver.arpa", false)]
    [InlineData("resolver.arpa.example", false)]
    [InlineData("service.arpa", false)]
    [InlineData("arpa", false)]
    [InlineData(".", false)]
    public void It_holds_its_own_name_and_what_is_below(string text, bool isHeld)
    {
        Span<byte> name = stackalloc byte[Names.MaxWireLength];
        Assert.True(Names.TryParse(text, name, out int length));
        Assert.Equal(isHeld, ResolverArpa.Holds(name[..length]));
    }

    [Fact]
    public void The_answer_is_authoritative_empty_and_has_the_SOA_to_keep_it_by() => Assert.Equal(
        Hex.Of(Hex.Bytes("1234 8580 0001 0000 0001 0000", Name, "0040 0001 C011", Soa)),
        Hex.Of(Written(Hex.Bytes("1234 0100 0001 0000 0000 0000", Name, "0040 0001"))));

    [Fact]
    public void Who_wants_no_recursion_is_offered_none() =>
        Assert.StartsWith("12348400", Hex.Of(Written(Hex.Bytes("1234 0000 0001 0000 0000 0000", Name, "0040 0001"))), StringComparison.Ordinal);

    [Fact]
    public void EDNS_is_answered_with_EDNS_behind_the_SOA() => Assert.Equal(
        Hex.Of(Hex.Bytes("1234 8580 0001 0000 0001 0001", Name, "0001 0001 C011", Soa, "00 0029 04D0 00008000 0000")),
        Hex.Of(Written(Hex.Bytes("1234 0100 0001 0000 0000 0001", Name, "0001 0001", "00 0029 1000 00008000 0000"))));

    [Fact]
    public void A_later_version_of_EDNS_is_not_known() => Assert.Equal(
        Hex.Of(Hex.Bytes("1234 8100 0001 0000 0000 0001", Name, "0001 0001", "00 0029 04D0 01000000 0000")),
        Hex.Of(Written(Hex.Bytes("1234 0100 0001 0000 0000 0001", Name, "0001 0001", "00 0029 1000 00010000 0000"))));

    [Fact]
    public void The_longest_name_fits_where_any_answer_of_ours_does()
    {
        Span<byte> name = stackalloc byte[Names.MaxWireLength];
        string labels = new StringBuilder().Insert(0, "a.", 120).ToString();
        Assert.True(Names.TryParse(labels + "resolver.arpa", name, out int length));
        Assert.Equal(Names.MaxWireLength, length);
        byte[] query = new byte[QueryWriter.MaxSize];
        int size = QueryWriter.WriteWithEdns(query, 1, name[..length], RecordType.A, 1232);

        Assert.InRange(Written(query[..size]).Length, 1, ErrorAnswer.MaxSize);
    }

    [Fact]
    public void An_HTTP_cache_may_keep_it_as_long_as_the_SOA_says() =>
        Assert.Equal(10_800, Freshness.Of(Written(Hex.Bytes("1234 0100 0001 0000 0000 0000", Name, "0040 0001"))));

    private static byte[] Written(byte[] message)
    {
        Assert.Equal(QueryVerdict.Forward, Query.Parse(message, out Query query));
        byte[] answer = new byte[ErrorAnswer.MaxSize];
        return answer[..ResolverArpa.WriteNoData(in query, answer)];
    }
}
