using System;
using System.Linq;
using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Cache.Tests.Answers;

public class CacheKeyTests
{
    private const string Name = Corpus.ExampleCom;
    private const string Cookie = "000A 0008 0102030405060708 ";

    [Theory]
    [InlineData(null, "0100", "0000", "01 0001 0001 00" + Name)]
    [InlineData(null, "0000", "0000", "00 0001 0001 00" + Name)]
    [InlineData(null, "0130", "0000", "07 0001 0001 00" + Name)]
    [InlineData("", "0100", "0000", "11 0001 0001 00" + Name)]
    [InlineData("", "0100", "8000", "19 0001 0001 00" + Name)]
    [InlineData("", "0100", "C000", "39 0001 0001 00" + Name)]
    [InlineData("FDE9 0002 6162 " + Cookie + "000D 0000", "0100", "0000", "11 0001 0001 0A" + Name + "FDE9 0002 6162 000D 0000")]
    [InlineData("0003 0000 000B 0000 " + One.Subnet + "000C 0004 00000000", "0100", "0000", "11 0001 0001 00" + Name)]
    public void A_key_is_the_question_and_what_answers_may_depend_on(string? options, string flags, string optFlags, string key) =>
        Assert.Equal(Hex.Of(Hex.Bytes(key)), Hex.Of(One.Key(One.Query(options, flags, optFlags: optFlags))));

    [Fact]
    public void Letter_case_ID_and_payload_size_are_in_no_key()
    {
        byte[] query = One.Query(""), other = One.Query("", question: "07 4558614D504C65 03 434F4D 00 0001 0001");
        (other[0], other[1]) = (9, 9);
        other[^8] = 0x10;
        Assert.Equal(One.Key(query), One.Key(other));
    }

    [Fact]
    public void Bytes_of_a_label_that_are_no_letters_stay_what_they_are()
    {
        byte[] key = One.Key(One.Query(question: "08 405A5B60617AC1DA 00 0001 0001"));
        Assert.Equal("08407A5B60617AC1DA00", Hex.Of(CacheKey.NameOf(key)));
    }

    [Fact]
    public void Cookies_are_in_it_when_the_operator_wishes_and_other_options_are_out()
    {
        byte[] query = One.Query(Cookie + "FDE9 0001 61");
        Assert.NotEqual(One.Key(query), One.Key(query, new KeyRules(HasCookies: true, [])));
        Assert.Equal(One.Key(One.Query("")), One.Key(query, new KeyRules(HasCookies: false, [10, 0xFDE9])));
        Assert.Equal(One.Key(One.Query(Cookie), new KeyRules(true, [])), One.Key(query, new KeyRules(HasCookies: true, [0xFDE9])));
    }

