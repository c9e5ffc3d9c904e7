using System.Collections.Generic;

namespace Fastdist.Settings;

/// <summary>All that an operator sets, as it was written: the proxy, the ways in for operators, and the process itself.</summary>
public sealed record ProcessOptions
{
    /// <summary>The file that the settings are read from before all others; empty for none.</summary>
    public string ConfigurationFile { get; init; } = "";

    /// <summary>Whether the configuration may run commands and native code.</summary>
    public bool LuaUnsafe { get; init; }

    /// <summary>Whether the configuration is compiled to machine code.</summary>
    public bool LuaJit { get; init; }

    /// <summary>Whether what the configuration says and is not supported is left out, with a warning.</summary>
    public bool IgnoreUnsupported { get; init; }

    /// <summary>The proxy; 0 shards are as many as there are processors.</summary>
    public ProxyOptions Proxy { get; init; } = new() { Frontends = [], Backends = [], Shards = 0 };

    /// <summary>Networks of the clients that are served; none is the default list.</summary>
    public IReadOnlyList<string> Acl { get; init; } = [];

    /// <summary>The web server.</summary>
    public WebSettings Web { get; init; } = new();

    /// <summary>The console.</summary>
    public ConsoleSettings Console { get; init; } = new();

    /// <summary>Whether the start ends when the console or the web server cannot be bound.</summary>
    public bool ControlRequired { get; init; }

    /// <summary>Name or number of the user to run as; empty for the one that starts it.</summary>
    public string User { get; init; } = "";

    /// <summary>Name or number of the group to run as; empty for that of the one that starts it.</summary>
    public string Group { get; init; } = "";

    /// <summary>Whether the settings are only checked.</summary>
    public bool CheckOnly { get; init; }

    /// <summary>Whether the settings are only checked and shown.</summary>
    public bool DumpOnly { get; init; }

    /// <summary>Whether nothing is to run.</summary>
    public bool IsCheck => CheckOnly || DumpOnly;

    /// <summary>Whether systemd is told of start and end.</summary>
    public bool Supervised { get; init; }

    /// <summary>How the log is written.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>Whether more is logged.</summary>
    public bool Verbose { get; init; }
}
