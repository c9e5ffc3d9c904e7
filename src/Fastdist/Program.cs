using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using Fastdist.Control;
using Fastdist.Control.Consoles;
using Fastdist.Control.Logging;
using Fastdist.Control.Web;
using Fastdist.Options;
using Fastdist.Proxy;
using Fastdist.Tls;
using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>Start-up and shutdown: read the flags, bind, drop privileges, serve until told to stop.</summary>
internal static class Program
{
    private const int MaintenanceMilliseconds = 1000;
    private const PosixSignal Usr1 = (PosixSignal)10;

    private static int Main(string[] args)
    {
        TlsLibrary.EnsureInitialised();
        if (args.Length == 0)
        {
            OptionText.WriteUsage(Console.Error);
            return 1;
        }

        try
        {
            (Request request, Settings settings) = CommandLine.Parse(args);
            switch (request)
            {
                case Request.Help:
                    OptionText.WriteHelp(Console.Out);
                    return 0;
                case Request.Version:
                    Features.Write(Console.Out);
                    return 0;
                case Request.Reference:
                    OptionText.WriteReference(Console.Out);
                    return 0;
                case Request.Client:
                    return ConsoleClient.Run(settings.Console.ToClient());
                default:
                    return Run(settings.Complete(Environment.ProcessorCount));
            }
        }
        catch (Exception exception) when (exception is OptionException or TlsConfigurationException or Win32Exception)
        {
            Console.Error.WriteLine($"fastdist: {exception.Message}");
            return 1;
        }
    }

    private static int Run(Settings settings)
    {
        ConsoleOptions? consoleOptions = settings.Console.ToServer();
        Identity identity = Identity.Resolve(settings.User, settings.Group);
        using LogProvider lines = OpenLog(settings);
        ILogger log = lines.CreateLogger("fastdist");
        WebServerOptions? webOptions = settings.Web.Load(log.WebSecret);
        if (settings.CheckOnly)
        {
            ProxyServer.Check(settings.Proxy, log);
            Console.WriteLine("Configuration OK!");
            return 0;
        }

        using ProxyServer server = ProxyServer.Bind(settings.Proxy, log);
        server.Counters.Log = lines;
        using ConsoleServer? console = consoleOptions is null ? null : ConsoleServer.Bind(consoleOptions, log);
        using WebServer? web = webOptions is null ? null : WebServer.Bind(webOptions);
        identity.Assume();
        server.Start();
        var rates = new Rates();
        console?.Start(new BasicCommands());
        web?.Start(new WebSource(server, rates, CommandLineTable.NameOf(settings.Proxy.Policy), Features.Version));
        using var stop = new ManualResetEvent(false);
        using var reload = new AutoResetEvent(false);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var statistics = PosixSignalRegistration.Create(Usr1, context =>
        {
            context.Cancel = true;
            if (console is not null)
            {
                log.StatisticsLine($"{console.Counters}");
            }

            server.WriteStatistics(log.StatisticsLine);
        });
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            reload.Set();
        });
        if (server.RingReason is { } reason)
        {
            log.IoUringNotUsed(reason);
        }

        log.Ready(Features.Version, settings.Proxy.Shards, server.RingName);
        Notify(settings, "READY=1");
        Control(settings, server, rates, lines, stop, reload);
        Notify(settings, "STOPPING=1");
        console?.Dispose();
        log.Stopping();
        server.Stop();
        log.Stopped();
        return 0;
    }

    private static LogProvider OpenLog(Settings settings) => new(
        Console.OpenStandardError(),
        settings.CheckOnly ? LogFormat.Text : settings.LogFormat,
        settings.Verbose ? LogLevel.Debug : LogLevel.Information,
        TimeProvider.System);

    /// <summary>The control thread's life: reloads when asked, does what is due, until told to stop.</summary>
    private static void Control(Settings settings, ProxyServer server, Rates rates, LogProvider lines, WaitHandle stop, WaitHandle reload)
    {
        const int Stopped = 0;
        const int ReloadWanted = 1;
        WaitHandle[] events = [stop, reload];

        // Twice as often as asked, as sd_watchdog_enabled(3) advises.
        int watchdog = settings.Supervised ? Supervisor.WatchdogMilliseconds() : int.MaxValue;
        int wait = Math.Min(MaintenanceMilliseconds, Math.Max(watchdog / 2, 1));
        for (int signalled; (signalled = WaitHandle.WaitAny(events, wait)) != Stopped;)
        {
            if (signalled == ReloadWanted)
            {
                Notify(settings, $"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}");
                server.Reload();
                Notify(settings, "READY=1");
            }

            server.Maintain();
            lines.Maintain();
            rates.Tick(server.Backends, Stopwatch.GetElapsedTime(0));
            if (watchdog < int.MaxValue && server.HaveAllTurned())
            {
                Notify(settings, "WATCHDOG=1");
            }
        }
    }

    private static void Stop(PosixSignalContext context, ManualResetEvent stop)
    {
        context.Cancel = true;
        stop.Set();
    }

    private static void Notify(Settings settings, string state)
    {
        if (settings.Supervised)
        {
            Supervisor.Notify(state);
        }
    }
}
