using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;
using Fastdist.Cache.Tests.Answers;
using Fastdist.Dns;
using Fastdist.Fuzz;
using Xunit;
using static Fastdist.Cache.Tests.Policy.CacheUnderTest;

namespace Fastdist.Cache.Tests.Policy;

/// <summary>What operators ask of a cache: removing, finding, dumping.</summary>
public sealed class OperatorTests
{
    private const string Www = "03 777777 07 6578616D706C65 03 636F6D 00 ";
    private const string Lookalike = "0A 6E6F746578616D706C65 03 636F6D 00 ";

    [Fact]
    public void Entries_about_a_name_are_removed_with_or_without_those_below_it_and_of_one_type_or_all()
    {
        using CacheUnderTest cache = Filled();

        Assert.Equal(1, cache.Cache.ExpungeByName(Name("EXAMPLE.com"), RecordType.A, isSuffix: false));
        Assert.Equal(["AAAA", "MX", "www A", "not A"], Left(cache));
        Assert.Equal(2, cache.Cache.ExpungeByName(Name("example.com"), null, isSuffix: false));
        Assert.Equal(["www A", "not A"], Left(cache));
        Assert.Equal(0, cache.Cache.ExpungeByName(Name("com"), RecordType.AAAA, isSuffix: true));
        Assert.Equal(1, cache.Cache.ExpungeByName(Name("example.com"), RecordType.A, isSuffix: true));
        Assert.Equal(["not A"], Left(cache));
        Assert.Equal(1, cache.Cache.ExpungeByName(DomainName.Root, null, isSuffix: true));
        Assert.Empty(Left(cache));
    }

    [Fact]
    public void Removing_a_name_removes_its_answers_for_networks_and_their_list()
    {
        using var cache = new CacheUnderTest();
        Told told = Told.Of("192.0.2.0/24");
        cache.Keep(One.Query(), Positive(300), told, scope: 24);
        cache.Keep(One.Query(), Positive(300), Told.Of("198.51.100.0/24"), scope: 24);

        Assert.Equal(3, cache.Cache.ExpungeByName(Name("example.com"), null, isSuffix: false));
        Assert.Equal(Look.Missing, cache.Find(One.Query(), told).Look);
        Assert.Equal(0, cache.Cache.Figures.Entries);
    }

    [Fact]
    public void All_entries_or_all_but_some_are_removed()
    {
        using CacheUnderTest cache = Filled();

        Assert.Equal(2, cache.Cache.Expunge(3));
        Assert.Equal(0, cache.Cache.Expunge(3));
        Assert.Equal(3, cache.Cache.Figures.Entries);
        Assert.Equal(3, cache.Cache.Expunge(0));
        Assert.Equal(0, cache.Cache.Figures.Entries);
        Assert.Equal(0, cache.Cache.Figures.CleanupCount);
    }

    [Fact]
    public void Cleaning_removes_what_has_ended_until_so_many_are_left()
    {
        using CacheUnderTest cache = Filled();

        Assert.Equal(0, cache.Cache.PurgeExpired(0, Start + 299));
        Assert.Equal(2, cache.Cache.PurgeExpired(3, Start + 300));
        Assert.Equal(3, cache.Cache.PurgeExpired(0, Start + 300));
        Assert.Equal(3, cache.Cache.Figures.CleanupCount);
    }

