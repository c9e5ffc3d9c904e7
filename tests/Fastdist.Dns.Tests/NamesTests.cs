using System;
using System.Collections.Generic;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class NamesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(255)]
    public void Every_byte_of_a_name_counts_at_every_length(int length)
    {
        var one = new byte[length];
        var other = new byte[length];
        Array.Fill(one, (byte)'a');
        Array.Fill(other, (byte)'A');
        Assert.True(Names.EqualsIgnoreCase(one, other));
        Assert.Equal(Names.Hash(one, 7), Names.Hash(other, 7));
        for (int index = 0; index < length; index++)
        {
            other[index] = (byte)'b';
            Assert.False(Names.EqualsIgnoreCase(one, other));
            Assert.NotEqual(Names.Hash(one, 7), Names.Hash(other, 7));
            other[index] = (byte)'A';
        }
    }

    [Fact]
    public void Only_the_letters_of_ASCII_have_case()
    {
        for (int value = 0; value < 256; value++)
        {
            for (int other = 0; other < 256; other++)
            {
                bool expected = value == other ||
                    (char.IsAsciiLetter((char)value) && char.IsAsciiLetter((char)other) && (value | 0x20) == (other | 0x20));
                byte[] left = Filled(value), right = Filled(other);
                Assert.Equal(expected, Names.EqualsIgnoreCase(left.AsSpan(0, 1), right.AsSpan(0, 1)));
                Assert.Equal(expected, Names.EqualsIgnoreCase(left, right));
                Assert.Equal(expected, CaseFolding.EqualsPortable(left, right));
                Assert.Equal(expected, CaseFolding.EqualsPortable(left.AsSpan(0, 8), right.AsSpan(0, 8)));
            }
        }
    }

    [Fact]
    public void Names_of_different_lengths_differ()
    {
        Assert.False(Names.EqualsIgnoreCase(Hex.Name("example.com"), Hex.Name("example.co")));
        Assert.False(CaseFolding.EqualsPortable(Hex.Name("a"), Hex.Name(".")));
    }

    [Fact]
    public void Bytes_beside_a_name_do_not_count()
    {
        byte[] left = [1, .. Hex.Name("www.example.com"), 2];
        byte[] right = [3, .. Hex.Name("WWW.example.com"), 4];
        Assert.True(Names.EqualsIgnoreCase(left.AsSpan(1, 17), right.AsSpan(1, 17)));
    }

    [Fact]
    public void Similar_names_spread_over_all_bits_of_the_hash()
    {
        const int Count = 65536;
        var low = new int[256];
        var high = new int[256];
        var seen = new HashSet<uint>();
        for (int index = 0; index < Count; index++)
        {
            uint hash = Names.Hash(Hex.Name($"host{index}.example.com"), 1);
            low[hash & 255]++;
            high[hash >> 24]++;
            seen.Add(hash);
        }

        // 256 on average with a deviation of 16; birthdays among 2^32 leave about half a collision.
        Assert.All(low, count => Assert.InRange(count, 160, 352));
        Assert.All(high, count => Assert.InRange(count, 160, 352));
        Assert.InRange(seen.Count, Count - 10, Count);
    }

    [Fact]
    public void The_seed_changes_which_names_collide()
    {
        int bothCollide = 0, oneCollides = 0;
        for (int index = 0; index < 20000; index++)
        {
            byte[] a = Hex.Name($"a{index}.example.com"), b = Hex.Name($"b{index}.example.com");
            bool first = (Names.Hash(a, 1) & 15) == (Names.Hash(b, 1) & 15);
            bool second = (Names.Hash(a, 2) & 15) == (Names.Hash(b, 2) & 15);
            oneCollides += first ? 1 : 0;
            bothCollide += first && second ? 1 : 0;
        }

        Assert.InRange(oneCollides, 1000, 1500);
        Assert.InRange(bothCollide, 30, 140);
    }

    private static byte[] Filled(int value)
    {
        var bytes = new byte[19];
        Array.Fill(bytes, (byte)value);
        return bytes;
    }
}
