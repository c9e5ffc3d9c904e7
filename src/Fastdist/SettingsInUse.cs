using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Fastdist.Control.Configuration;
using Fastdist.Control.Consoles;
using Fastdist.Control.Web;
using Fastdist.Options;
using Fastdist.Proxy;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Fastdist.Tls;

namespace Fastdist;

/// <summary>
/// The settings that the process goes by, whoever changes them: its console, or the configuration that is read again.
/// </summary>
/// <param name="start">Those of the start.</param>
/// <param name="server">The proxy, which knows its own.</param>
/// <param name="useConsole">Has the console go by others.</param>
/// <param name="useWeb">Has the web server go by others.</param>
/// <param name="useVerbose">Has more be logged, or no longer.</param>
internal sealed class SettingsInUse(ProcessOptions start, ProxyServer server, Action<ConsoleOptions> useConsole, Action<WebServerOptions> useWeb, Action<bool> useVerbose) : ISettingsInUse
{
    private readonly Lock _changing = new();
    private ProcessOptions _settings = start;
    private long _version;

    /// <inheritdoc/>
    public ProcessOptions Read(out long version)
    {
        lock (_changing)
        {
            version = _version;
            return _settings with { Proxy = server.Options };
        }
    }

    /// <inheritdoc/>
    public bool TryApply(ProcessOptions next, long version, out IReadOnlyList<string> problems)
    {
        lock (_changing)
        {
            problems = ["the settings were changed by somebody else meanwhile, and nothing was changed now: try again"];
            return version == _version && TryApply(next, out problems);
        }
    }

    /// <summary>Goes by others from now on, whatever was changed since.</summary>
    /// <param name="next">All of them.</param>
    /// <param name="problems">Why nothing was changed; empty when it was.</param>
    /// <returns>False when nothing was changed.</returns>
    public bool TryApply(ProcessOptions next, out IReadOnlyList<string> problems)
    {
        lock (_changing)
        {
            ConsoleOptions? console;
            WebServerOptions? web;
            try
            {
                console = next.Console == _settings.Console ? null : next.Console.ToServer(static _ => { });
                web = next.Web == _settings.Web ? null : next.Web.ToServer(static _ => { });
            }
            catch (Exception exception) when (exception is OptionException or TlsConfigurationException)
            {
                problems = exception.Message.Split('\n');
                return false;
            }

            problems = [.. Fixed(next)];
            if (problems.Count > 0 || !server.TryApply(next.Proxy, out problems))
            {
                return false;
            }

            Use(console, useConsole);
            Use(web, useWeb);
            useVerbose(next.Verbose);
            (_settings, _version) = (next, _version + 1);
            return true;
        }
    }

    private static void Use<T>(T? options, Action<T> use)
        where T : class
    {
        if (options is not null)
        {
            use(options);
        }
    }

    /// <summary>What the running process cannot change of itself.</summary>
    private IEnumerable<string> Fixed(ProcessOptions next)
    {
        (string What, object? Next, object? Now)[] all =
        [
            ("the console's address (controlSocket, --control-socket)", next.Console.ControlSocket, _settings.Console.ControlSocket),
            ("the console's key (setKey, --setkey, --setkey-file)", (next.Console.Key, next.Console.KeyFile), (_settings.Console.Key, _settings.Console.KeyFile)),
            ("the web server's address (webserver, --webserver)", next.Web.Address, _settings.Web.Address),
            ("how many connections the web server has", next.Web.MaxConcurrentConnections, _settings.Web.MaxConcurrentConnections),
            ("the user and group (--uid, --gid)", (next.User, next.Group), (_settings.User, _settings.Group)),
            ("the format of the log (setStructuredLogging, --log-format)", next.LogFormat, _settings.LogFormat),
        ];
        return all.Where(static one => !Equals(one.Next, one.Now)).Select(static one => $"{one.What} is changed by a restart only");
    }
}
