using Fastdist.Dns;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation.Caching;

/// <summary>An answer that a backend gave, with what it saw of whom it gave it to.</summary>
/// <param name="Serial">Its number, which all its records bear.</param>
/// <param name="Backend">Who gave it.</param>
/// <param name="Query">The query as its client had sent it.</param>
internal sealed record GivenAnswer(uint Serial, SimBackend Backend, SimQuery Query)
{
    /// <summary>The topic and how it was asked for.</summary>
    public Wish Wish => Query.Wish!;

    /// <summary>The outcome.</summary>
    public Rcode Rcode { get; init; }

    /// <summary>RD, AD and CD of the query as the backend saw it.</summary>
    public ushort SeenFlags { get; init; }

    /// <summary>Whether it saw DO.</summary>
    public bool SeenDnssecOk { get; init; }

    /// <summary>The network that it was told; null for none.</summary>
    public ToldNetwork? Told { get; init; }

    /// <summary>SCOPE PREFIX-LENGTH that it answered, bits.</summary>
    public int Scope { get; init; }

    /// <summary>AA, AD and RA of the answer.</summary>
    public ushort Flags { get; init; }

    /// <summary>TTLs of its records, all equal to the smallest but for the first, seconds.</summary>
    public uint[] Ttls { get; init; } = [];

    /// <summary>When it was given.</summary>
    public long At { get; init; }

    /// <summary>When the process had read it at the latest; 0 while that is open.</summary>
    public long ReadBy { get; set; }

    /// <summary>Whether it says that there is no such name or no such data.</summary>
    public bool IsNegative => Rcode == Rcode.NXDomain || (Rcode == Rcode.NoError && Wish.Topic.Ttls.Length == 0);

    /// <summary>Whether it says that the backend could not answer.</summary>
    public bool IsFailure => Rcode is Rcode.ServFail or Rcode.Refused;
}
