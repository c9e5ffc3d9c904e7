using System;
using System.Linq;
using System.Threading.Tasks;
using CsCheck;
using Fastdist.Rules.Patterns;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Rules.Tests.Patterns;

public class MatchingTests
{
    private const string ManyStates = "a.{40}$";

    private static readonly byte[] s_longName = Texts.Bytes(string.Concat(Enumerable.Repeat("ab1a-c.", 36)));

    [Theory]
    [InlineData("^[a-z]{10,}\\.example\\.com$")]
    [InlineData("(ads?|track(er|ing)?)\\.")]
    [InlineData("^[a-z0-9]{1,3}\\.[a-z0-9]{4,40}\\.(com|net|org)$")]
    [InlineData("[a-z]{5,20}[0-9]{5,20}[a-z]{5,20}\\.")]
    [InlineData("\\bxn--[a-z0-9-]+\\b")]
    [InlineData("^(a?){1000}$")]
    public void A_table_is_made_of_what_is_usual(string expression) => Assert.True(Texts.Parse(expression, PatternSyntax.PosixExtended).IsDeterministic);

    [Fact]
    public void A_table_is_made_of_a_list_of_words()
    {
        string[] words = [.. Enumerable.Range(0, 1000).Select(static i => $"w{i * 7919 % 1000}x")];
        Pattern pattern = Texts.Parse(string.Join('|', words), PatternSyntax.PosixExtended);
        Assert.True(pattern.IsDeterministic);
        PatternMatcher matcher = pattern.CreateMatcher();
        Assert.All(words, word => Assert.True(matcher.Matches(Texts.Bytes($"a.{word}.example"))));
        Assert.False(matcher.Matches("w1001x.example"u8));
    }

    /// <summary>What the forty-first byte from the end was is asked for at each byte: 2^41 states.</summary>
    [Fact]
    public void What_has_too_many_states_is_simulated()
    {
        Pattern pattern = Texts.Parse(ManyStates, PatternSyntax.PosixExtended);
        Assert.False(pattern.IsDeterministic);
        PatternMatcher matcher = pattern.CreateMatcher();
        for (int length = 0; length < 90; length++)
        {
            byte[] text = Texts.Bytes(new string('b', length));
            Assert.False(matcher.Matches(text));
            for (int i = 0; i < length; i++)
            {
                text[i] = (byte)'A';
                Assert.Equal(i == length - 41, matcher.Matches(text));
                text[i] = (byte)'b';
            }
        }
    }

    /// <summary>Over several words of positions, with rows, shifts from word to word, and boundaries.</summary>
    [Fact]
    public void A_simulation_matches_what_a_table_does()
    {
        Gen<string> atoms = RandomPatterns.Of("a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\W", "^", "$", "\\b", "\\B", "\\<", "\\>");
        Gen<string> repetitions = RandomPatterns.Of("", "", "*", "?", "+", "{2}", "{20,30}", "{3,}");
        Gen.Select(RandomPatterns.Expression(atoms, repetitions, depth: 2), RandomPatterns.Text.Array[10]).Sample(static sample =>
        {
            if (!Pattern.TryParse(sample.Item1, PatternSyntax.PosixExtended, out Pattern? pattern, out _))
            {
                return;
            }

            PatternMatcher matcher = pattern.CreateMatcher();
            var simulation = new Simulation(Pattern.Compile(sample.Item1, PatternSyntax.PosixExtended));
            foreach (string text in sample.Item2)
            {
                string several = text + text + text;
                Assert.True(matcher.Matches(Texts.Bytes(several)) == simulation.Matches(Texts.Bytes(several)), $"{sample.Item1} on {several}");
            }
        }, iter: 500);
    }

    [Theory]
    [InlineData("^[a-z]{10,}\\.example\\.com$")]
    [InlineData("\\b(ads?|track(er|ing)?)\\.")]
    [InlineData(ManyStates)]
    [InlineData("(a.{300}|b)$")]
    public void Matching_allocates_nothing(string expression)
    {
        PatternMatcher matcher = Texts.Parse(expression, PatternSyntax.PosixExtended).CreateMatcher();
        int matches = 0;
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                matches += matcher.Matches(s_longName) ? 1 : 0;
            }
        });
        Assert.True(matches >= 0);
    }

    [Theory]
    [InlineData("^([a-c]+\\.)*c$")]
    [InlineData(ManyStates)]
    public async Task Matchers_of_one_pattern_do_not_disturb_one_another(string expression)
    {
        Pattern pattern = Texts.Parse(expression, PatternSyntax.PosixExtended);
        byte[][] texts = [.. Enumerable.Range(0, 50).Select(static i => Texts.Bytes(new string('b', i) + "a.c" + new string('c', 49 - i)))];
        bool[] expected = Array.ConvertAll(texts, text => pattern.CreateMatcher().Matches(text));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            PatternMatcher matcher = pattern.CreateMatcher();
            for (int i = 0; i < 200; i++)
            {
                Assert.Equal(expected, Array.ConvertAll(texts, text => matcher.Matches(text)));
            }
        })));
    }

    [Fact]
    public void A_pattern_knows_what_it_was_made_of()
    {
        Pattern pattern = Texts.Parse("a+", PatternSyntax.Re2);
        Assert.Equal(("a+", PatternSyntax.Re2), (pattern.Text, pattern.Syntax));
    }
}
