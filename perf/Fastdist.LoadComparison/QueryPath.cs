using System;
using System.Linq;

namespace Fastdist.LoadComparison;

/// <summary>How queries come in; they leave over DNS-over-TLS always.</summary>
internal sealed record QueryPath(string Name, string Title)
{
    public static readonly QueryPath Udp = new("udp", "UDP in, DoT out");
    public static readonly QueryPath Tcp = new("tcp", "TCP in, DoT out");
    public static readonly QueryPath Dot = new("dot", "DoT in, DoT out");

    public static readonly QueryPath Doh = new("doh", "DoH in, DoT out");

    public static readonly QueryPath[] All = [Udp, Tcp, Dot, Doh];

    /// <summary>Those of the paths that the names choose.</summary>
    public static QueryPath[] Choose(string[] names) => [.. All.Where(path => names.Contains(path.Name, StringComparer.Ordinal))];
}

internal enum LoadMode
{
    /// <summary>As many queries as the outstanding limit lets through.</summary>
    Saturation,

    /// <summary>A steady rate that no proxy here finds hard.</summary>
    Fixed,
}
