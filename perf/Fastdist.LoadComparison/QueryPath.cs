namespace Fastdist.LoadComparison;

/// <summary>How queries come in; they leave over DNS-over-TLS always.</summary>
internal sealed record QueryPath(string Name, string Title)
{
    public static readonly QueryPath Udp = new("udp", "UDP in, DoT out");
    public static readonly QueryPath Tcp = new("tcp", "TCP in, DoT out");

    public static QueryPath Parse(string name) => name switch
    {
        "udp" => Udp,
        "tcp" => Tcp,
        _ => throw new ComparisonException($"--paths {name}: must be udp or tcp"),
    };
}

internal enum LoadMode
{
    /// <summary>As many queries as the outstanding limit lets through.</summary>
    Saturation,

    /// <summary>A steady rate that no proxy here finds hard.</summary>
    Fixed,
}
