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
    private volatile Settled _settled = new(start, Version: 0);

    /// <inheritdoc/>
    public ProcessOptions Read(out long version)
    {
        // Nobody who only looks waits for who changes something, and perhaps for a file.
        Settled settled = _settled;
        version = settled.Version;
        return settled.Settings with { Proxy = server.Options };
    }

    /// <inheritdoc/>
    public bool TryApply(ProcessOptions next, long version, out IReadOnlyList<string> problems)
    {
        lock (_changing)
        {
            problems = ["the settings were changed by somebody else meanwhile, and nothing was changed now: try again"];
            return version == _settled.Version && TryApply(next, out problems);
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
            ProcessOptions now = _settled.Settings;
            ConsoleOptions? console;
            WebServerOptions? web;
            try
            {
                console = next.Console == now.Console ? null : next.Console.ToServer(static _ => { });
                web = next.Web == now.Web ? null : next.Web.ToServer(static _ => { });
            }
            catch (Exception exception) when (exception is OptionException or TlsConfigurationException)
            {
                problems = exception.Message.Split('\n');
                return false;
            }

            problems = [.. Fixed(next, now)];
            if (problems.Count > 0 || !server.TryApply(next.Proxy, out problems))
            {
                return false;
            }

            Use(console, useConsole);
            Use(web, useWeb);
            useVerbose(next.Verbose);
            _settled = new Settled(next, _settled.Version + 1);
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
    private static IEnumerable<string> Fixed(ProcessOptions next, ProcessOptions now)
    {
        (string What, object? Next, object? Now)[] all =
        [
            ("the console's address (controlSocket, --control-socket)", next.Console.ControlSocket, now.Console.ControlSocket),
            ("the console's key (setKey, --setkey, --setkey-file)", (next.Console.Key, next.Console.KeyFile), (now.Console.Key, now.Console.KeyFile)),
            ("the web server's address (webserver, --webserver)", next.Web.Address, now.Web.Address),
            ("how many connections the web server has", next.Web.MaxConcurrentConnections, now.Web.MaxConcurrentConnections),
            ("the user and group (--uid, --gid)", (next.User, next.Group), (now.User, now.Group)),
            ("the format of the log (setStructuredLogging, --log-format)", next.LogFormat, now.LogFormat),
        ];
        return all.Where(static one => !Equals(one.Next, one.Now)).Select(static one => $"{one.What} is changed by a restart only");
    }

    private sealed record Settled(ProcessOptions Settings, long Version);
}