    [Theory]
    [InlineData("1234 0100 0001 0000 0000 0000", "00FC 0001", "AXFR")]
    [InlineData("1234 0100 0001 0000 0000 0000", "00FB 0001", "IXFR")]
    [InlineData("1234 0100 0001 0000 0000 0000", "00F9 0001", "TKEY")]
    [InlineData("1234 0100 0001 0000 0000 0000", "0029 0001", "OPT")]
    [InlineData("1234 0100 0001 0000 0000 0000", "0080 0001", "NXNAME")]
    [InlineData("1234 2000 0001 0000 0000 0000", "0006 0001", "NOTIFY")]
    [InlineData("1234 2800 0001 0000 0000 0000", "0006 0001", "UPDATE")]
    [InlineData("1234 0300 0001 0000 0000 0000", "0001 0001", "TC")]
    [InlineData("1234 0500 0001 0000 0000 0000", "0001 0001", "AA")]
    [InlineData("1234 0140 0001 0000 0000 0000", "0001 0001", "a bit that means nothing")]
    [InlineData("1234 0103 0001 0000 0000 0000", "0001 0001", "an RCODE")]
    [InlineData("1234 8180 0001 0000 0000 0000", "0001 0001", "an answer")]
    [InlineData("1234 0100 0001 0000 0000 0001", "0001 0001" + Corpus.Tsig, "TSIG")]
    [InlineData("1234 0100 0001 0000 0000 0001", "0001 0001" + Corpus.Sig0, "SIG(0)")]
    [InlineData("1234 0100 0001 0000 0000 0002", "0001 0001" + Corpus.EmptyOpt + Corpus.Tsig, "TSIG behind an OPT")]
    [InlineData("1234 0100 0001 0001 0000 0000", "0001 0001" + Corpus.AddressRecord, "an answer record")]
    [InlineData("1234 0100 0001 0000 0000 0000", "0001 0001 00", "bytes behind")]
    [InlineData("1234 0100 0001 0000 0000 0001", "0001 0001" + Corpus.EmptyOpt + "00", "bytes behind the OPT")]
    [InlineData("1234 0100 0001 0000 0000 0001", "0001 0001 00 0029 04D0 00010000 0000", "version 1")]
    [InlineData("1234 0100 0001 0000 0000 0001", "0001 0001 00 0029 04D0 01000000 0000", "an extended RCODE")]
    [InlineData("1234 0100 0001 0000 0000 0001", "0001 0001 00 0029 04D0 00000001 0000", "a flag that means nothing")]
    [InlineData("1234 0100 0001 0000 0000 0001", "0001 0001 00 0029 04D0 00000000 0004 FDE90001", "a broken option")]
    public void Of_some_no_cache_knows(string header, string rest, string what) => Assert.True(One.Key(Hex.Bytes(header, Name, rest)).Length == 0, what);

    [Fact]
    public void Any_type_may_be_asked_for_as_any_other() => Assert.NotEmpty(One.Key(One.Query(question: Name + "00FF 0001")));

    [Theory]
    [InlineData(228, true)]
    [InlineData(229, false)]
    public void Options_are_bounded(int size, bool isKnown) =>
        Assert.Equal(isKnown, One.Key(One.Query($"FDE9 {size:X4} {string.Concat(Enumerable.Repeat("00", size))}")).Length > 0);

    [Fact]
    public void The_longest_key_has_room()
    {
        byte[] query = One.Query($"FDE9 00E4 {string.Concat(Enumerable.Repeat("00", 228))}", question: Corpus.LongestName + "0001 0001");
        byte[] key = new byte[CacheKey.MaxSize];
        Query.Parse(query, out Query read);
        int length = CacheKey.Write(in read, One.Rules, key);
        Assert.Equal(6 + 255 + 232, length);
        Assert.Equal(CacheKey.MaxSize, CacheKey.AddNetwork(key, length, NetworkKind.One, new byte[16], 128));
        Assert.Equal(0, CacheKey.Write(in read, One.Rules, key.AsSpan(1)));
    }

    [Fact]
    public void What_is_in_a_key_is_read_from_it_again()
    {
        byte[] key = new byte[CacheKey.MaxSize];
        Query.Parse(One.Query("000D 0000", question: Name + "001C 0003"), out Query query);
        int length = CacheKey.AddNetwork(key, CacheKey.Write(in query, One.Rules, key), NetworkKind.One, [192, 0, 2, 77], 28);
        key = key[..length];
        Assert.Equal(KeyTraits.RecursionDesired | KeyTraits.HasOpt, CacheKey.TraitsOf(key));
        Assert.Equal((RecordType.AAAA, (ushort)3), (CacheKey.TypeOf(key), CacheKey.ClassOf(key)));
        Assert.Equal(Hex.Bytes(Name), CacheKey.NameOf(key).ToArray());
        Assert.Equal(NetworkKind.One, CacheKey.NetworkOf(key, out ReadOnlySpan<byte> address, out int addressLength, out int prefix));
        Assert.Equal((4, 28), (addressLength, prefix));
        Assert.Equal([192, 0, 2, 64], address.ToArray());
        Assert.Equal(NetworkKind.Untold, CacheKey.NetworkOf(One.Key(One.Query("000D 0000")), out _, out addressLength, out prefix));
        Assert.Equal((0, 0), (addressLength, prefix));
    }
}
