using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Cache.Answers;
using Xunit;

namespace Fastdist.Cache.Tests.Answers;

public class ScopeListTests
{
    private const uint Now = 100;
    private readonly byte[] _list = new byte[ScopeList.MaxSize];
    private int _length;

    [Fact]
    public void Lengths_are_read_the_longest_first_and_each_family_has_its_own()
    {
        Assert.Empty(Read(4));
        Assert.True(Add(4, 16, 1) && Add(4, 24, 2) && Add(16, 56, 3) && Add(4, 20, 4) && Add(4, 24, 5));
        Assert.Equal([24, 20, 16], Read(4));
        Assert.Equal([56], Read(16));
    }

    [Fact]
    public void A_family_has_four_lengths_at_most()
    {
        foreach (int prefix in (int[])[8, 32, 16, 24])
        {
            Assert.True(Add(4, prefix, (ulong)prefix));
        }

        Assert.False(Add(4, 12, 12));
        Assert.True(Add(4, 8, 88) && Add(16, 12, 12));
        Assert.Equal([32, 24, 16, 8], Read(4));
    }

    [Fact]
    public void A_length_whose_networks_have_ended_makes_room()
    {
        foreach (int prefix in (int[])[8, 32, 16, 24])
        {
            Assert.True(Add(4, prefix, (ulong)prefix, ends: prefix == 16 ? Now + 10 : Now + 20));
        }

        Assert.False(Add(4, 12, 12, now: Now + 9));
        Assert.True(Add(4, 12, 12, Now + 30, now: Now + 10));
        Assert.Equal([32, 24, 12, 8], Read(4));
    }

    [Fact]
    public void Networks_are_bounded_and_those_whose_time_is_over_make_room()
    {
        for (int each = 0; each < ScopeList.MaxNetworks; each++)
        {
            Assert.True(Add(4, 24, (ulong)each, each == 7 ? Now + 10 : Now + 20));
        }

        Assert.Equal(ScopeList.MaxSize, _length);
        Assert.False(Add(4, 24, 1000));
        Assert.True(Add(4, 24, 8, Now + 30));
        Assert.True(Add(4, 24, 1000, Now + 20, now: Now + 10));
        Assert.False(Add(4, 24, 1001, Now + 20, now: Now + 10));
        Assert.Equal(ScopeList.MaxSize, _length);
        Assert.Equal(Now + 30, ScopeList.EndOf(_list.AsSpan(0, _length)));
    }

    [Fact]
    public void A_list_is_as_long_as_it_needs_to_be()
    {
        Assert.True(Add(4, 24, 1) && Add(4, 24, 1) && Add(4, 24, 2));
        Assert.Equal(8 + 16, _length);
    }

    [Fact]
    public void What_is_no_list_has_no_lengths_and_is_begun_anew()
    {
        Array.Fill(_list, (byte)0xFF);
        _length = 7;
        Assert.Empty(Read(4));
        _length = 12;
        Assert.Empty(Read(4));
        Assert.True(Add(4, 24, 1));
        Assert.Equal((16, 1), (_length, Read(4).Length));
    }

    [Fact]
    public void Whatever_is_added_what_is_in_the_list_is_what_a_plain_list_has() =>
        Gen.Select(Gen.Int[1, 6], Gen.Bool, Gen.UInt[0, 40], Gen.UInt[0, 5], Gen.ULong[0, 400]).Array[0, 700].Sample(steps =>
        {
            byte[] list = new byte[ScopeList.MaxSize];
            int length = 0;
            uint now = 1;
            var networks = new Dictionary<(int Family, int Prefix, ulong Network), uint>();
            foreach ((int prefix, bool isV6, uint life, uint passed, ulong number) in steps)
            {
                now += passed / 5;
                int family = isV6 ? 16 : 4;
                var network = (family, prefix, number);
                var alive = networks.Where(each => each.Value > now).ToDictionary();
                bool hasLength = alive.Keys.Where(each => each.Family == family).Select(static each => each.Prefix).Append(prefix).Distinct().Count() <= ScopeList.MaxLengths;
                bool isNew = !alive.ContainsKey(network);
                bool expected = hasLength && (!isNew || alive.Count < ScopeList.MaxNetworks);
                if (ScopeList.TryAdd(list, ref length, family, prefix, Hash(network), now + life, now) != expected)
                {
                    return false;
                }

                networks = alive;
                networks[network] = expected ? now + life : networks.GetValueOrDefault(network);
                byte[] lengths = new byte[ScopeList.MaxLengths];
                int count = ScopeList.Read(list.AsSpan(0, length), family, lengths);
                if (alive.Any(each => each.Key.Family == family && each.Value > now && !lengths[..count].Contains((byte)each.Key.Prefix)))
                {
                    return false;
                }
            }

            return true;
        }, iter: 300);

    // Each network has a hash of its own, so that the plain list's keys are as good.
    private static ulong Hash((int Family, int Prefix, ulong Number) network) => ((network.Number * 16) + ((ulong)network.Prefix * 2) + (network.Family == 4 ? 0u : 1u)) << 35;

    private bool Add(int addressLength, int prefix, ulong number, uint ends = Now + 20, uint now = Now) =>
        ScopeList.TryAdd(_list, ref _length, addressLength, prefix, number << 35, ends, now);

    private byte[] Read(int addressLength)
    {
        byte[] lengths = new byte[ScopeList.MaxLengths];
        return lengths[..ScopeList.Read(_list.AsSpan(0, _length), addressLength, lengths)];
    }
}
