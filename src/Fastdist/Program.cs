using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using Fastdist.Options;
using Fastdist.Proxy;
using Fastdist.Tls;

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
        Identity identity = Identity.Resolve(settings.User, settings.Group);
        using var log = new Log(Console.Error, settings.Verbose);
        if (settings.CheckOnly)
        {
            ProxyServer.Check(settings.Proxy, log);
            Console.WriteLine("Configuration OK!");
            return 0;
        }

        using ProxyServer server = ProxyServer.Bind(settings.Proxy, log);
        identity.Assume();
        server.Start();
        using var stop = new ManualResetEvent(false);
        using var reload = new AutoResetEvent(false);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var statistics = PosixSignalRegistration.Create(Usr1, context =>
        {
            context.Cancel = true;
            server.WriteStatistics(log.Write);
        });
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            reload.Set();
        });
        if (server.RingReason is { } reason)
        {
            log.Write($"io_uring is not used: {reason}");
        }

        log.Write($"fastdist {Features.Version} ready: {settings.Proxy.Shards} shards, {server.RingName}");
        Notify(settings, "READY=1");
        Control(settings, server, stop, reload);
        Notify(settings, "STOPPING=1");
        log.Write("stopping: answering what is in flight");
        server.Stop();
        log.Write("stopped");
        return 0;
    }

    /// <summary>The control thread's life: reloads when asked, does what is due, until told to stop.</summary>
    private static void Control(Settings settings, ProxyServer server, WaitHandle stop, WaitHandle reload)
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
