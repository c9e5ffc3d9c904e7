using System;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;

namespace Fastdist.Proxy.Pools;

/// <summary>Backends of one shard that queries are shared out to by a policy. Changed between turns only.</summary>
/// <param name="kind">The policy it begins with.</param>
/// <param name="balancing">What that goes by besides weights.</param>
/// <param name="clock">The shard's.</param>
/// <param name="random">The shard's.</param>
internal sealed class Pool(PolicyKind kind, BalancingOptions balancing, ShardClock clock, Random random)
{
    private PolicyKind _kind = kind;
    private BalancingOptions _balancing = balancing;
    private HashCircle _circle = HashCircle.Empty;
    private Lineup? _lineup;
    private bool? _tellsNetworks;

    /// <summary>Its members in the order they were added.</summary>
    public Backend[] Members { get; private set; } = [];

    /// <summary>Whether some members could be chosen if they had room, and none has.</summary>
    public bool IsSaturated => Lineup.Best() == Readiness.Full;

    /// <summary>Whether some member can take queries at once.</summary>
    public bool IsAnyReady => Lineup.Best() == Readiness.Ready;

    /// <summary>Whether some member is told clients' networks (RFC 7871).</summary>
    public bool TellsNetworks => _tellsNetworks ??= Array.Exists(Members, static member => member.Options.UseClientSubnet);

    /// <summary>Where its members stand; made when it is first needed after a change, as changes come in batches.</summary>
    public Lineup Lineup => _lineup ??= new Lineup(_kind, _balancing, Members, _circle, clock, random);

    /// <summary>Takes in a backend.</summary>
    public void Add(Backend backend)
    {
        Disband();
        Members = [.. Members, backend];
    }

    /// <summary>Lets a backend go.</summary>
    public void Remove(Backend backend)
    {
        Disband();
        Members = Array.FindAll(Members, member => member != backend);
    }

    /// <summary>Has other members.</summary>
    /// <param name="members">In the order they count as added in.</param>
    public void Fill(Backend[] members)
    {
        Disband();
        Members = members;
    }

    /// <summary>Looks at its members anew: the settings of one have changed.</summary>
    public void Disband()
    {
        _lineup?.Disband();
        _lineup = null;
        _tellsNetworks = null;
    }

    /// <summary>Goes by something else besides weights.</summary>
    public void Balance(BalancingOptions balancing)
    {
        Disband();
        _balancing = balancing;
    }

    /// <summary>Chooses in another way.</summary>
    /// <param name="kind">The policy.</param>
    /// <param name="circle">Whose the names are, for a policy that goes by names.</param>
    public void Use(PolicyKind kind, HashCircle circle)
    {
        Disband();
        (_kind, _circle) = (kind, circle);
    }

    /// <summary>
    /// Chooses a backend for a query, among those that are the most ready: nobody is sent to a silent backend while another has a
    /// working connection.
    /// </summary>
    /// <param name="name">The query's name, wire form.</param>
    /// <param name="isFull">When nobody can be chosen: whether some could be if they had room.</param>
    public Backend? Choose(ReadOnlySpan<byte> name, out bool isFull)
    {
        Readiness best = Lineup.Best();
        isFull = best == Readiness.Full;
        return best <= Readiness.Full ? null : Members.Length == 1 ? Members[0] : Members[Lineup.Choose(best, name)];
    }

    /// <summary>A member that has no room for new queries; one that had been taken before still finds it there.</summary>
    public Backend? FindFull() => Lineup.Count(Readiness.Full) > 0 ? Members[Lineup.Least(Readiness.Full)] : null;

    /// <summary>Another member than a silent one that works and has room for a query: of those the one that has the fewest.</summary>
    public Backend? FindRoom(in InFlightEntry query, Backend silent) => Lineup.FindRoom(in query, silent);

    /// <summary>Another member than one that works: of those the one that has the fewest; null when there is none.</summary>
    public Backend? FindReady(Backend other)
    {
        Backend? found = null;
        foreach (Backend member in Members)
        {
            bool isBetter = member != other && member.Readiness == Readiness.Ready && (found is null || member.Outstanding < found.Outstanding);
            found = isBetter ? member : found;
        }

        return found;
    }

    /// <summary>Sees to it that a query finds room before long that finds none now, at another member than a silent one.</summary>
    /// <returns>Whether that is to be expected.</returns>
    public bool TryMakeRoom(in InFlightEntry query, Backend silent)
    {
        foreach (Backend member in Members)
        {
            if (member != silent && member.Readiness == Readiness.Ready && member.TryMakeRoomFor(in query))
            {
                return true;
            }
        }

        return false;
    }
}
