using System;
using System.Net;
using CsCheck;
using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Cache.Tests.Answers;

public class NetworkTests
{
    [Theory]
    [InlineData(NetworkKind.Untold, "", 0, "00")]
    [InlineData(NetworkKind.Any, "", 0, "01")]
    [InlineData(NetworkKind.Hidden, "", 0, "02")]
    [InlineData(NetworkKind.One, "C00002FF", 24, "03 04 18 C00002")]
    [InlineData(NetworkKind.One, "C00002FF", 25, "03 04 19 C0000280")]
    [InlineData(NetworkKind.One, "C00002FF", 32, "03 04 20 C00002FF")]
    [InlineData(NetworkKind.One, "C00002FF", 128, "03 04 20 C00002FF")]
    [InlineData(NetworkKind.One, "C00002FF", 0, "03 04 00")]
    [InlineData(NetworkKind.One, "20010DB8FFFFFFFFFFFFFFFFFFFFFFFF", 33, "03 10 21 20010DB880")]
    public void No_more_of_an_address_than_its_prefix_goes_into_a_key(NetworkKind kind, string address, int prefix, string expected)
    {
        byte[] key = new byte[20];
        key[0] = 0x77;
        int length = CacheKey.AddNetwork(key, 1, kind, Hex.Bytes(address), prefix);
        Assert.Equal("77" + expected.Replace(" ", "", StringComparison.Ordinal), Hex.Of(key.AsSpan(0, length)));
    }

    [Fact]
    public void Two_keys_are_equal_only_when_question_options_and_network_are() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 33], Gen.Int[0, 2]).Array[2].Sample(both =>
        {
            byte[] first = KeyOf(both[0]), second = KeyOf(both[1]);
            return first.AsSpan().SequenceEqual(second) == (Normal(both[0]) == Normal(both[1]));
        });

    [Theory]
    [InlineData("0008 0007 0001 18 00 C00002", "192.0.2.0", 24)]
    [InlineData("0008 0008 0001 1F 00 C00002FE", "192.0.2.254", 31)]
    [InlineData("0008 0004 0001 00 00", "0.0.0.0", 0)]
    [InlineData("0008 0004 0000 00 00", "0.0.0.0", 0)]
    [InlineData("0008 0009 0002 24 00 20010DB810", "2001:db8:1000::", 36)]
    [InlineData("0008 0014 0002 80 00 20010DB8000000000000000000000001", "2001:db8::1", 128)]
    public void The_network_that_a_query_tells_is_read(string option, string expected, int expectedPrefix)
    {
        Query.Parse(One.Query("FDE9 0000" + option), out Query query);
        byte[] address = [.. Hex.Bytes("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")];
        Assert.True(CacheKey.TryReadNetwork(in query, address, out int length, out int prefix));
        Assert.Equal((IPAddress.Parse(expected), expectedPrefix), (new IPAddress(address.AsSpan(0, length)), prefix));
    }

    [Theory]
    [InlineData("", "none")]
    [InlineData("0008 0007 0001 18 00 C00002 0008 0007 0001 18 00 C00003", "two")]
    [InlineData("0008 0003 0001 00", "less than prefixes")]
    [InlineData("0008 0007 0003 18 00 C00002", "a family of nobody")]
    [InlineData("0008 0005 0000 01 00 80", "a family of 0 that tells something")]
    [InlineData("0008 0008 0001 21 00 C0000201", "33 bits")]
    [InlineData("0008 0006 0001 18 00 C000", "less bytes than bits")]
    [InlineData("0008 0008 0001 18 00 C0000200", "more bytes than bits")]
    [InlineData("0008 0007 0001 17 00 C00003", "bits beyond the prefix")]
    [InlineData("0008 0007 0001 18 18 C00002", "a scope, which is an answer's")]
    public void What_is_broken_tells_no_network(string options, string what)
    {
        Query.Parse(One.Query(options), out Query query);
        Assert.False(CacheKey.TryReadNetwork(in query, stackalloc byte[16], out int length, out int prefix), what);
        Assert.Equal((0, 0), (length, prefix));
    }

    [Theory]
    [InlineData("", true, 0)]
    [InlineData("0008 0007 0001 18 00 C00002", true, 0)]
    [InlineData("0008 0007 0001 18 10 C00002", true, 16)]
    [InlineData("0008 0007 0001 18 20 C00002", true, 32)]
    [InlineData("0008 0007 0001 18 18 C00003", false, 0)]
    [InlineData("0008 0006 0001 10 10 C000", false, 0)]
    [InlineData("0008 0007 0002 18 18 C00002", false, 0)]
    [InlineData("0008 0007 0001 18 21 C00002", false, 0)]
    [InlineData("0008 0007 0001 18 18 C00002 0008 0007 0001 18 18 C00002", false, 0)]
    public void A_scope_counts_only_for_the_network_that_was_told(string options, bool isSound, int expected)
    {
        Assert.Equal(isSound, SubnetOption.TryReadScope(One.Answer(options: options), [192, 0, 2, 77], 24, out int scope));
        Assert.True(!isSound || scope == expected);
    }

    [Fact]
    public void The_answer_to_a_client_that_hides_is_for_all_that_do() =>
        Assert.True(SubnetOption.TryReadScope(One.Answer(options: "0008 0004 0002 00 18"), [192, 0, 2, 77], 0, out int scope) && scope == 0);

    private static (int Options, NetworkKind Kind, int Prefix, int Address) Normal((int Options, int Kind, int Prefix, int Address) of)
    {
        bool isOne = (NetworkKind)of.Kind == NetworkKind.One;
        int prefix = Math.Min(of.Prefix, 32);
        return (of.Options, (NetworkKind)of.Kind, isOne ? prefix : 0, isOne && prefix >= 31 ? of.Address & (prefix == 32 ? 3 : 2) : 0);
    }

    private static byte[] KeyOf((int Options, int Kind, int Prefix, int Address) of)
    {
        string[] options = ["", "0304 0001 61", "0304 0001 61 0304 0001 61"];
        byte[] key = [.. One.Key(One.Query(options[of.Options])), .. new byte[32]];
        int length = CacheKey.AddNetwork(key, key.Length - 32, (NetworkKind)of.Kind, [192, 0, 2, (byte)of.Address], of.Prefix);
        return key[..length];
    }
}
