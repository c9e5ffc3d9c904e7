using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Rules.Chains;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Rules.Tests.Chains;

public class TagStoreTests
{
    private static readonly Gen<(int List, int What, string Name, string Value)[]> s_steps =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 9], One.Of("a", "b", "c", "d"), One.Of("", "1", "2")).Array[0, 60];

    [Fact]
    public void Lists_of_tags_are_like_dictionaries_and_all_of_them_are_given_back() => s_steps.Sample(steps =>
    {
        var store = new TagStore();
        int[] lists = new int[4];
        Dictionary<string, string>[] expected = [[], [], [], []];
        foreach ((int list, int what, string name, string value) in steps)
        {
            switch (what)
            {
                case 0:
                    store.Release(lists[list]);
                    lists[list] = 0;
                    expected[list].Clear();
                    break;
                case < 4:
                    lists[list] = store.Unset(lists[list], name);
                    expected[list].Remove(name);
                    break;
                default:
                    lists[list] = store.Set(lists[list], name, value);
                    expected[list][name] = value;
                    break;
            }

            for (int each = 0; each < lists.Length; each++)
            {
                Assert.Equal(expected[each].OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)), store.Of(lists[each]).OrderBy(tag => tag.Name));
                Assert.Equal(expected[each].TryGetValue(name, out string? wanted), store.TryGet(lists[each], name, out string? found));
                Assert.Equal(wanted, found);
            }

            Assert.Equal(expected.Sum(tags => tags.Count), store.Count);
        }

        Array.ForEach(lists, store.Release);
        Assert.Equal(0, store.Count);
    });

    [Fact]
    public void A_list_without_tags_is_zero_again()
    {
        var store = new TagStore();
        int list = store.Set(store.Set(0, "a", "1"), "b", "2");
        Assert.Equal(0, store.Unset(store.Unset(list, "a"), "b"));
        Assert.Equal((0, 0), (store.Unset(0, "a"), store.Count));
    }

    [Fact]
    public void What_was_needed_at_once_is_all_that_is_allocated()
    {
        var store = new TagStore();
        int[] lists = new int[100];
        void Round()
        {
            for (int list = 0; list < lists.Length; list++)
            {
                lists[list] = store.Set(store.Set(0, "a", "1"), "b", "2");
            }

            foreach (int list in lists)
            {
                store.Release(list);
            }
        }

        Round();
        Allocations.AssertNone(Round);
        Assert.Equal(0, store.Count);
    }
}
