using System;

namespace Fastdist.Proxy.Pools;

/// <summary>Chooses one after the other. Whoever was chosen last, at whatever readiness, is not the next, unless there is nobody else.</summary>
/// <param name="members">How many there are.</param>
/// <param name="turn">Whose turn it is, which all degrees of readiness share.</param>
internal sealed class RoundRobin(int members, RoundRobin.Turn turn) : Policy
{
    private readonly PositionSet _choosable = new(members);

    public override void Add(int member) => _choosable.Add(member);

    public override void Remove(int member) => _choosable.Remove(member);

    public override int Choose(ReadOnlySpan<byte> name)
    {
        int chosen = _choosable.NextFrom(turn.Next) is >= 0 and int later ? later : _choosable.NextFrom(0);
        turn.Next = chosen + 1;
        return chosen;
    }

    /// <summary>Whose turn it is.</summary>
    internal sealed class Turn
    {
        /// <summary>The number of the member that is asked next, if it can be.</summary>
        public int Next { get; set; }
    }
}
