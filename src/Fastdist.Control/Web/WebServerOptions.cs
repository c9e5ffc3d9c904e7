using System.Net;
using Fastdist.Control.Secrets;
using Fastdist.Settings;

namespace Fastdist.Control.Web;

/// <summary>The web server's settings, with the names and units an operator writes.</summary>
public sealed record WebServerOptions
{
    /// <summary>Where it listens, over HTTP/1.1 in the clear.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>Whether the address need not be this host's yet (IP_FREEBIND).</summary>
    public bool FreeBind { get; init; }

    /// <summary>Opens the page, the metrics and the statistics, by HTTP Basic authentication with any user name; null for no such way.</summary>
    public PasswordHash? Password { get; init; }

    /// <summary>Opens the API and the statistics, as <c>X-API-Key</c>; null for no such way.</summary>
    public PasswordHash? ApiKey { get; init; }

    /// <summary>Who may connect; others are closed before they are read.</summary>
    public NetmaskSet Acl { get; init; } = DefaultAcl;

    /// <summary>This host only.</summary>
    public static NetmaskSet DefaultAcl { get; } = NetmaskSet.TryParse(["127.0.0.1", "::1"], out NetmaskSet set, out _) ? set : NetmaskSet.Default;
}
