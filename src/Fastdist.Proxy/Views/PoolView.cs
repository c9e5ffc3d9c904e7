using System.Collections.Generic;
using Fastdist.Cache;
using Fastdist.Settings;

namespace Fastdist.Proxy.Views;

/// <summary>One pool as whoever looks from outside the shards sees it.</summary>
/// <param name="Name">Its name; that of the default pool is empty.</param>
/// <param name="Policy">How its backends are chosen.</param>
/// <param name="Backends">Its backends by their order, those of the same in the order they were added.</param>
/// <param name="Cache">What is asked before its backends; null for nothing.</param>
public sealed record PoolView(string Name, PolicyKind Policy, IReadOnlyList<BackendView> Backends, PacketCache? Cache = null);
