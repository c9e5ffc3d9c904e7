using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Threading;
using Fastdist.Options;
using Fastdist.Proxy;
using Fastdist.Tls;

namespace Fastdist;

/// <summary>Start-up and shutdown: read the flags, bind, drop privileges, serve until told to stop.</summary>
internal static class Program
{
    private const PosixSignal Usr1 = (PosixSignal)10;

    private static int Main(string[] args)
    {
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
        using var stop = new ManualResetEventSlim();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var statistics = PosixSignalRegistration.Create(Usr1, context =>
        {
            context.Cancel = true;
            server.WriteStatistics(log.Write);
        });
        if (server.RingReason is { } reason)
        {
            log.Write($"io_uring is not used: {reason}");
        }

        log.Write($"fastdist {Features.Version} ready: {settings.Proxy.Shards} shards, {server.RingName}");
        Notify(settings, "READY=1");
        stop.Wait();
        Notify(settings, "STOPPING=1");
        log.Write("stopping: answering what is in flight");
        server.Stop();
        log.Write("stopped");
        return 0;
    }

    private static void Stop(PosixSignalContext context, ManualResetEventSlim stop)
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
