using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache.Answers;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Cache.Tests.Answers;

public class ShuffleTests
{
    private const string Alias = "C00C 0005 0001 00000001 0002 C00C";
    private static readonly string[] s_addresses = [.. Enumerable.Range(1, 4).Select(static each => $"C00C 0001 0001 0000000{each} 0004 C000020{each}")];

    [Fact]
    public void Each_order_of_addresses_comes_and_each_address_keeps_its_TTL()
    {
        var seen = new Dictionary<string, int>();
        byte[] form = One.Kept(One.Answer(Alias + string.Concat(s_addresses)), out _);
        RestoreTraits traits = One.Fresh with { Shuffle = new Random(1) };
        for (int round = 0; round < 24 * 100; round++)
        {
            string records = Hex.Of(One.RestoredOf(form, One.Query(), traits).AsSpan(12 + 17));
            Assert.StartsWith(Hex.Of(Hex.Bytes(Alias)), records, StringComparison.Ordinal);
            seen[records] = seen.GetValueOrDefault(records) + 1;
            string[] found = [.. Enumerable.Range(0, 4).Select(each => records.Substring(28 + (32 * each), 32))];
            Assert.Equal(s_addresses.Select(static each => Hex.Of(Hex.Bytes(each))), found.Order(StringComparer.Ordinal));
        }

        Assert.Equal(24, seen.Count);
        Assert.All(seen.Values, static count => Assert.InRange(count, 50, 150));
    }

    [Fact]
    public void Aged_addresses_are_shuffled_too()
    {
        byte[] form = One.Kept(One.Answer(string.Concat(s_addresses)), out _);
        RestoreTraits traits = One.Fresh with { Shuffle = new Random(3), Age = 1 };
        byte[] restored = One.RestoredOf(form, One.Query(), traits);
        for (int each = 0; each < 4; each++)
        {
            ReadOnlySpan<byte> record = restored.AsSpan(12 + 17 + (16 * each), 16);
            Assert.Equal(record[9] + 1, record[15]);
        }
    }

    [Theory]
    [InlineData("C00C 001C 0001 00000001 0010 00000000000000000000000000000001 C00C 001C 0001 00000001 0010 00000000000000000000000000000002", 2)]
    [InlineData("C00C 0001 0001 00000001 0004 00000001 07 6578616D706C65 03 434F4D 00 0001 0001 00000001 0004 00000002", 2)]
    [InlineData("C00C 0001 0001 00000001 0004 00000001", 1)]
    [InlineData("C00C 0001 0001 00000001 0004 00000001 C014 0001 0001 00000001 0004 00000002", 1)]
    [InlineData("C00C 0001 0001 00000001 0004 00000001 C00C 001C 0001 00000001 0010 00000000000000000000000000000001", 1)]
    [InlineData("C00C 0001 0001 00000001 0004 00000001 C00C 0001 0003 00000001 0004 00000002", 1)]
    [InlineData("C00C 0001 0001 00000001 0004 00000001 C00C 0001 0001 00000001 0003 000002", 1)]
    [InlineData("C00C 0010 0001 00000001 0002 0161 C00C 0010 0001 00000001 0002 0162", 1)]
    public void A_set_has_one_owner_one_type_and_one_class(string records, int orders)
    {
        int count = records.StartsWith("C00C 0001 0001 00000001 0004 00000001", StringComparison.Ordinal) && records.Length < 40 ? 1 : 2;
        byte[] form = One.Kept(Hex.Bytes("1234 8180 0001", $"{count:X4}", "0000 0000", One.Question, records), out _);
        RestoreTraits traits = One.Fresh with { Shuffle = new Random(1) };
        Assert.Equal(orders, Enumerable.Range(0, 50).Select(_ => Hex.Of(One.RestoredOf(form, One.Query(), traits))).Distinct().Count());
    }

    [Theory]
    [InlineData("", "C00C 0001 0001 00000001 0004 00000001 C00C 0001 0001 00000001 0004 00000002", "")]
    [InlineData("", "", "C00C 0001 0001 00000001 0004 00000001 C00C 0001 0001 00000001 0004 00000002")]
    [InlineData("C00C 0001 0001 00000001 0004 00000001", "C00C 0001 0001 00000001 0004 00000002", "")]
    public void Other_sections_stay_as_they_are(string answers, string authorities, string additionals)
    {
        byte[] answer = One.Answer(answers, authorities, additionals);
        RestoreTraits traits = One.Fresh with { Shuffle = new Random(1) };
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(Hex.Of(answer[2..]), Hex.Of(One.Restored(answer, One.Query(), traits)[2..])));
    }
}
