using System.Collections.Generic;
using System.Net;
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

    /// <summary>Whether what the password opens needs it.</summary>
    public bool DashboardRequiresAuthentication { get; init; } = true;

    /// <summary>Whether metrics and statistics need one of the two.</summary>
    public bool StatsRequireAuthentication { get; init; } = true;

    /// <summary>Whether the API needs the key.</summary>
    public bool ApiRequiresAuthentication { get; init; } = true;

    /// <summary>Whether scripts of other sites' pages may ask.</summary>
    public bool AllowCrossOriginRequests { get; init; }

    /// <summary>Header fields of every response in place of ours of that name; one without a value takes ours away.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> CustomHeaders { get; init; } = [];

    /// <summary>Connections at once.</summary>
    public int MaxConcurrentConnections { get; init; } = WebSettings.DefaultMaxConnections;

    /// <summary>Who may connect; others are closed before they are read.</summary>
    public NetmaskSet Acl { get; init; } = WebSettings.DefaultAcl;
}
