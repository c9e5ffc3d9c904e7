using System.Collections.Generic;
using System.ComponentModel;
using Fastdist.Proxy.Files;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fastdist.Proxy;

/// <summary>What is wrong with settings, found without serving anything.</summary>
public sealed partial class ProxyServer
{
    /// <summary>Loads what <see cref="Bind"/> would load, without opening a socket or making a file.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="log">Told of what is doubtful.</param>
    /// <returns>What cannot work, each thing by itself: a frontend, a backend; empty when all is well.</returns>
    public static IReadOnlyList<string> Check(ProxyOptions options, ILogger log)
    {
        IReadOnlyList<string> others = [.. RuleLogFiles.Check(options.Rules), .. CacheRoster.ProblemsWith(options.Pools)];
        string whole;
        try
        {
            using var server = new ProxyServer(options, log, isCheck: true);
            server.AddConfiguredBackends();
            return others;
        }
        catch (TlsConfigurationException exception)
        {
            whole = exception.Message;
        }

        var problems = new List<string>();
        foreach (FrontendOptions frontend in options.Frontends)
        {
            Try(options with { Frontends = frontend.Tls is { IgnoreConfigurationErrors: true } ? [] : [frontend], Backends = [] }, problems);
        }

        foreach (BackendOptions backend in options.Backends)
        {
            Try(options with { Frontends = [], Backends = [backend] }, problems);
        }

        return problems.Count > 0 ? [.. problems, .. others] : [whole, .. others];
    }

    /// <summary>
    /// Which addresses this host does not have at the moment. Whether somebody serves them is not looked at: that may be us, and a
    /// look would take queries away.
    /// </summary>
    public static IReadOnlyList<string> FindMissingAddresses(ProxyOptions options)
    {
        var missing = new List<string>();
        foreach (FrontendOptions frontend in options.Frontends)
        {
            foreach (LocalPlace place in frontend.Places(options.FreeBind))
            {
                try
                {
                    Sockets.EnsureThere(place);
                }
                catch (Win32Exception exception)
                {
                    missing.Add($"{frontend.Flag}: {exception.Message}");
                }
            }
        }

        return missing;
    }

    private static void Try(ProxyOptions part, List<string> problems)
    {
        try
        {
            using var server = new ProxyServer(part with { Shards = 1 }, NullLogger.Instance, isCheck: true);
            server.AddConfiguredBackends();
        }
        catch (TlsConfigurationException exception)
        {
            problems.Add(exception.Message);
        }
    }
}
