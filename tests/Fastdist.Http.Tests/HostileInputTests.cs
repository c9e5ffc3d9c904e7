using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class HostileInputTests
{
    public static IEnumerable<TheoryDataRow<string>> Names() => Conversations.Named.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_invariants_hold_for_a_conversation_cut_at_any_length(string name)
    {
        byte[] conversation = Conversations.Named[name];
        for (int length = 0; length <= conversation.Length; length++)
        {
            SessionInvariants.Check(conversation[..length], new Random(length));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_invariants_hold_for_a_conversation_with_any_bit_flipped(string name)
    {
        byte[] conversation = Conversations.Named[name];
        for (int bit = 0; bit < conversation.Length * 8; bit++)
        {
            byte[] flipped = [.. conversation];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            SessionInvariants.Check(flipped, new Random(bit));
        }
    }

    [Fact]
    public void The_invariants_hold_for_any_bytes_after_the_preface() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int).Sample((bytes, seed) =>
        {
            SessionInvariants.Check([.. Frames.Preface, .. bytes], new Random(seed));
            SessionInvariants.Check([.. Frames.Opening, .. bytes], new Random(seed));
            SessionInvariants.Check(bytes, new Random(seed));
        });

    [Fact]
    public void The_invariants_hold_for_mutated_conversations() =>
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                SessionInvariants.Check(ConversationMutator.Mutate(random, Conversations.All), random);
            },
            iter: 2000);
}
