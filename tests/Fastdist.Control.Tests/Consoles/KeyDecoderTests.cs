using System.Linq;
using System.Text;
using CsCheck;
using Fastdist.Control.Consoles.Editing;
using Xunit;

namespace Fastdist.Control.Tests.Consoles;

public class KeyDecoderTests
{
    [Theory]
    [InlineData("\u0001", nameof(KeyKind.Home))]
    [InlineData("\u0004", nameof(KeyKind.DeleteOrEnd))]
    [InlineData("\t", nameof(KeyKind.Complete))]
    [InlineData("\r", nameof(KeyKind.Accept))]
    [InlineData("\u007f", nameof(KeyKind.DeleteBefore))]
    [InlineData("\e[A", nameof(KeyKind.Earlier))]
    [InlineData("\eOB", nameof(KeyKind.Later))]
    [InlineData("\e[C", nameof(KeyKind.Right))]
    [InlineData("\e[D", nameof(KeyKind.Left))]
    [InlineData("\e[1;5C", nameof(KeyKind.WordRight))]
    [InlineData("\e[1;3D", nameof(KeyKind.WordLeft))]
    [InlineData("\e[H", nameof(KeyKind.Home))]
    [InlineData("\e[4~", nameof(KeyKind.End))]
    [InlineData("\e[3~", nameof(KeyKind.DeleteUnder))]
    [InlineData("\eb", nameof(KeyKind.WordLeft))]
    [InlineData("\ed", nameof(KeyKind.KillWordAfter))]
    [InlineData("\e\u007f", nameof(KeyKind.KillWordBefore))]
    public void A_sequence_is_one_key(string bytes, string kind) => Assert.Equal(kind, string.Join(' ', Kinds(bytes)));

    [Fact]
    public void Characters_of_several_bytes_are_one_key_each()
    {
        Key[] keys = Decode(Encoding.UTF8.GetBytes("aé€😀"));
        Assert.Equal("aé€😀", string.Concat(keys.Select(k => k.Character)));
    }

    [Theory]
    [InlineData("\e[200~x")]
    [InlineData("\e[15~x")]
    [InlineData("\u0000x")]
    [InlineData("\e[<0;1;1Mx")]
    [InlineData("\e[[Ax")]
    public void A_key_without_a_meaning_does_not_eat_the_next(string bytes) =>
        Assert.Equal([nameof(KeyKind.Character)], Kinds(bytes));

    [Theory]
    [InlineData("\e\e[A", nameof(KeyKind.Earlier))]
    [InlineData("\e\u0003", nameof(KeyKind.Cancel))]
    [InlineData("\e\r", nameof(KeyKind.Accept))]
    [InlineData("\e[\u0003", nameof(KeyKind.Cancel))]
    [InlineData("\e[1;\e\b", nameof(KeyKind.KillWordBefore))]
    [InlineData("\e[\b", nameof(KeyKind.DeleteBefore))]
    [InlineData("\e[\u007f", nameof(KeyKind.DeleteBefore))]
    [InlineData("\e\u007f", nameof(KeyKind.KillWordBefore))]
    [InlineData("\eé", nameof(KeyKind.Character))]
    public void A_sequence_that_was_broken_off_does_not_eat_the_next_key(string bytes, string kind) =>
        Assert.Equal([kind], Kinds(bytes));

    [Theory]
    [InlineData(new byte[] { 0xC3, (byte)'x' })]
    [InlineData(new byte[] { 0xE2, 0x82, (byte)'x' })]
    [InlineData(new byte[] { 0x82, (byte)'x' })]
    public void A_character_that_was_broken_off_does_not_eat_the_next(byte[] bytes) =>
        Assert.Equal([new Key(KeyKind.Character, new Rune('x'))], Decode(bytes));

    [Fact]
    public void After_any_bytes_a_few_letters_are_letters_again() => Gen.Byte.Array[0, 40].Sample(noise =>
    {
        var decoder = new KeyDecoder();
        foreach (byte value in noise.Concat(Enumerable.Repeat((byte)'x', 17)))
        {
            decoder.Next(value);
        }

        return decoder.Next((byte)'y') == new Key(KeyKind.Character, new Rune('y'));
    });

    private static string[] Kinds(string text) => [.. Decode(Encoding.UTF8.GetBytes(text)).Select(k => $"{k.Kind}")];

    private static Key[] Decode(byte[] bytes)
    {
        var decoder = new KeyDecoder();
        return [.. bytes.Select(decoder.Next).Where(k => k.Kind != KeyKind.None)];
    }
}
