using System;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Threading;
using Fastdist.Control;
using Fastdist.Control.Consoles;
using Fastdist.Control.Logging;
using Fastdist.Control.Web;
using Fastdist.Options;
using Fastdist.Proxy;
using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>
/// The running program: the proxy, and the ways in for an operator. Everything is bound first, so that the caller can
/// drop privileges before it runs; the thread that runs it is the control thread.
/// </summary>
internal sealed class Service : IDisposable
{
    private const int MaintenanceMilliseconds = 1000;
    private const PosixSignal Usr1 = (PosixSignal)10;

    private readonly Settings _settings;
    private readonly LogProvider _lines;
    private readonly ILogger _log;
    private readonly ProxyServer _server;
    private readonly ConsoleCounters? _consoleCounters;
    private readonly WebCounters? _webCounters;
    private readonly WayIn<ConsoleServer>? _console;
    private readonly WayIn<WebServer>? _web;
    private readonly Rates _rates = new();
    private readonly ManualResetEvent _stop = new(false);
    private readonly AutoResetEvent _reload = new(false);
    private WebSource? _shown;

    /// <exception cref="System.ComponentModel.Win32Exception">An address cannot be bound.</exception>
    public Service(Settings settings, ConsoleOptions? console, WebServerOptions? web, LogProvider lines, ILogger log)
    {
        (_settings, _lines, _log) = (settings, lines, log);
        _server = ProxyServer.Bind(settings.Proxy, log);
        _server.Counters.Log = lines;
        if (console is not null)
        {
            _consoleCounters = new ConsoleCounters();
            _console = new WayIn<ConsoleServer>(
                $"--control-socket {console.Address}", console.Address, () => ConsoleServer.Bind(console, log, _consoleCounters), server => server.Start(Commands()), log);
            _console.Bind(settings.ControlRequired);
        }

        if (web is not null)
        {
            _webCounters = new WebCounters();
            _web = new WayIn<WebServer>($"--webserver {web.Address}", web.Address, () => WebServer.Bind(web, log, _webCounters), server => server.Start(_shown!), log);
            _web.Bind(settings.ControlRequired);
        }
    }

    /// <summary>Serves until a signal or a command ends it.</summary>
    public void Run()
    {
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, () => _stop.Set()));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, () => _stop.Set()));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Handle(context, () => _reload.Set()));
        using var statistics = PosixSignalRegistration.Create(Usr1, context => Handle(context, WriteStatistics));
        _server.Start();
        _shown = new WebSource(_server, _rates, CommandLineTable.NameOf(_settings.Proxy.Policy), Features.Version)
        {
            Console = _consoleCounters,
            Web = _webCounters,
        };
        _console?.Start();
        _web?.Start();
        if (_server.RingReason is { } reason)
        {
            _log.IoUringNotUsed(reason);
        }

        SayWhereWeListen();
        _log.Ready(Features.Version, _settings.Proxy.Shards, _server.RingName);
        Notify("READY=1");
        Control();
        Notify("STOPPING=1");
        _log.Stopping();
        _console?.Dispose();
        _server.Stop();
        _log.Stopped();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _web?.Dispose();
        _console?.Dispose();
        _server.Dispose();
        _stop.Dispose();
        _reload.Dispose();
    }

    private void SayWhereWeListen()
    {
        foreach (IGrouping<int, FrontendView> frontend in _server.Frontends.GroupBy(view => view.Index))
        {
            FrontendOptions options = frontend.First().Options;
            foreach (IPEndPoint address in options.AdditionalAddresses.Prepend(options.Address))
            {
                _log.Listening(
                    address,
                    string.Join(" and ", frontend.Select(view => view.Protocol)),
                    options.Interface.Length > 0 ? $" on interface {options.Interface}" : "",
                    _settings.Proxy.Shards);
            }
        }

        if (_console is { IsOpen: true })
        {
            _log.ListeningForOperators($"{_console.Address}", "console");
        }

        if (_web is { IsOpen: true })
        {
            _log.ListeningForOperators($"{_web.Address}", "web server");
        }
    }

    private static void Handle(PosixSignalContext context, Action action)
    {
        context.Cancel = true;
        action();
    }

    private ConsoleCommands Commands() => new(_server, new OperatorServices
    {
        Version = Features.Version,
        Rates = _rates,
        ReadServer = BackendOptionTable.Read,
        Shutdown = () => _stop.Set(),
    });

    /// <summary>The control thread's life: reloads when asked, does what is due, until told to stop.</summary>
    private void Control()
    {
        const int Stopped = 0;
        const int ReloadWanted = 1;
        WaitHandle[] events = [_stop, _reload];

        // Twice as often as asked, as sd_watchdog_enabled(3) advises.
        int watchdog = _settings.Supervised ? Supervisor.WatchdogMilliseconds() : int.MaxValue;
        int wait = Math.Min(MaintenanceMilliseconds, Math.Max(watchdog / 2, 1));
        for (int signalled; (signalled = WaitHandle.WaitAny(events, wait)) != Stopped;)
        {
            if (signalled == ReloadWanted)
            {
                Notify($"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}");
                _server.Reload();
                Notify("READY=1");
            }

            _server.Maintain();
            _console?.Maintain();
            _web?.Maintain();
            _lines.Maintain();
            _rates.Tick(_server.Backends, Stopwatch.GetElapsedTime(0));
            if (watchdog < int.MaxValue && _server.HaveAllTurned())
            {
                Notify("WATCHDOG=1");
            }
        }
    }

    private void WriteStatistics()
    {
        if (_consoleCounters is not null)
        {
            _log.StatisticsLine($"{_consoleCounters}");
        }

        if (_webCounters is not null)
        {
            _log.StatisticsLine($"{_webCounters}");
        }

        _server.WriteStatistics(_log.StatisticsLine);
    }

    private void Notify(string state)
    {
        if (_settings.Supervised)
        {
            Supervisor.Notify(state);
        }
    }
}
