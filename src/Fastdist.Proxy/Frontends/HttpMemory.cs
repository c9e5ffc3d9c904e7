using System;
using Fastdist.Http;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>What the HTTP clients of a shard share, whatever their frontend.</summary>
internal sealed class HttpMemory : IDisposable
{
    private readonly NativeBuffer _message = new(ushort.MaxValue);

    /// <summary>What their sessions hold together.</summary>
    public Http2Pool Sessions { get; } = new();

    /// <summary>Where a message is put together, out of a request or for a response; used up before the next.</summary>
    public Span<byte> Message => _message.Span;

    public void Dispose() => _message.Dispose();
}
