using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Control.Logging;
using Fastdist.Proxy;

namespace Fastdist.Options;

/// <summary>What the command line said, option by option, before it is checked as a whole.</summary>
internal sealed record Settings
{
    public ProxyOptions Proxy { get; init; } = new() { Frontends = [], Backends = [], Shards = 0 };

    public IReadOnlyList<string> Acl { get; init; } = [];

    public WebSettings Web { get; init; } = new();

    public string User { get; init; } = "";

    public string Group { get; init; } = "";

    public ConsoleSettings Console { get; init; } = new();

    public bool CheckOnly { get; init; }

    public bool Verbose { get; init; }

    public LogFormat LogFormat { get; init; }

    public bool Supervised { get; init; }

    /// <summary>Settles defaults that depend on the machine, and what only makes sense together.</summary>
    /// <param name="processors">Processors the process may use.</param>
    public Settings Complete(int processors)
    {
        ProxyOptions proxy = Proxy;
        if (proxy.Backends.Count == 0)
        {
            throw new OptionException("no backend: add --server ADDR[:PORT],subjectName=NAME");
        }

        if (proxy.Frontends.Count == 0)
        {
            // dnsdist's own default.
            proxy = proxy with { Frontends = [new FrontendOptions { Address = new IPEndPoint(IPAddress.Loopback, 53) }] };
        }

        proxy = proxy.Shards == 0 ? proxy with { Shards = processors } : proxy;
        foreach (BackendOptions backend in proxy.Backends)
        {
            if (backend.ProblemWith(proxy.Shards) is { Length: > 0 } problem)
            {
                throw new OptionException($"--server {backend.Name}: {problem}");
            }
        }

        if (proxy.Backends.Count > ProxyServer.MostBackends)
        {
            throw new OptionException($"--server was given {proxy.Backends.Count} times; {ProxyServer.MostBackends} are the most");
        }

        string? twice = proxy.Backends.GroupBy(b => b.Name).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new OptionException($"two servers are called '{twice}': give each a name=");
        }

        ClientLimitOptions limits = proxy.ClientLimits;
        if (limits.MaskV4Port > 0 && limits.MaskV4 < 32)
        {
            throw new OptionException(
                $"--tcp-connections-mask-v4-port {limits.MaskV4Port}: ports tell clients apart behind one address, so not with --tcp-connections-mask-v4 {limits.MaskV4}: leave that at 32");
        }

        if (Acl.Count > 0)
        {
            proxy = NetmaskSet.TryParse(Acl, out NetmaskSet acl, out string offending)
                ? proxy with { Acl = acl }
                : throw new OptionException($"--acl {offending}: expected a network such as 192.0.2.0/24 or 2001:db8::/32");
        }

        return this with { Proxy = proxy };
    }
}
