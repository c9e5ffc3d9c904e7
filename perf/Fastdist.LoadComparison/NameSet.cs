using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Fastdist.LoadComparison;

/// <summary>The names that are asked: so many that no two in flight are the same, which a peer could answer with one query.</summary>
internal static class NameSet
{
    public const int Count = 20_000;
    public const string Zone = "bench.example";

    public static string First => Name(0);

    public static IEnumerable<string> All => Enumerable.Range(0, Count).Select(Name);

    public static string QueryFile() => string.Concat(All.Select(name => $"{name}. A\n"));

    public static string ZoneFile()
    {
        var zone = new StringBuilder();
        zone.Append(CultureInfo.InvariantCulture, $"{Zone}. 3600 IN SOA ns.{Zone}. hostmaster.{Zone}. 1 3600 600 86400 60\n");
        zone.Append(CultureInfo.InvariantCulture, $"{Zone}. 3600 IN NS ns.{Zone}.\nns.{Zone}. 3600 IN A 127.0.0.1\n");
        for (var i = 0; i < Count; i++)
        {
            zone.Append(CultureInfo.InvariantCulture, $"{Name(i)}. 3600 IN A 192.0.2.1\n");
        }
        return zone.ToString();
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"n{i:d5}.{Zone}");
}
