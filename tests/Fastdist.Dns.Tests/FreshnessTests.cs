using System;
using CsCheck;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class FreshnessTests
{
    private const string Owner = "C00C", A = "0001 0001", Address = "0004 C0000201";
    private const string Question = "0001 0001";

    // MNAME and RNAME are the root; serial, refresh, retry, expire, and a MINIMUM of 60.
    private const string Soa60 = "0016 00 00 00000001 00000E10 00000258 00015180 0000003C";

    [Theory]
    [InlineData("0000012C", "00000E10", 300)]
    [InlineData("00000E10", "0000012C", 300)]
    [InlineData("00000000", "0000012C", 0)]
    [InlineData("7FFFFFFF", "7FFFFFFF", int.MaxValue)]
    [InlineData("80000000", "0000012C", 0)]
    public void An_answer_is_good_for_its_smallest_TTL(string first, string second, long seconds) => Assert.Equal(
        seconds,
        Freshness.Of(Hex.Bytes("0000 8180 0001 0002 0000 0000", Corpus.ExampleCom, Question, Owner, A, first, Address, Owner, A, second, Address)));

    [Fact]
    public void Authority_and_additional_records_of_a_positive_answer_do_not_count() => Assert.Equal(
        300,
        Freshness.Of(Hex.Bytes(
            "0000 8180 0001 0001 0001 0001", Corpus.ExampleCom, Question, Owner, A, "0000012C", Address,
            Owner, "0006 0001 00000001", Soa60, Owner, A, "00000001", Address)));

    [Theory]
    [InlineData("8180", "00000E10", 60)]
    [InlineData("8180", "0000001E", 30)]
    [InlineData("8183", "00000E10", 60)]
    [InlineData("8183", "0000001E", 30)]
    public void A_denial_is_good_for_what_its_SOA_says(string flags, string ttl, long seconds) => Assert.Equal(
        seconds,
        Freshness.Of(Hex.Bytes("0000", flags, "0001 0000 0001 0000", Corpus.ExampleCom, Question, Owner, "0006 0001", ttl, Soa60)));

    [Theory]
    [InlineData("0000000A", 10)]
    [InlineData("00000E10", 60)]
    public void An_alias_to_nothing_is_good_for_the_lesser_of_both(string alias, long seconds) => Assert.Equal(
        seconds,
        Freshness.Of(Hex.Bytes(
            "0000 8183 0001 0001 0001 0000", Corpus.ExampleCom, Question, Owner, "0005 0001", alias, "0001 00",
            Owner, "0006 0001 00000E10", Soa60)));

    [Theory]
    [InlineData("8182")]
    [InlineData("8185")]
    [InlineData("8380")]
    public void A_failure_and_a_truncated_answer_must_not_be_kept(string flags) => Assert.Equal(
        Freshness.None,
        Freshness.Of(Hex.Bytes("0000", flags, "0001 0001 0000 0000", Corpus.ExampleCom, Question, Owner, A, "0000012C", Address)));

    [Fact]
    public void A_denial_without_SOA_must_not_be_kept() => Assert.Equal(
        Freshness.None,
        Freshness.Of(Hex.Bytes("0000 8183 0001 0000 0001 0000", Corpus.ExampleCom, Question, Owner, "0002 0001 00000E10 0001 00")));

    [Fact]
    public void A_message_cut_anywhere_must_not_be_kept()
    {
        byte[] message = Hex.Bytes("0000 8180 0001 0002 0000 0000", Corpus.ExampleCom, Question, Owner, A, "0000012C", Address, Owner, A, "00000E10", Address);
        for (int length = 0; length < message.Length; length++)
        {
            Assert.Equal(Freshness.None, Freshness.Of(message.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Any_bytes_give_a_number_of_seconds_or_none() =>
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.InRange(Freshness.Of(bytes), Freshness.None, int.MaxValue));
}
