using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>How much a member has to do, and what decides between those that have as much: the order, the latency, who was added first.</summary>
internal readonly record struct Load(int Outstanding, int Order, long Latency, int Member)
{
    /// <summary>A backend's load of the moment.</summary>
    public static Load Of(Backend backend, int member) => new(backend.Outstanding, backend.Options.Order, backend.Counters.LatencyMicroseconds, member);

    /// <summary>Whether it comes before another.</summary>
    public bool IsLess(in Load other) =>
        Outstanding != other.Outstanding ? Outstanding < other.Outstanding
        : Order != other.Order ? Order < other.Order
        : Latency != other.Latency ? Latency < other.Latency
        : Member < other.Member;
}
