using System;

namespace Fastdist.Proxy.Pools;

/// <summary>Chooses one after the other.</summary>
/// <param name="members">How many there are.</param>
internal sealed class RoundRobin(int members) : Policy
{
    private readonly PositionSet _choosable = new(members);
    private int _next;

    public override void Add(int member) => _choosable.Add(member);

    public override void Remove(int member) => _choosable.Remove(member);

    public override int Choose(ReadOnlySpan<byte> name)
    {
        int chosen = _choosable.NextFrom(_next) is >= 0 and int later ? later : _choosable.NextFrom(0);
        _next = chosen + 1;
        return chosen;
    }
}
