using System;

namespace Fastdist.Proxy.Pools;

/// <summary>How one of several members is chosen that are equally ready, in a time that does not go with their number.</summary>
internal abstract class Policy
{
    /// <summary>For nobody.</summary>
    public const int Nobody = -1;

    /// <summary>A member can be chosen from now on.</summary>
    public abstract void Add(int member);

    /// <summary>A member can be chosen no longer.</summary>
    public abstract void Remove(int member);

    /// <summary>Chooses.</summary>
    /// <param name="name">The query's name, wire form.</param>
    /// <returns>The member; <see cref="Nobody"/> when the policy wants none, so that the one with the fewest queries is taken.</returns>
    public abstract int Choose(ReadOnlySpan<byte> name);
}
