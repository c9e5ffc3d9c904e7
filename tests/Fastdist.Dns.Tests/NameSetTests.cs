using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Xunit;

namespace Fastdist.Dns.Tests;

public class NameSetTests
{
    // Few names, so that they come again, and parts of one another.
    private static readonly Gen<DomainName> s_name = Gen.OneOf(Gen.Const("a"), Gen.Const("B"), Gen.Const("cc")).Array[0, 4].Select(labels => Name(string.Join('.', labels)));

    private static readonly Gen<(bool IsAdd, DomainName Name)[]> s_changes = Gen.Select(Gen.Bool, s_name).Array[0, 60];

    [Fact]
    public void A_name_is_found_as_it_is_in_any_case()
    {
        var set = new NameSet();
        Assert.True(set.Add(Name("www.Example.com")));
        Assert.False(set.Add(Name("WWW.example.com")));
        Assert.True(set.Contains(Name("www.EXAMPLE.com").Wire));
        Assert.False(set.Contains(Name("example.com").Wire));
        Assert.False(set.Contains(Name("a.www.example.com").Wire));
        Assert.Equal(1, set.Count);
        Assert.True(set.Remove(Name("www.example.COM")));
        Assert.False(set.Remove(Name("www.example.com")));
        Assert.Equal(0, set.Count);
    }

    [Fact]
    public void A_set_that_was_cleared_holds_nothing_and_its_snapshot_all()
    {
        var set = new NameSet();
        set.Add(Name("a"));
        NameSet snapshot = set.Snapshot();
        set.Clear();
        Assert.False(set.Contains(Name("a").Wire));
        Assert.Equal([Name("a")], snapshot.All);
    }

    [Fact]
    public void A_suffix_stands_for_all_below_it()
    {
        var set = new SuffixSet();
        set.Add(Name("example.com"));
        Assert.True(set.Matches(Name("EXAMPLE.com").Wire));
        Assert.True(set.Matches(Name("www.example.com").Wire));
        Assert.False(set.Matches(Name("xexample.com").Wire));
        Assert.False(set.Matches(Name("com").Wire));
        Assert.False(set.Matches(DomainName.Root.Wire));
    }

    [Fact]
    public void The_root_stands_for_everything()
    {
        var set = new SuffixSet();
        set.Add(DomainName.Root);
        Assert.True(set.Matches(Name("a.b.c").Wire));
        Assert.True(set.Matches(DomainName.Root.Wire));
        Assert.True(set.Remove(DomainName.Root));
        Assert.False(set.Matches(Name("a.b.c").Wire));
    }

    [Fact]
    public void The_longest_suffix_is_the_best_one()
    {
        var set = new SuffixSet();
        set.Add(Name("com"));
        set.Add(Name("b.example.com"));
        Assert.True(set.TryFindBest(Name("a.b.example.com"), out DomainName? best));
        Assert.Equal(Name("b.example.com"), best);
        Assert.True(set.TryFindBest(Name("example.com"), out best));
        Assert.Equal(Name("com"), best);
        Assert.False(set.TryFindBest(Name("org"), out _));
    }

    [Fact]
    public void Suffixes_below_one_that_is_taken_out_stay()
    {
        var set = new SuffixSet();
        set.Add(Name("example.com"));
        set.Add(Name("www.example.com"));
        set.Remove(Name("example.com"));
        Assert.False(set.Matches(Name("example.com").Wire));
        Assert.True(set.Matches(Name("www.example.com").Wire));
    }

    [Fact]
    public void A_name_of_the_most_labels_is_a_suffix_like_others()
    {
        var set = new SuffixSet();
        DomainName longest = Name(string.Join('.', Enumerable.Repeat("a", Names.MaxLabels)));
        set.Add(longest);
        Assert.True(set.Matches(longest.Wire));
        Assert.False(set.Matches(longest.Parent.Wire));
    }

    [Fact]
    public void A_set_of_names_does_what_a_list_would() => s_changes.Sample(changes =>
    {
        var set = new NameSet();
        var model = new HashSet<DomainName>();
        foreach ((bool isAdd, DomainName name) in changes)
        {
            Assert.Equal(isAdd ? model.Add(name) : model.Remove(name), isAdd ? set.Add(name) : set.Remove(name));
            Assert.Equal(model.Contains(name), set.Contains(name.Wire));
        }

        Assert.Equal(model.Order(), set.All.Order());
    });

    [Fact]
    public void A_set_of_suffixes_does_what_a_list_would() => Gen.Select(s_changes, s_name.Array[10]).Sample((changes, asked) =>
    {
        var set = new SuffixSet();
        var model = new HashSet<DomainName>();
        foreach ((bool isAdd, DomainName name) in changes)
        {
            Assert.Equal(isAdd ? model.Add(name) : model.Remove(name), isAdd ? set.Add(name) : set.Remove(name));
        }

        foreach (DomainName name in asked)
        {
            DomainName? best = model.Where(name.IsPartOf).MaxBy(suffix => suffix.LabelCount);
            Assert.Equal(best is not null, set.Matches(name.Wire));
            Assert.Equal(best is not null, set.TryFindBest(name, out DomainName? found));
            Assert.Equal(best, found);
        }

        Assert.Equal(model.Count, set.Count);
    });

    [Fact]
    public void A_snapshot_stays_what_it_was() => Gen.Select(s_changes, s_changes).Sample((before, after) =>
    {
        var set = new SuffixSet();
        Apply(set, before);
        SuffixSet snapshot = set.Snapshot();
        DomainName[] then = [.. set.All.Order()];
        Apply(set, after);
        Assert.Equal(then, snapshot.All.Order());
        Assert.All(then, name => Assert.True(snapshot.Matches(name.Wire)));
        Apply(snapshot, after);
        Assert.Equal(set.All.Order(), snapshot.All.Order());
    });

    [Fact]
    public void Names_that_come_and_go_leave_no_memory_behind()
    {
        var set = new SuffixSet();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20_000; i++)
        {
            DomainName name = Name($"n{i}.example");
            set.Add(name);
            set.Remove(name);
        }

        // What the names themselves took, and no table that grew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000 * 400);
        Assert.Empty(set.All);
    }

    private static void Apply(SuffixSet set, (bool IsAdd, DomainName Name)[] changes)
    {
        foreach ((bool isAdd, DomainName name) in changes)
        {
            _ = isAdd ? set.Add(name) : set.Remove(name);
        }
    }

    private static DomainName Name(string text) =>
        text.Length == 0 ? DomainName.Root : DomainName.TryParse(Encoding.Latin1.GetBytes(text), out DomainName? name) ? name : throw new FormatException(text);
}
