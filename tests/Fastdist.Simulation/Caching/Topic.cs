using Fastdist.Dns;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation.Caching;

/// <summary>A name that many clients ask for, and what backends say about it.</summary>
/// <param name="Number">One of its kind.</param>
/// <param name="Kind">What the name does to backends.</param>
internal sealed record Topic(int Number, NameKind Kind)
{
    /// <summary>Its name in small letters, wire form.</summary>
    public byte[] Name { get; } = CasedNames.Of(Number, Kind);

    /// <summary>The outcome that it has.</summary>
    public Rcode Rcode { get; init; }

    /// <summary>TTL of each of its records, seconds; none where there is no data.</summary>
    public uint[] Ttls { get; init; } = [];

    /// <summary>TTL of the SOA record in a negative answer, seconds.</summary>
    public uint SoaTtl { get; init; }

    /// <summary>Answers that are SERVFAIL instead, of 1,000.</summary>
    public int Failures { get; init; }

    /// <summary>SCOPE PREFIX-LENGTH of its answers (RFC 7871), bits; -1 for another each time.</summary>
    public int Scope { get; init; }

    /// <summary>Whether it is answered with AA.</summary>
    public bool IsAuthoritative { get; init; }

    /// <summary>Whether AD is set for who asks for it.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Whether its answers have an extended error (RFC 8914) of their own.</summary>
    public bool IsExplained { get; init; }
}
