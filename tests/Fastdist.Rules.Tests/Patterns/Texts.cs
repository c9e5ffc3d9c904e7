using System.Text;
using Fastdist.Rules.Patterns;
using Xunit;

namespace Fastdist.Rules.Tests.Patterns;

/// <summary>Short ways to say what a pattern does.</summary>
internal static class Texts
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static Pattern Parse(string expression, PatternSyntax syntax)
    {
        Assert.True(Pattern.TryParse(expression, syntax, out Pattern? pattern, out string error), $"{expression}: {error}");
        return pattern;
    }

    /// <summary>Whether it matches: as a table and as a simulation, which must agree.</summary>
    public static bool Matches(string expression, PatternSyntax syntax, string text)
    {
        Pattern pattern = Parse(expression, syntax);
        bool matches = pattern.CreateMatcher().Matches(Bytes(text));
        Assert.Equal(matches, new Simulation(Pattern.Compile(expression, syntax)).Matches(Bytes(text)));
        return matches;
    }

    public static string Refusal(string expression, PatternSyntax syntax)
    {
        Assert.False(Pattern.TryParse(expression, syntax, out Pattern? pattern, out string error), $"{expression} is taken");
        Assert.Null(pattern);
        return error;
    }
}
