using System;
using System.Linq;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Drafts;

/// <summary>A server that is being written.</summary>
internal sealed class DraftServer(BackendOptions options)
{
    /// <summary>Its settings.</summary>
    public BackendOptions Options { get; private set; } = options;

    /// <summary>Whether it says itself how long an answer over UDP is waited for.</summary>
    public bool HasOwnTimeout { get; init; } = true;

    /// <summary>Changes its settings.</summary>
    public void Change(Func<BackendOptions, BackendOptions> change) => Options = change(Options);

    /// <summary>Puts it into a pool.</summary>
    public void AddPool(string pool) => Options = Options.Pools.Contains(pool) ? Options : Options with { Pools = [.. Options.Pools, pool] };

    /// <summary>Takes it out of a pool; nothing changes where it was not.</summary>
    public void RemovePool(string pool) => Options = Options with { Pools = [.. Options.Pools.Where(name => name != pool)] };

    /// <summary>Its settings, whole.</summary>
    /// <param name="udpTimeout">Seconds that an answer over UDP is waited for where it does not say itself; null for what it has.</param>
    public BackendOptions Complete(int? udpTimeout)
    {
        BackendOptions whole = HasOwnTimeout || udpTimeout is null ? Options : Options with { UdpTimeout = udpTimeout.Value };
        return whole.HasDatagrams ? whole with { QueryTimeout = Math.Max(whole.QueryTimeout, whole.UdpTimeout * 1000) } : whole;
    }

    /// <summary>Two that have the same id are one, as a later draft has it.</summary>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj) || (obj is DraftServer other && Options.Id is { } id && id == other.Options.Id);

    /// <inheritdoc/>
    public override int GetHashCode() => Options.Id.GetHashCode();
}
