using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Control.Logging;
using Fastdist.Proxy;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Options;

/// <summary>What the command line said, option by option, before it is checked as a whole.</summary>
internal sealed record ProgramOptions
{
    public ProxyOptions Proxy { get; init; } = new() { Frontends = [], Backends = [], Shards = 0 };

    public IReadOnlyList<string> Acl { get; init; } = [];

    public WebSettings Web { get; init; } = new();

    public string User { get; init; } = "";

    public string Group { get; init; } = "";

    public ConsoleSettings Console { get; init; } = new();

    /// <summary>Whether the start ends when the console or the web server cannot be bound.</summary>
    public bool ControlRequired { get; init; }

    public bool CheckOnly { get; init; }

    public bool Verbose { get; init; }

    public LogFormat LogFormat { get; init; }

    public bool Supervised { get; init; }

    /// <summary>Settles defaults that depend on the machine, and what only makes sense together.</summary>
    /// <param name="processors">Processors the process may use.</param>
    /// <exception cref="OptionException">Something does not; there is a line for each.</exception>
    public ProgramOptions Complete(int processors)
    {
        var problems = new Problems();
        ProgramOptions settings = Complete(processors, problems);
        problems.ThrowIfAny();
        return settings;
    }

    /// <inheritdoc cref="Complete(int)"/>
    /// <param name="processors">Processors the process may use.</param>
    /// <param name="problems">Told of what makes no sense; when it was told of something before, a flag that is missing may have been that.</param>
    public ProgramOptions Complete(int processors, Problems problems)
    {
        ProxyOptions proxy = Proxy;
        if (proxy.Backends.Count == 0 && !problems.Any)
        {
            problems.Add("no backend: add --server ADDR[:PORT],subjectName=NAME");
        }

        if (proxy.Frontends.Count == 0)
        {
            // dnsdist's own default.
            proxy = proxy with { Frontends = [new FrontendOptions { Address = new IPEndPoint(IPAddress.Loopback, 53) }] };
        }

        proxy = proxy.Shards == 0 ? proxy with { Shards = processors } : proxy;
        problems.Add(ListenerConflicts.Find(proxy.Frontends, [("--control-socket", Console.ControlSocket), ("--webserver", Web.Address)]).Distinct());
        CheckBackends(proxy, problems);
        ClientLimitOptions limits = proxy.ClientLimits;
        if (limits.MaskV4Port > 0 && limits.MaskV4 < 32)
        {
            problems.Add(
                $"--tcp-connections-mask-v4-port {limits.MaskV4Port}: ports tell clients apart behind one address, so not with --tcp-connections-mask-v4 {limits.MaskV4}: leave that at 32");
        }

        if (Acl.Count > 0)
        {
            if (NetmaskSet.TryParse(Acl, out NetmaskSet acl, out string offending))
            {
                proxy = proxy with { Acl = acl };
            }
            else
            {
                problems.Add($"--acl {offending}: expected a network such as 192.0.2.0/24 or 2001:db8::/32");
            }
        }

        return this with { Proxy = proxy };
    }

    private static void CheckBackends(ProxyOptions proxy, Problems problems)
    {
        foreach (BackendOptions backend in proxy.Backends)
        {
            if (backend.ProblemWith(proxy.Shards) is { Length: > 0 } problem)
            {
                problems.Add($"--server {backend.Name}: {problem}");
            }
        }

        if (proxy.Backends.Count > ProxyServer.MostBackends)
        {
            problems.Add($"--server was given {proxy.Backends.Count} times; {ProxyServer.MostBackends} are the most");
        }

        problems.Add(proxy.Backends.GroupBy(b => b.Name).Where(g => g.Count() > 1).Select(g => $"two servers are called '{g.Key}': give each a name="));
    }
}
