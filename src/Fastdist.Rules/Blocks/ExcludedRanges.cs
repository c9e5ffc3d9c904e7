using System.Collections.Generic;
using System.Net;
using Fastdist.Settings;

namespace Fastdist.Rules.Blocks;

/// <summary>Networks that are never blocked, and those in them that are all the same: of those that a client is in the longest decides. By one thread.</summary>
public sealed class ExcludedRanges
{
    private readonly Dictionary<IPNetwork, bool> _networks = [];

    /// <summary>Networks in it.</summary>
    public int Count => _networks.Count;

    /// <summary>Says of a network that its clients are never blocked (<c>excludeRange</c>).</summary>
    public void Exclude(IPNetwork network) => _networks[network] = true;

    /// <summary>Says of a network that its clients are blocked (<c>includeRange</c>).</summary>
    public void Include(IPNetwork network) => _networks[network] = false;

    /// <summary>Takes back what was said of a network.</summary>
    /// <returns>False when nothing was.</returns>
    public bool Remove(IPNetwork network) => _networks.Remove(network);

    /// <summary>Whom not to block, for <see cref="BlockRules.ExcludedRanges"/>.</summary>
    public NetmaskRanges ToRanges()
    {
        var group = new NetmaskGroup();
        foreach ((IPNetwork network, bool isExcluded) in _networks)
        {
            group.Add(network, isExcluded);
        }

        return group.ToRanges();
    }
}