    [Fact]
    public void Names_are_found_by_an_address_and_addresses_by_a_name()
    {
        using CacheUnderTest cache = Filled();
        cache.Keep(One.Query(), Positive(300), Told.Of("192.0.2.0/24"), scope: 24);

        Assert.Equal(["example.com.", "www.example.com."], cache.Cache.FindNames(IPAddress.Parse("192.0.2.1")));
        Assert.Equal(["example.com."], cache.Cache.FindNames(IPAddress.Parse("2001:db8::1")));
        Assert.Empty(cache.Cache.FindNames(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.Equal(["192.0.2.1", "192.0.2.9", "2001:db8::1"], cache.Cache.FindAddresses(Name("Example.Com")).Select(static each => each.ToString()));
        Assert.Empty(cache.Cache.FindAddresses(Name("com")));
    }

    [Fact]
    public void A_dump_has_a_line_for_each_answer_as_dnsdist_writes_it()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(One.Query("", flags: "0110", optFlags: "8000"), One.Answer(Address(300)), Told.Of("192.0.2.0/24"), scope: 20);
        cache.Now += 100;

        (long written, string line) = Dump(cache, isRaw: false);
        Assert.Equal(1, written);
        Assert.Matches(@"^example\.com\. 200 IN A ; ecs 192\.0\.0\.0/20, rcode 0, key \d+, length 45, received over UDP 0, added \d+, dnssecOK 1, raw query flags 4097\n$", line);
        long added = long.Parse(Regex.Match(line, @"added (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - added, 100, 160);
    }

    [Fact]
    public void A_raw_dump_has_the_answers_too_and_negative_ones_and_what_has_ended_are_in_it()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(One.Query(), NameError(300));
        cache.Now += 310;

        byte[] kept = NameError(300);
        (kept[0], kept[1]) = (0, 0);
        (long written, string line) = Dump(cache, isRaw: true);
        Assert.Equal(1, written);
        Assert.StartsWith("example.com. -10 IN A ; ecs empty, rcode 3, key ", line, StringComparison.Ordinal);
        Assert.EndsWith($", dnssecOK 0, raw query flags 1 ; {Convert.ToBase64String(kept)}\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_by_who_is_a_second_behind_has_no_age_below_zero()
    {
        using var cache = new CacheUnderTest();
        cache.Keep(One.Query(), Positive(300));
        cache.Now--;

        long added = long.Parse(Regex.Match(Dump(cache, isRaw: false).Text, @"added (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - added, 0, 60);
    }

    [Fact]
    public void A_cache_whose_memory_was_freed_is_an_empty_one_to_who_still_asks()
    {
        CacheUnderTest cache = Filled();
        cache.Dispose();
        cache.Dispose();

        Assert.Equal(0, cache.Cache.Expunge(0));
        Assert.Equal(0, cache.Cache.PurgeExpired(0, uint.MaxValue));
        Assert.Equal(0, cache.Cache.ExpungeByName(DomainName.Root, null, isSuffix: true));
        Assert.Empty(cache.Cache.FindNames(IPAddress.Parse("192.0.2.1")));
        Assert.Empty(cache.Cache.FindAddresses(Name("example.com")));
        Assert.Equal((0, ""), Dump(cache, isRaw: true));
        Assert.Equal(0, cache.Cache.Figures.Hits);
    }

    private static CacheUnderTest Filled()
    {
        const string V6 = "C00C 001C 0001 0000012C 0010 20010DB8000000000000000000000001 ";
        var cache = new CacheUnderTest();
        Keep(cache, Corpus.ExampleCom + "0001 0001 ", Address(300) + Address(300, "C0000209"));
        Keep(cache, Corpus.ExampleCom + "001C 0001 ", V6);
        Keep(cache, Corpus.ExampleCom + "000F 0001 ", "C00C 000F 0001 0000012C 0004 000A C00C ");
        Keep(cache, Www + "0001 0001 ", Address(300));
        Keep(cache, Lookalike + "0001 0001 ", Address(300, "C0000263"));
        return cache;
    }

    private static void Keep(CacheUnderTest cache, string question, string answers) =>
        Assert.True(cache.Keep(One.Query(question: question), One.Answer(answers, question: question)));

    private static string[] Left(CacheUnderTest cache)
    {
        (string Name, string Question)[] all =
        [
            ("A", Corpus.ExampleCom + "0001 0001"), ("AAAA", Corpus.ExampleCom + "001C 0001"), ("MX", Corpus.ExampleCom + "000F 0001"), ("www A", Www + "0001 0001"),
            ("not A", Lookalike + "0001 0001"),
        ];
        return [.. all.Where(each => cache.Find(One.Query(question: each.Question)).Look == Look.Found).Select(static each => each.Name)];
    }

    private static DomainName Name(string text)
    {
        Assert.True(DomainName.TryRead(Hex.Name(text), out DomainName? name));
        return name;
    }

    private static (long Written, string Text) Dump(CacheUnderTest cache, bool isRaw)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        return (cache.Cache.Dump(writer, isRaw, cache.Now), writer.ToString());
    }
}
