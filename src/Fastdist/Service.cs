using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Threading;
using Fastdist.Control.Commands;
using Fastdist.Control.Consoles;
using Fastdist.Control.Figures;
using Fastdist.Control.Logging;
using Fastdist.Control.Web;
using Fastdist.Proxy;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>
/// The running program: the proxy, and the ways in for an operator. Everything is bound first, so that the caller can
/// drop privileges before it runs; the thread that runs it is the control thread.
/// </summary>
internal sealed class Service : IDisposable
{
    /// <summary>Ports below this one take CAP_NET_BIND_SERVICE (ip(7)).</summary>
    public const int FirstUnprivilegedPort = 1024;

    private const int MaintenanceMilliseconds = 1000;
    private const PosixSignal Usr1 = (PosixSignal)10, Usr2 = (PosixSignal)12;

    private readonly ProcessOptions _settings;
    private readonly LogProvider _lines;
    private readonly ILogger _log;
    private readonly ProxyServer _server;
    private readonly List<OperatorCounters> _operators = [];
    private readonly WayIn<ConsoleServer, ConsoleOptions>? _console;
    private readonly WayIn<WebServer, WebServerOptions>? _web;
    private readonly Rates _rates = new();
    private readonly ManualResetEvent _stop = new(false);
    private readonly AutoResetEvent _reload = new(false);
    private readonly ConfigurationReload _configuration;
    private volatile bool _isConfigurationWanted;
    private readonly Lock _notifying = new();
    private bool _isStopping;
    private WebSource? _shown;

    /// <exception cref="System.ComponentModel.Win32Exception">An address cannot be bound.</exception>
    public Service(ProcessOptions settings, ConsoleOptions? console, WebServerOptions? web, ConfigurationSource source, LogProvider lines, ILogger log)
    {
        (_settings, _lines, _log) = (settings, lines, log);
        _server = ProxyServer.Bind(settings.Proxy, log);
        var inUse = new SettingsInUse(settings, _server, options => _console?.Replace(options), options => _web?.Replace(options), isVerbose => lines.Minimum = isVerbose ? LogLevel.Debug : LogLevel.Information);
        _configuration = new ConfigurationReload(source, _server, inUse, new OperatorServices
        {
            Version = Features.Version,
            Rates = _rates,
            ReloadConfiguration = () => _configuration!.Reload(),
            Shutdown = () => _stop.Set(),
        }, log);
        _server.Counters.Log = lines;
        if (console is not null)
        {
            var counters = new ConsoleCounters();
            _operators.Add(counters);
            _console = new WayIn<ConsoleServer, ConsoleOptions>(
                $"--control-socket {console.Address}", console.Address, console, options => ConsoleServer.Bind(options, log, counters), server => server.Start(_configuration.Scripts),
                (server, options) => server.Replace(options), log);
            _console.Bind(settings.ControlRequired);
        }

        if (web is not null)
        {
            var counters = new WebCounters();
            _operators.Add(counters);
            _web = new WayIn<WebServer, WebServerOptions>(
                $"--webserver {web.Address}", web.Address, web, options => WebServer.Bind(options, log, counters), server => server.Start(_shown!),
                (server, options) => server.Replace(options), log);
            _web.Bind(settings.ControlRequired);
        }
    }

    /// <summary>Whether a way in that could not be bound yet is to be on a port that takes a privilege.</summary>
    public bool BindsLowPortLater => IsLowAndClosed(_console) || IsLowAndClosed(_web);

    /// <summary>Serves until a signal or a command ends it.</summary>
    public void Run()
    {
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, () => _stop.Set()));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, () => _stop.Set()));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Handle(context, () => _reload.Set()));
        using var configuration = PosixSignalRegistration.Create(Usr2, context => Handle(context, () =>
        {
            _isConfigurationWanted = true;
            _reload.Set();
        }));
        using var statistics = PosixSignalRegistration.Create(Usr1, context => Handle(context, WriteStatistics));
        _server.Start();
        _configuration.Start(hasConsole: _console is not null);
        _shown = new WebSource(_server, _rates, Features.Version)
        {
            Operators = _operators,
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
        new Thread(Reload) { IsBackground = true, Name = "reload" }.Start();
        Control();
        NotifyStopping();
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
    }

    private static bool IsLowAndClosed<T, TOptions>(WayIn<T, TOptions>? way)
        where T : class, IDisposable => way is { IsOpen: false, Address: IPEndPoint { Port: < FirstUnprivilegedPort } };

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

    /// <summary>The control thread's life: does what is due, until told to stop. It waits for nothing that may not come.</summary>
    private void Control()
    {
        // Twice as often as asked, as sd_watchdog_enabled(3) advises.
        int watchdog = _settings.Supervised ? Supervisor.WatchdogMilliseconds() : int.MaxValue;
        int wait = Math.Min(MaintenanceMilliseconds, Math.Max(watchdog / 2, 1));
        while (!_stop.WaitOne(wait))
        {
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

    /// <summary>
    /// The life of the thread that reads files again, however long one of them lets it wait: the end of the process does not wait for
    /// it. Whoever asks meanwhile, however often, has it read all of them once more.
    /// </summary>
    private void Reload()
    {
        while (true)
        {
            _reload.WaitOne();
            Notify($"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}");
            if (_isConfigurationWanted)
            {
                _isConfigurationWanted = false;
                _configuration.TryReload();
            }
            else
            {
                _server.Reload();
            }

            Notify("READY=1");
        }
    }

    private void WriteStatistics()
    {
        _operators.ForEach(counters => _log.StatisticsLine($"{counters}"));
        _server.WriteStatistics(_log.StatisticsLine);
    }

    private void Notify(string state)
    {
        lock (_notifying)
        {
            if (_settings.Supervised && !_isStopping)
            {
                Supervisor.Notify(state);
            }
        }
    }

    /// <summary>Nothing is said behind this: a reload that ends late has nobody ready.</summary>
    private void NotifyStopping()
    {
        lock (_notifying)
        {
            Notify("STOPPING=1");
            _isStopping = true;
        }
    }
}
