using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings;

namespace Fastdist.Proxy;

/// <summary>
/// Which pools the process has, by their numbers, and how each chooses. One that is dropped keeps its number, by which queries in flight know it, and has
/// it again when it comes back. Changed by one thread at a time, read by any.
/// </summary>
/// <param name="options">Those that there are from the start.</param>
internal sealed class PoolRoster(ProxyOptions options)
{
    private volatile Place[] _places = [.. options.AllPools.Select(pool => new Place(pool, IsThere: true))];
    private volatile PolicyKind _policy = options.Policy;

    /// <summary>Those there are, the default pool first.</summary>
    public IReadOnlyList<PoolOptions> All => [.. _places.Where(place => place.IsThere).Select(place => place.Pool)];

    /// <summary>Numbers that were given, those of dropped pools included.</summary>
    public int Count => _places.Length;

    /// <summary>The pool with a number.</summary>
    public PoolOptions this[int number] => _places[number].Pool;

    /// <summary>How those choose that have no way of their own.</summary>
    public PolicyKind Policy
    {
        get => _policy;
        set => _policy = value;
    }

    /// <summary>The number of a pool; -1 when there is none of that name.</summary>
    public int NumberOf(string name) => Array.FindIndex(_places, place => place.IsThere && place.Pool.Name == name);

    /// <summary>How a pool chooses.</summary>
    public PolicyKind PolicyOf(PoolOptions pool) => pool.Policy ?? _policy;

    /// <summary>Why there cannot be pools of these names, too; empty when there can.</summary>
    public string ProblemWith(IEnumerable<string> names) => names.Distinct().Count(name => PlaceOf(name) < 0) + _places.Length > ProxyOptions.MostPools
        ? $"there are {_places.Length} pools{(_places.All(place => place.IsThere) ? "" : ", those included that are in use no longer")}, and {ProxyOptions.MostPools} are the most"
        : "";

    /// <summary>Takes in a pool that there is not.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isNumberNew">Whether no pool has had its number before.</param>
    /// <returns>Its number.</returns>
    public int Add(string name, out bool isNumberNew)
    {
        int number = PlaceOf(name);
        isNumberNew = number < 0;
        Place place = new(new PoolOptions { Name = name }, IsThere: true);
        if (isNumberNew)
        {
            _places = [.. _places, place];
            return _places.Length - 1;
        }

        Set(number, place);
        return number;
    }

    /// <summary>Has a pool choose in a way of its own, or like the others.</summary>
    public void SetPolicy(int number, PolicyKind? policy) => Set(number, _places[number] with { Pool = _places[number].Pool with { Policy = policy } });

    /// <summary>Drops the pools that have none of these names.</summary>
    public void Keep(IReadOnlySet<string> names) =>
        _places = Array.ConvertAll(_places, place => names.Contains(place.Pool.Name) ? place : new Place(new PoolOptions { Name = place.Pool.Name }, IsThere: false));

    private int PlaceOf(string name) => Array.FindIndex(_places, place => place.Pool.Name == name);

    private void Set(int number, Place place) => _places = [.. _places[..number], place, .. _places[(number + 1)..]];

    private sealed record Place(PoolOptions Pool, bool IsThere);
}
