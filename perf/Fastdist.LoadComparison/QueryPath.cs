using System;
using System.Linq;

namespace Fastdist.LoadComparison;

/// <summary>How queries come in, and how they leave.</summary>
/// <param name="From">How clients ask.</param>
/// <param name="To">How the backend is asked.</param>
internal sealed record QueryPath(ClientTransport From, UpstreamTransport To)
{
    public static readonly QueryPath Udp = new(ClientTransport.Udp, UpstreamTransport.Dot);
    public static readonly QueryPath Dot = new(ClientTransport.Dot, UpstreamTransport.Dot);

    public static readonly QueryPath[] All =
        [.. from to in Enum.GetValues<UpstreamTransport>() from way in Enum.GetValues<ClientTransport>() select new QueryPath(way, to)];

    /// <summary>As --parts takes it: the clients' side, and the backend's unless it is DoT.</summary>
    public string Name => To == UpstreamTransport.Dot ? Mode : $"{Mode}-{Word(To)}";

    /// <summary>As the results name it.</summary>
    public string Title => $"{Spelled(From.ToString())} in, {Spelled(To.ToString())} out";

    /// <summary>The clients' side, in dnsperf's word.</summary>
    public string Mode => Word(From);

    /// <summary>The program of perf/floor that does this.</summary>
    public string FloorProgram => $"{Mode}2{Word(To)}";

    /// <summary>Whether clients come over TLS.</summary>
    public bool NeedsCertificate => From is ClientTransport.Dot or ClientTransport.Doh;

    /// <summary>Those of the paths that the names choose.</summary>
    public static QueryPath[] Choose(string[] names) => [.. All.Where(path => names.Contains(path.Name, StringComparer.Ordinal))];

    private static string Word(Enum transport) => transport.ToString().ToLowerInvariant();

    private static string Spelled(string transport) => transport.StartsWith("Do", StringComparison.Ordinal) ? $"Do{char.ToUpperInvariant(transport[2])}" : transport.ToUpperInvariant();
}

/// <summary>How clients ask.</summary>
internal enum ClientTransport
{
    Udp,
    Tcp,
    Dot,
    Doh,
}

/// <summary>How the backend is asked.</summary>
internal enum UpstreamTransport
{
    Dot,

    /// <summary>Plain DNS. A peer may ask over TCP what it was asked over a stream, and does so at the same port.</summary>
    Udp,
}

internal enum LoadMode
{
    /// <summary>As many queries as the outstanding limit lets through.</summary>
    Saturation,

    /// <summary>A steady rate that no proxy here finds hard.</summary>
    Fixed,
}
