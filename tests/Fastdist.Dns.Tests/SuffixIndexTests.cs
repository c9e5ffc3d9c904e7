using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Fastdist.Fuzz;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Dns.Tests;

public class SuffixIndexTests
{
    // Few names, so that they come again, and parts of one another.
    private static readonly Gen<DomainName> s_name =
        Gen.OneOf(Gen.Const("a"), Gen.Const("A"), Gen.Const("b"), Gen.Const("cc")).Array[0, 5].Select(labels => Name(string.Join('.', labels)));

    private static readonly Gen<SuffixEntry[]> s_entries =
        Gen.Select(s_name, Gen.Int[0, 50], Gen.Bool, (name, rank, isExact) => new SuffixEntry(name, rank, isExact)).Array[0, 40];

    [Fact]
    public void Rules_about_a_name_and_all_above_it_are_found_in_their_order()
    {
        var index = new SuffixIndex(
            [new(Name("example.com"), 7), new(Name("com"), 3), new(Name("www.Example.com"), 5), new(Name("org"), 0), new(DomainName.Root, 9), new(Name("com"), 8)]);
        Assert.Equal([3, 5, 7, 8, 9], Ranks(index, Name("a.WWW.example.COM")));
        Assert.Equal([3, 7, 8, 9], Ranks(index, Name("ww.example.com")));
        Assert.Equal([3, 8, 9], Ranks(index, Name("com")));
        Assert.Equal([9], Ranks(index, Name("net")));
        Assert.Equal([9], Ranks(index, DomainName.Root));
    }

    [Fact]
    public void Rules_about_a_name_alone_are_not_about_those_below()
    {
        var index = new SuffixIndex([new(Name("example.com"), 7, true), new(Name("com"), 3, true), new(DomainName.Root, 1, true), new(Name("example.com"), 2)]);
        Assert.Equal([2, 7], Ranks(index, Name("EXAMPLE.com")));
        Assert.Equal([2], Ranks(index, Name("www.example.com")));
        Assert.Equal([3], Ranks(index, Name("com")));
        Assert.Equal([1], Ranks(index, DomainName.Root));
        Assert.Empty(Ranks(index, Name("a.com")));
    }

    [Fact]
    public void An_index_of_nothing_finds_nothing()
    {
        var index = new SuffixIndex([]);
        Assert.Empty(Ranks(index, Name("example.com")));
        Assert.Empty(Ranks(index, DomainName.Root));
        Assert.Equal(SuffixIndex.None, index.FirstAtLeast(default, 0));
    }

    [Fact]
    public void A_name_of_the_most_labels_is_like_others()
    {
        DomainName longest = Name(string.Join('.', Enumerable.Repeat("a", Names.MaxLabels)));
        var index = new SuffixIndex(Above(longest).Select((name, rank) => new SuffixEntry(name, rank)));
        Assert.Equal(Enumerable.Range(0, Names.MaxLabels + 1), Ranks(index, longest));

        static IEnumerable<DomainName> Above(DomainName name) => name.LabelCount == 0 ? [name] : [name, .. Above(name.Parent)];
    }

    [Fact]
    public void An_index_finds_what_a_list_would() => Gen.Select(s_entries, s_name.Array[10], Gen.Int[0, 51]).Sample((entries, asked, minimum) =>
    {
        var index = new SuffixIndex(entries);
        foreach (DomainName name in asked)
        {
            IEnumerable<SuffixEntry> meant = entries.Where(entry => entry.IsExact ? name.Equals(entry.Name) : name.IsPartOf(entry.Name));
            int[] expected = [.. meant.Select(entry => entry.Rank).Distinct().Order()];
            Assert.Equal(expected, Ranks(index, name));
            int first = expected.Where(rank => rank >= minimum).Append(SuffixIndex.None).First();
            Assert.Equal(first, index.FirstAtLeast(index.Find(name.Wire), minimum));
        }
    });

    [Fact]
    public void A_thousand_rules_are_told_apart_and_asking_allocates_nothing()
    {
        var index = new SuffixIndex(Enumerable.Range(0, 1000).Select(rank => new SuffixEntry(Name($"n{rank}.example"), rank)));
        for (int rank = 0; rank < 1000; rank++)
        {
            Assert.Equal([rank], Ranks(index, Name($"www.n{rank}.example")));
        }

        byte[] known = Hex.Name("www.N999.example"), unknown = Hex.Name("www.n1000.example");
        Allocations.AssertNone(() =>
        {
            Assert.True(index.FirstAtLeast(index.Find(known), 0) == 999);
            Assert.True(index.FirstAtLeast(index.Find(unknown), 0) == SuffixIndex.None);
        });
    }

    private static List<int> Ranks(SuffixIndex index, DomainName name)
    {
        var ranks = new List<int>();
        SuffixMatch match = index.Find(name.Wire);
        for (int rank = index.FirstAtLeast(match, 0); rank != SuffixIndex.None; rank = index.FirstAtLeast(match, rank + 1))
        {
            ranks.Add(rank);
        }

        return ranks;
    }

    private static DomainName Name(string text) =>
        text.Length == 0 ? DomainName.Root : DomainName.TryParse(Encoding.Latin1.GetBytes(text), out DomainName? name) ? name : throw new FormatException(text);
}
