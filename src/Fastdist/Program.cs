using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Fastdist.Control.Configuration;
using Fastdist.Control.Configuration.Dnsdist;
using Fastdist.Control.Consoles;
using Fastdist.Control.Logging;
using Fastdist.Control.Web;
using Fastdist.Options;
using Fastdist.Proxy;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Fastdist.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fastdist;

/// <summary>Start-up: read the flags, do what they ask for; for a service bind, drop privileges, then run.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        StandardStreams.EnsureOpen();

        // The runtime would switch the keypad of a terminal that it knows to application mode, and never back.
        Environment.SetEnvironmentVariable("TERM", null);

        // Opened now, as there may be no descriptor left when there is something to say.
        TextWriter errors = Console.Error;
        TlsLibrary.EnsureInitialised();
        Shortage.Watch();
        if (args.Length == 0)
        {
            OptionText.WriteUsage(errors);
            return 1;
        }

        try
        {
            var problems = new Problems();
            (Request request, ProcessOptions settings) = CommandLine.Parse(args, problems, out LoadedConfiguration? loaded);
            if (request == Request.Run)
            {
                return Run(settings.Complete(Environment.ProcessorCount, problems), loaded, args, problems);
            }

            problems.ThrowIfAny();
            return Answer(request, settings);
        }
        catch (Exception exception) when (Shortage.IsBehind(exception))
        {
            Shortage.Tell();
            return 1;
        }
        catch (Exception exception) when (exception is OptionException or TlsConfigurationException or Win32Exception)
        {
            foreach (string line in exception.Message.Split('\n'))
            {
                errors.WriteLine($"fastdist: {line}");
            }

            return 1;
        }
    }

    private static int Answer(Request request, ProcessOptions settings)
    {
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
            case Request.Migration:
                MigrationTables.Write(Console.Out);
                return 0;
            default:
                return ConsoleClient.Run(settings.Console.ToClient());
        }
    }

    private static int Run(ProcessOptions settings, LoadedConfiguration? loaded, string[] args, Problems problems)
    {
        Identity identity = problems.Try(() => Identity.Resolve(settings.User, settings.Group), new Identity(null, null));
        using LogProvider lines = OpenLog(settings);
        ILogger log = lines.CreateLogger("fastdist");
        SayNotes(problems.Notes, log);
        ConsoleOptions? console = problems.Try(() => settings.Console.ToServer(log.SecretReadable), null) is { } c ? c with { FreeBind = settings.Proxy.FreeBind } : null;
        WebServerOptions? web = problems.Try(() => settings.Web.ToServer(log.SecretReadable), null) is { } w ? w with { FreeBind = settings.Proxy.FreeBind } : null;
        settings = problems.Try(() => LaterAccess.Require(settings, identity, log, problems), settings);
        if (settings.IsCheck || problems.Any)
        {
            Check(settings, log, problems);
            problems.ThrowIfAny();
            ProxyServer.WarnOfEmptyPools(settings.Proxy, log);
            Show(settings);
            return 0;
        }

        var budget = DescriptorBudget.Of(settings.Proxy, console, web, Descriptors.RaiseLimit());
        settings = budget.Apply(settings);
        Shortage.Check(settings.Proxy.Shards, settings.Proxy.MaxInFlight);
        var source = new ConfigurationSource(loaded, again =>
        {
            ProcessOptions next = CommandLine.Parse(args, again, out LoadedConfiguration? another).Settings.Complete(Environment.ProcessorCount, again);
            return (budget.Apply(next), another);
        });
        using Service service = Bind(settings, console, web, source, lines, log);
        budget.Say(log);
        identity.Assume(BindsAgain(settings, console, web) || service.BindsLowPortLater);
        service.Run();
        return 0;
    }

    private static void SayNotes(IReadOnlyList<Note> notes, ILogger log)
    {
        foreach (Note note in notes)
        {
            log.ConfigurationNote(ConfigurationReload.LevelOf(note), note.Text);
        }
    }

    private static void Show(ProcessOptions settings)
    {
        if (settings.DumpOnly)
        {
            using Stream output = Console.OpenStandardOutput();
            SettingsText.Write(settings, output);
        }
        else
        {
            Console.WriteLine(settings.ConfigurationFile.Length == 0 ? "Configuration OK!" : $"Configuration '{settings.ConfigurationFile}' OK!");
        }
    }

    /// <summary>Whether a port below 1024 has to be bound again when an interface is deleted and made again.</summary>
    private static bool BindsAgain(ProcessOptions settings, ConsoleOptions? console, WebServerOptions? web)
    {
        return settings.Proxy.Frontends.SelectMany(frontend => frontend.Places())
            .Concat(new[] { console?.Address, web?.Address }.OfType<IPEndPoint>().Select(address => new LocalPlace(address)))
            .Any(place => place.Address.Port < Service.FirstUnprivilegedPort && place.TiedTo.Length > 0);
    }

    /// <summary>What the start would find, but for addresses in use: that may be by the process that runs with these very settings.</summary>
    private static void Check(ProcessOptions settings, ILogger log, Problems problems)
    {
        problems.Add(ProxyServer.Check(settings.Proxy, log));
        foreach (string missing in ProxyServer.FindMissingAddresses(settings.Proxy))
        {
            log.WouldNotBind(missing, "the start would fail here and now");
        }

        WarnIfMissing("--control-socket", settings.Console.ControlSocket, settings, log);
        WarnIfMissing("--webserver", settings.Web.Address, settings, log);

        if (settings.Console.ControlSocket is UnixDomainSocketEndPoint path && ConsoleListener.ProblemWith(path) is { Length: > 0 } problem)
        {
            problems.Add($"--control-socket {path}: {problem}");
        }
    }

    private static void WarnIfMissing(string flag, EndPoint? address, ProcessOptions settings, ILogger log)
    {
        try
        {
            if (address is IPEndPoint ip)
            {
                Sockets.EnsureThere(new LocalPlace(ip, MayBeMissing: settings.Proxy.FreeBind));
            }
        }
        catch (Win32Exception exception)
        {
            log.WouldNotBind($"{flag} {address}: {exception.Message}", "DNS would be served without it");
        }
    }

    /// <summary>Binds all there is; when it is TLS that cannot be set up, everything that is wrong with it is said.</summary>
    private static Service Bind(ProcessOptions settings, ConsoleOptions? console, WebServerOptions? web, ConfigurationSource source, LogProvider lines, ILogger log)
    {
        try
        {
            return new Service(settings, console, web, source, lines, log);
        }
        catch (TlsConfigurationException exception)
        {
            throw ProxyServer.Check(settings.Proxy, NullLogger.Instance) is { Count: > 0 } all ? new OptionException(all) : exception;
        }
    }

    private static LogProvider OpenLog(ProcessOptions settings) => new(
        Console.OpenStandardError(),
        settings.IsCheck || (settings.LogFormat == LogFormat.Text && Journal.TakesStandardError()) ? LogFormat.Bare : settings.LogFormat,
        settings.Verbose ? LogLevel.Debug : LogLevel.Information,
        TimeProvider.System);
}
