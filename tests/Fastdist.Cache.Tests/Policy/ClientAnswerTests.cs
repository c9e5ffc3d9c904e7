using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache.Tests.Answers;
using Fastdist.Fuzz;
using Xunit;
using static Fastdist.Cache.Tests.Policy.CacheUnderTest;

namespace Fastdist.Cache.Tests.Policy;

/// <summary>What is kept once, as each client gets it, and who shares an entry with whom.</summary>
public sealed class ClientAnswerTests
{
    private const string Cookie = "000A 0008 0102030405060708 ";
    private const string OtherCookie = "000A 0008 1112131415161718 ";
    private const string Local = "FDE9 0002 0102 ";
    private const string OtherLocal = "FDE9 0003 010203 ";

    [Fact]
    public void ID_letters_and_flags_are_the_client_s_and_the_OPT_is_rebuilt_for_it()
    {
        using var cache = new CacheUnderTest();
        byte[] filling = One.Query(Cookie, optFlags: "8000");
        Assert.True(cache.Keep(filling, One.Answer(Address(300), options: Cookie + "000F 0002 0016", optFlags: "8000")));

        cache.Now += 100;
        byte[] question = Hex.Bytes("07 4578414D704C65 03 434F4D 00 0001 0001");
        byte[] query = Hex.Bytes("4321 0100 0001 0000 0000 0001", Hex.Of(question), "00 0029 1000 00008000 000C", OtherCookie);
        byte[] expected = Hex.Bytes("4321 8180 0001 0001 0000 0001", Hex.Of(question), Address(200), "00 0029 04D0 00008000 0006 000F 0002 0016");
        Assert.Equal(expected, cache.Find(query).Answer);
    }

    [Fact]
    public void A_client_whose_OPT_is_ours_gets_none_and_shares_no_entry_with_who_sent_one()
    {
        using var cache = new CacheUnderTest();
        byte[] withOpt = One.Query("");
        Assert.True(cache.Keep(withOpt, One.Answer(Address(300), options: ""), isOptOurs: true));

        Assert.Equal(Look.Missing, cache.Find(withOpt).Look);
        Assert.Equal(Look.Found, cache.Find(withOpt, isOptOurs: true).Look);
    }

    [Theory]
    [InlineData("0100", null, "0000")]
    [InlineData("0000", null, "0000")]
    [InlineData("0110", null, "0000")]
    [InlineData("0120", null, "0000")]
    [InlineData("0100", "", "0000")]
    [InlineData("0100", "", "8000")]
    [InlineData("0100", Local, "0000")]
    public void RD_CD_AD_OPT_DO_and_options_tell_entries_apart(string flags, string? options, string optFlags)
    {
        (string Flags, string? Options, string OptFlags)[] all =
        [
            ("0100", null, "0000"), ("0000", null, "0000"), ("0110", null, "0000"), ("0120", null, "0000"), ("0100", "", "0000"), ("0100", "", "8000"), ("0100", Local, "0000"),
        ];
        using var cache = new CacheUnderTest();
        Assert.True(cache.Keep(One.Query(options, flags, optFlags: optFlags), Positive(300)));

        Assert.Equal((flags, options, optFlags), Assert.Single(all, each => cache.Find(One.Query(each.Options, each.Flags, optFlags: each.OptFlags)).Look == Look.Found));
    }

    [Fact]
    public void Cookies_tell_entries_apart_only_where_an_operator_wishes()
    {
        using var without = new CacheUnderTest();
        without.Keep(One.Query(Cookie), Positive(300));
        Assert.Equal(Look.Found, without.Find(One.Query(OtherCookie)).Look);
        Assert.Equal(Look.Found, without.Find(One.Query("")).Look);

        using var with = new CacheUnderTest(Many with { CookieHashing = true });
        with.Keep(One.Query(Cookie), Positive(300));
        Assert.Equal(Look.Missing, with.Find(One.Query(OtherCookie)).Look);
        Assert.Equal(Look.Found, with.Find(One.Query(Cookie)).Look);
    }

    [Fact]
    public void Options_that_an_operator_names_tell_no_entries_apart()
    {
        using var cache = new CacheUnderTest(Many with { SkipOptions = [0xFDE9] });
        cache.Keep(One.Query(Local), Positive(300));

        Assert.Equal(Look.Found, cache.Find(One.Query(OtherLocal)).Look);
        Assert.Equal(Look.Found, cache.Find(One.Query("")).Look);
    }

    [Fact]
    public void An_answer_above_the_largest_size_is_not_kept()
    {
        byte[] answer = Positive(300);
        using var cache = new CacheUnderTest(Many with { MaxEntrySize = answer.Length });
        using var smaller = new CacheUnderTest(Many with { MaxEntrySize = answer.Length - 1 });

        Assert.True(cache.Keep(One.Query(), answer));
        Assert.Equal(ToClient(answer), cache.Find(One.Query()).Answer);
        Assert.False(smaller.Keep(One.Query(), answer));
        Assert.Equal(0, smaller.Cache.Figures.Entries);
    }

    [Fact]
    public void The_longest_message_of_all_is_kept_whole()
    {
        // Records of nothing but zeros: 65 of 1,000 bytes, and one that fills the message.
        static string Record(int size) => $"C00C 0010 0001 0000012C {size - 12:X4} " + new string('0', (size - 12) * 2) + " ";
        string records = string.Concat(Enumerable.Repeat(Record(1000), 65));
        byte[] answer = One.Answer(records + Record(ushort.MaxValue - 29 - 65_000));
        Assert.Equal(ushort.MaxValue, answer.Length);
        using var cache = new CacheUnderTest(Many with { MaxEntrySize = ushort.MaxValue });

        Assert.True(cache.Keep(One.Query(), answer));
        Assert.Equal(ToClient(answer), cache.Find(One.Query()).Answer);
    }

    [Fact]
    public void Addresses_come_in_every_order_where_an_operator_wishes()
    {
        using var cache = new CacheUnderTest(Many with { Shuffle = true });
        byte[] answer = One.Answer(Address(300, "C0000201") + Address(200, "C0000202"));
        byte[] other = One.Answer(Address(200, "C0000202") + Address(300, "C0000201"));
        cache.Keep(One.Query(), answer);

        HashSet<string> seen = [.. Enumerable.Range(0, 64).Select(_ => Hex.Of(cache.Find(One.Query()).Answer))];
        Assert.Equal([Hex.Of(ToClient(other)), Hex.Of(ToClient(answer))], seen.Order());
    }

    [Theory]
    [InlineData("06 6578616D706C 03 636F6D 00 0001 0001")]
    [InlineData(Corpus.ExampleCom + "001C 0001")]
    [InlineData(Corpus.ExampleCom + "0001 0003")]
    public void An_answer_to_another_question_is_not_kept(string question)
    {
        using var cache = new CacheUnderTest();

        Assert.False(cache.Keep(One.Query(), One.Answer(question: question + " ")));
        Assert.Equal(0, cache.Cache.Figures.Entries);
    }

    [Fact]
    public void Of_what_no_cache_may_know_nothing_is_looked_for_nor_kept()
    {
        using var cache = new CacheUnderTest();
        byte[] transfer = One.Query(question: Corpus.ExampleCom + "00FC 0001");

        Assert.Equal(Look.None, cache.Find(transfer).Look);
        Assert.False(cache.Keep(transfer, One.Answer(question: Corpus.ExampleCom + "00FC 0001 ")));
    }
}
