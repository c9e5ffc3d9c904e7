using System;
using System.Linq;
using Fastdist.Control.Secrets.Interop;
using Xunit;

namespace Fastdist.Control.Tests.Secrets;

/// <summary>The vectors of NaCl's own tests (tests/secretbox.c of nacl-20110221).</summary>
public class SodiumTests
{
    private static readonly byte[] Key = Convert.FromHexString("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    private static readonly byte[] Nonce = Convert.FromHexString("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");

    private static readonly byte[] Message = Convert.FromHexString(
        "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705");

    private static readonly byte[] Box = Convert.FromHexString(
        "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5");

    [Fact]
    public void The_message_of_nacls_vector_is_sealed_to_its_box()
    {
        byte[] result = new byte[Message.Length + Sodium.TagSize];
        Sodium.Seal(Message, Nonce, Key, result);
        Assert.Equal(Box, result);
    }

    [Fact]
    public void The_box_of_nacls_vector_is_opened_to_its_message()
    {
        byte[] result = new byte[Message.Length];
        Assert.True(Sodium.TryOpen(Box, Nonce, Key, result));
        Assert.Equal(Message, result);
    }

    [Fact]
    public void A_box_with_any_bit_changed_is_not_opened()
    {
        byte[] result = new byte[Message.Length];
        for (int bit = 0; bit < Box.Length * 8; bit++)
        {
            byte[] changed = [.. Box];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Sodium.TryOpen(changed, Nonce, Key, result));
        }
    }

    [Fact]
    public void What_is_shorter_than_a_tag_is_not_opened()
    {
        for (int length = 0; length < Sodium.TagSize; length++)
        {
            Assert.False(Sodium.TryOpen(Box.AsSpan(0, length), Nonce, Key, []));
        }
    }

    [Fact]
    public void Random_bytes_differ_from_one_call_to_the_next()
    {
        byte[][] all = [.. Enumerable.Range(0, 100).Select(_ =>
        {
            byte[] bytes = new byte[Sodium.NonceSize];
            Sodium.Random(bytes);
            return bytes;
        })];
        Assert.Equal(100, all.Select(Convert.ToHexString).Distinct().Count());
    }
}
