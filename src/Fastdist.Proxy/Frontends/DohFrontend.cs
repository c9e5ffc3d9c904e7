using System.Collections.Generic;
using Fastdist.Http;
using Fastdist.Settings;

namespace Fastdist.Proxy.Frontends;

/// <summary>What the connections of one DNS-over-HTTPS frontend have in common on a shard.</summary>
internal sealed class DohFrontend(FrontendOptions frontend)
{
    /// <summary>Settings as the operator wrote them.</summary>
    public DohFrontendOptions Options { get; } = frontend.Doh!;

    /// <summary>Settings of each connection.</summary>
    public Http2Options Session { get; } = new()
    {
        MaxConcurrentStreams = frontend.MaxInFlight,
        MaxHeaderSize = frontend.Doh!.MaxHeaderSize,
        MaxControlFrames = frontend.Doh.MaxControlFrames,
        MaxResets = frontend.Doh.MaxResets,
        KeepsFields = frontend.Doh.KeepIncomingHeaders,
        Cors = frontend.Doh.CorsOrigins is { Count: > 0 } origins ? new CorsPolicy(origins) : null,
        ExtraHeaders = Headers(frontend.Doh),
    };

    /// <summary>Which requests are DNS.</summary>
    public DohPaths Paths { get; } = new(frontend.Doh!.Paths is { Count: > 0 } paths ? paths : [DohFrontendOptions.DefaultPath], frontend.Doh.ExactPathMatching, frontend.Doh.CorsOrigins.Count > 0);

    /// <summary>What is answered in place of DNS.</summary>
    public ResponsesMap Responses { get; } = new(frontend.Doh!.ResponsesMap);

    private static IReadOnlyList<KeyValuePair<string, string>> Headers(DohFrontendOptions options) =>
        options.ServerTokens.Length == 0 ? options.CustomResponseHeaders : [new("server", options.ServerTokens), .. options.CustomResponseHeaders];
}
