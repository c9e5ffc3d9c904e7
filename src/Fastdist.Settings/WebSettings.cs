using System.Collections.Generic;
using System.Net;

namespace Fastdist.Settings;

/// <summary>What was set of the web server.</summary>
public sealed record WebSettings
{
    /// <summary>Port when none is given; dnsdist's in its own examples.</summary>
    public const int DefaultPort = 8083;

    /// <summary>Where it listens; null for nowhere.</summary>
    public IPEndPoint? Address { get; init; }

    /// <summary>The file that holds the password of its page and metrics; empty for none.</summary>
    public string PasswordFile { get; init; } = "";

    /// <summary>The file that holds the key of its API; empty for none.</summary>
    public string ApiKeyFile { get; init; } = "";

    /// <summary>Networks of the clients that may connect; none is the default list.</summary>
    public IReadOnlyList<string> Acl { get; init; } = [];
}
