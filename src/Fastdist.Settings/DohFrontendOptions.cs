using System.Collections.Generic;

namespace Fastdist.Settings;

/// <summary>The HTTP of a frontend (RFC 8484), with the names and units an operator writes.</summary>
public sealed record DohFrontendOptions
{
    /// <summary>Paths that are DNS; empty for <see cref="DefaultPath"/>.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The path of RFC 8484's examples, and of most services.</summary>
    public const string DefaultPath = "/dns-query";

    /// <summary>Whether only those paths are, and not what is below them.</summary>
    public bool ExactPathMatching { get; init; } = true;

    /// <summary>Header fields added to every response, names in lower case.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> CustomResponseHeaders { get; init; } = [];

    /// <summary>Origins whose scripts may ask (CORS), or <c>*</c>; empty for none.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>The Server header; empty for none.</summary>
    public string ServerTokens { get; init; } = "fastdist";

    /// <summary>Whether the last address in X-Forwarded-For is the client, for ACL and client subnet.</summary>
    public bool TrustForwardedForHeader { get; init; }

    /// <summary>Whether all header fields of requests are kept, for rules and scripts to look at.</summary>
    public bool KeepIncomingHeaders { get; init; }

    /// <summary>What is asked before anything at a path is taken for DNS, the first that matches answers; only scripts set these.</summary>
    public IReadOnlyList<MappedResponse> ResponsesMap { get; init; } = [];

    /// <summary>Whether responses say how long HTTP caches may keep them.</summary>
    public bool SendCacheControlHeaders { get; init; } = true;

    /// <summary>Seconds without a request after which a connection ends.</summary>
    public int IdleTimeout { get; init; } = 30;

    /// <summary>Bytes of header fields in a request.</summary>
    public int MaxHeaderSize { get; init; } = 16_384;

    /// <summary>Frames without a request that a connection may send a second, besides one a request.</summary>
    public int MaxControlFrames { get; init; } = 200;

    /// <summary>Streams of a connection that either side may reset a second.</summary>
    public int MaxResets { get; init; } = 100;

    /// <summary>Requests of one connection handled before the others have their turn.</summary>
    public int MaxRequestsPerTurn { get; init; } = 64;
}
