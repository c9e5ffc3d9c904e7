using System;
using System.ComponentModel;
using Fastdist.Control.Consoles;
using Fastdist.Control.Logging;
using Fastdist.Control.Web;
using Fastdist.Options;
using Fastdist.Proxy;
using Fastdist.Tls;
using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>Start-up: read the flags, do what they ask for; for a service bind, drop privileges, then run.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        StandardStreams.EnsureOpen();

        // The runtime would switch the keypad of a terminal that it knows to application mode, and never back.
        Environment.SetEnvironmentVariable("TERM", null);
        TlsLibrary.EnsureInitialised();
        Shortage.Watch();
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
        catch (OutOfMemoryException)
        {
            Console.Error.WriteLine($"fastdist: {Shortage.Describe()}");
            return 1;
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
        using LogProvider lines = OpenLog(settings);
        ILogger log = lines.CreateLogger("fastdist");
        ConsoleOptions? consoleOptions = settings.Console.ToServer(log.SecretReadable);
        WebServerOptions? webOptions = settings.Web.Load(log.SecretReadable);
        if (settings.CheckOnly)
        {
            ProxyServer.Check(settings.Proxy, log);
            Console.WriteLine("Configuration OK!");
            return 0;
        }

        Shortage.Check(settings.Proxy.Shards, settings.Proxy.MaxInFlight);
        using var service = new Service(settings, consoleOptions, webOptions, lines, log);
        identity.Assume();
        service.Run();
        return 0;
    }

    private static LogProvider OpenLog(Settings settings) => new(
        Console.OpenStandardError(),
        settings.CheckOnly ? LogFormat.Text : settings.LogFormat,
        settings.Verbose ? LogLevel.Debug : LogLevel.Information,
        TimeProvider.System);
}
