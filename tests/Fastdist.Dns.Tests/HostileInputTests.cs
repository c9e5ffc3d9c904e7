using System;
using System.Collections.Generic;
using CsCheck;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class HostileInputTests
{
    public static IEnumerable<TheoryDataRow<string>> Shapes()
    {
        foreach (string shape in Corpus.Messages.Keys)
        {
            yield return new TheoryDataRow<string>(shape);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_invariants_hold_for_a_message_cut_at_any_length(string shape)
    {
        byte[] message = Corpus.Messages[shape];
        for (int length = 0; length <= message.Length; length++)
        {
            Invariants.Check(message[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_invariants_hold_for_a_message_with_any_bit_flipped(string shape)
    {
        byte[] message = Corpus.Messages[shape];
        for (int bit = 0; bit < message.Length * 8; bit++)
        {
            byte[] flipped = [.. message];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Invariants.Check(flipped);
        }
    }

    [Fact]
    public void The_invariants_hold_for_random_bytes() =>
        Gen.Byte.Array[0, 600].Sample(Invariants.Check, iter: 20000);

    [Fact]
    public void The_invariants_hold_for_damaged_messages() =>
        Gen.Int.Sample(seed => Invariants.Check(Mutator.Mutate(new Random(seed), Corpus.All)), iter: 50000);

    [Fact]
    public void A_loop_of_pointers_ends_the_walk_and_nothing_else()
    {
        byte[] response = Corpus.Messages["answer with a loop of pointers"];
        Assert.Equal(response.Length, HopByHop.Strip([.. response], response.Length));
        Assert.Equal(29, Truncation.Write(response, new byte[512]));
        Assert.Equal(AnswerMatch.Matches, Answer.Match(response, Hex.Bytes(Corpus.ExampleCom, "0001 0001")));
    }
}
