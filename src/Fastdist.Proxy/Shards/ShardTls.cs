using Fastdist.Tls;

namespace Fastdist.Proxy.Shards;

/// <summary>The TLS contexts of a shard, which no other shard uses.</summary>
/// <param name="Frontends">What each frontend presents; null where it speaks plain TCP.</param>
/// <param name="Backends">One a backend; null for plain TCP.</param>
internal sealed record ShardTls(TlsServerContext?[] Frontends, TlsContext?[] Backends);
