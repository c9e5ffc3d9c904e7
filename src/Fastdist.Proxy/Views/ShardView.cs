using Fastdist.Proxy.Counters;
using Fastdist.Ring;

namespace Fastdist.Proxy.Views;

/// <summary>One shard as whoever looks from outside sees it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Counters">What it counted about itself.</param>
/// <param name="Ring">What its ring counted; null before it runs.</param>
public readonly record struct ShardView(int Id, ShardCounters Counters, RingCounters? Ring);
