using System;
using System.Collections.Frozen;
using System.Globalization;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>Types of records as scenarios write them: by name, or <c>TYPE65280</c>.</summary>
internal static class RecordTypes
{
    private static readonly (string Name, int Number)[] s_all =
    [
        ("A", 1), ("NS", 2), ("CNAME", 5), ("SOA", 6), ("PTR", 12), ("MX", 15), ("TXT", 16), ("AAAA", 28), ("SRV", 33), ("SVCB", 64), ("HTTPS", 65),
        ("IXFR", 251), ("AXFR", 252), ("ANY", 255),
    ];

    private static readonly FrozenDictionary<string, int> s_numbers = s_all.ToFrozenDictionary(static type => type.Name, static type => type.Number, StringComparer.Ordinal);

    private static readonly FrozenDictionary<int, string> s_names = s_all.ToFrozenDictionary(static type => type.Number, static type => type.Name);

    public static int NumberOf(string name) =>
        s_numbers.TryGetValue(name, out int number) ? number : int.Parse(name.Replace("TYPE", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    public static string NameOf(int number) => s_names.TryGetValue(number, out string? name) ? name : string.Create(CultureInfo.InvariantCulture, $"TYPE{number}");
}
