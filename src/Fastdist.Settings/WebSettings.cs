using System.Collections.Generic;
using System.Net;

namespace Fastdist.Settings;

/// <summary>What was set of the web server.</summary>
public sealed record WebSettings
{
    /// <summary>Port when none is given; dnsdist's in its own examples.</summary>
    public const int DefaultPort = 8083;

    /// <summary>Connections at once unless told otherwise.</summary>
    public const int DefaultMaxConnections = 100;

    /// <summary>This host only, which is served where no list is set.</summary>
    public static NetmaskSet DefaultAcl { get; } = NetmaskSet.Of("127.0.0.1", "::1");

    /// <summary>Where it listens; null for nowhere.</summary>
    public IPEndPoint? Address { get; init; }

    /// <summary>The file that holds the password of its page and metrics; empty for none.</summary>
    public string PasswordFile { get; init; } = "";

    /// <summary>The file that holds the key of its API; empty for none.</summary>
    public string ApiKeyFile { get; init; } = "";

    /// <summary>The password itself, where it is in no file of its own; null for none.</summary>
    public PasswordHash? Password { get; init; }

    /// <summary>The key itself, where it is in no file of its own; null for none.</summary>
    public PasswordHash? ApiKey { get; init; }

    /// <summary>Networks of the clients that may connect; none is the default list.</summary>
    public IReadOnlyList<string> Acl { get; init; } = [];

    /// <summary>Whether the page and what else the password opens is shown to those only who have it.</summary>
    public bool DashboardRequiresAuthentication { get; init; } = true;

    /// <summary>Whether metrics and statistics are shown to those only who have the password or the key.</summary>
    public bool StatsRequireAuthentication { get; init; } = true;

    /// <summary>Whether the API answers those only who have the key.</summary>
    public bool ApiRequiresAuthentication { get; init; } = true;

    /// <summary>Whether scripts of other sites' pages may read what is shown (CORS).</summary>
    public bool AllowCrossOriginRequests { get; init; }

    /// <summary>Header fields of every response, in place of ours of that name; one without a value takes ours away.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> CustomHeaders { get; init; } = [];

    /// <summary>Connections at once.</summary>
    public int MaxConcurrentConnections { get; init; } = DefaultMaxConnections;
}
