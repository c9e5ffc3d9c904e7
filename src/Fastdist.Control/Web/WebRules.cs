using System;
using Fastdist.Settings;

namespace Fastdist.Control.Web;

/// <summary>Who may read what, and what every response says besides: what is replaced as one while the server runs.</summary>
/// <param name="options">The settings it follows from.</param>
internal sealed class WebRules(WebServerOptions options)
{
    /// <summary>The part of the API that the password opens too.</summary>
    public const string Overview = "/api/v1/servers/localhost";

    /// <summary>Where entries of packet caches are removed.</summary>
    public const string Cache = "/api/v1/cache";

    /// <summary>What Prometheus reads.</summary>
    public const string Metrics = "/metrics";

    /// <summary>What older tools of the reference read.</summary>
    public const string Statistics = "/jsonstat";

    /// <summary>Who may connect.</summary>
    public NetmaskSet Acl => options.Acl;

    /// <summary>What HTTP Basic (RFC 7617) must show; null refuses it.</summary>
    public Credential? Password { get; } = Credential.Of(options.Password);

    /// <summary>What <c>X-API-Key</c> must show; null refuses it.</summary>
    public Credential? ApiKey { get; } = Credential.Of(options.ApiKey);

    /// <summary>Whether scripts of other sites' pages may ask.</summary>
    public bool AllowsCrossOrigin => options.AllowCrossOriginRequests;

    /// <summary>What every response tells a browser.</summary>
    public ResponseHeaders Headers { get; } = new(options.CustomHeaders);

    /// <summary>Whether the key opens a path.</summary>
    public static bool IsForKey(string path) => IsApi(path) || IsStatistics(path);

    /// <summary>Whether the password opens a path.</summary>
    public static bool IsForPassword(string path) => !IsApi(path) || path == Overview;

    /// <summary>Whether a path is what tools read: by other sites' pages, too, with what a browser remembers of its user.</summary>
    public static bool IsForTools(string path) => IsStatistics(path) || path == Overview;

    /// <summary>Whether a path is open to who shows nothing.</summary>
    public bool IsOpen(string path) =>
        (!options.DashboardRequiresAuthentication && IsForPassword(path))
        || (!options.StatsRequireAuthentication && IsStatistics(path))
        || (!options.ApiRequiresAuthentication && IsApi(path));

    private static bool IsApi(string path) => path.StartsWith("/api/", StringComparison.Ordinal);

    private static bool IsStatistics(string path) => path is Metrics or Statistics;
}
