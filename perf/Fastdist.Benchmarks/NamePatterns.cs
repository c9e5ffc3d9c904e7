using System;
using System.Linq;
using BenchmarkDotNet.Attributes;
using Fastdist.Rules.Patterns;

namespace Fastdist.Benchmarks;

/// <summary>A name of 30 bytes held against ten patterns as operators write them, none of which it matches; and against one that has too many states for a table.</summary>
public class NamePatterns
{
    private static readonly byte[] s_name = [.. "qhzkfjwmbtrx.cdn7.example.test"u8];

    private static readonly string[] s_expressions =
    [
        "^[a-z]{10,}\\.example\\.com$",
        "(ads?|track(er|ing)?)\\.",
        "(^|\\.)doubleclick\\.net$",
        "^(www|mail|ftp)[0-9]*\\.",
        "[0-9]{1,3}-[0-9]{1,3}-[0-9]{1,3}-[0-9]{1,3}\\.",
        "\\.(top|xyz|icu|click)$",
        "^[a-f0-9]{32,}\\.",
        "(xn--[a-z0-9-]+\\.)+",
        "wpad|isatap|_ldap\\._tcp",
        "([^.]+\\.){8,}",
    ];

    private PatternMatcher[] _patterns = [];
    private PatternMatcher _simulated = null!;
    private bool _matches;

    [GlobalSetup]
    public void Setup()
    {
        _patterns = [.. s_expressions.Select(Matcher)];
        _simulated = Matcher("a.{40}$");
    }

    [Benchmark]
    public void Ten()
    {
        foreach (PatternMatcher pattern in _patterns)
        {
            _matches |= pattern.Matches(s_name);
        }
    }

    [Benchmark]
    public void Simulated() => _matches |= _simulated.Matches(s_name);

    private static PatternMatcher Matcher(string expression) => Pattern.TryParse(expression, PatternSyntax.PosixExtended, out Pattern? pattern, out string error)
        ? pattern.CreateMatcher()
        : throw new InvalidOperationException(error);
}
