using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Fastdist.Control.Configuration;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Options;

/// <summary>What the command line asks for.</summary>
internal enum Request
{
    Run,
    Help,
    Version,
    Reference,
    Migration,
    Client,
}

/// <summary>Reads the command line: System.CommandLine takes it apart, the option tables give it meaning.</summary>
internal static class CommandLine
{
    /// <exception cref="OptionException">It cannot be understood; there is a line for each part that cannot, which says what and where.</exception>
    public static (Request Request, ProcessOptions Settings) Parse(string[] args)
    {
        var problems = new Problems();
        (Request Request, ProcessOptions Settings) parsed = Parse(args, problems, out LoadedConfiguration? loaded);
        loaded?.Dispose();
        problems.ThrowIfAny();
        return parsed;
    }

    /// <summary>Reads what can be understood.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="problems">Told of what cannot.</param>
    /// <param name="loaded">The configuration that was read; null when none is to live on.</param>
    public static (Request Request, ProcessOptions Settings) Parse(string[] args, Problems problems, out LoadedConfiguration? loaded)
    {
        loaded = null;
        var root = new RootCommand { TreatUnmatchedTokensAsErrors = true };
        root.Options.Clear();
        var values = new Dictionary<OptionEntry<ProcessOptions>, Option<string[]>>();
        var switches = new Dictionary<OptionEntry<ProcessOptions>, Option<bool>>();
        foreach (OptionEntry<ProcessOptions> entry in ProcessOptionTable.Table.Entries)
        {
            string[] aliases = entry.Short == 0 ? [] : [$"-{entry.Short}"];
            if (entry.IsSwitch)
            {
                root.Options.Add(switches[entry] = new Option<bool>($"--{entry.Name}", aliases));
            }
            else
            {
                root.Options.Add(values[entry] = new Option<string[]>($"--{entry.Name}", aliases) { Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false });
            }
        }

        var help = new Option<bool>("--help", "-h");
        var version = new Option<bool>("--version", "-V");
        var reference = new Option<bool>("--option-reference") { Hidden = true };
        var migration = new Option<bool>("--migration-reference") { Hidden = true };
        var servers = new Argument<string[]>("server") { Arity = ArgumentArity.ZeroOrMore };
        root.Options.Add(help);
        root.Options.Add(version);
        root.Options.Add(reference);
        root.Options.Add(migration);
        root.Arguments.Add(servers);
        ParseResult result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        string[] positional = TakeUnknown(args, result.GetValue(servers) ?? [], root.Options.Where(o => !o.Hidden).Select(o => o.Name), problems);
        problems.Add(result.Errors.Select(error => $"{error.Message} See fastdist --help."));
        (Option<bool> Option, Request Request)[] texts = [(help, Request.Help), (version, Request.Version), (reference, Request.Reference), (migration, Request.Migration)];
        foreach ((Option<bool> option, Request request) in texts)
        {
            if (result.GetValue(option))
            {
                return (request, new ProcessOptions());
            }
        }

        ProcessOptions settings = Apply(result, values, switches, positional, problems, out loaded);
        return (settings.Console.IsClient ? Request.Client : Request.Run, settings);
    }

    /// <summary>Notes the flags that there are not; the word behind one is its value, and no server.</summary>
    /// <returns>The other words.</returns>
    private static string[] TakeUnknown(string[] args, string[] words, IEnumerable<string> known, Problems problems)
    {
        var others = new List<string>(words);
        foreach (string unknown in words.Where(word => word.StartsWith('-')))
        {
            string flag = unknown.Split('=')[0];
            string near = flag.StartsWith("--", StringComparison.Ordinal) ? Nearest.SuggestBeginning(flag, known) : "";
            problems.Add($"unknown option '{flag}'{(near.Length > 0 ? near : "; see fastdist --help")}");
            others.Remove(unknown);
            if (flag == unknown && args.ElementAtOrDefault(Array.IndexOf(args, unknown) + 1) is { } value && !value.StartsWith('-'))
            {
                others.Remove(value);
            }
        }

        return [.. others];
    }

    private static ProcessOptions Apply(
        ParseResult result, Dictionary<OptionEntry<ProcessOptions>, Option<string[]>> values, Dictionary<OptionEntry<ProcessOptions>, Option<bool>> switches,
        string[] positional, Problems problems, out LoadedConfiguration? loaded)
    {
        ProcessOptions ApplySwitches(ProcessOptions settings) =>
            switches.Where(one => result.GetValue(one.Value)).Aggregate(settings, static (current, one) => one.Key.Apply(current, ""));
        Dictionary<OptionEntry<ProcessOptions>, string[]> given = values.ToDictionary(one => one.Key, one => GivenTo(one.Key, result, one.Value, problems));
        ProcessOptions settings = ApplySwitches(new ProcessOptions());
        foreach ((OptionEntry<ProcessOptions> entry, string[] texts) in given.Where(one => one.Key.Name is "config" or "execute"))
        {
            settings = texts.Aggregate(settings, (current, text) => Apply(current, entry, text, problems));
        }

        settings = ReadConfiguration(settings, problems, out loaded);
        foreach ((OptionEntry<ProcessOptions> entry, string[] texts) in given.Where(one => one.Value.Length > 0))
        {
            settings = texts.Aggregate(Prevail(settings, entry.Name), (current, text) => Apply(current, entry, text, problems));
        }

        // The configuration may have set what they set, too.
        settings = ApplySwitches(settings);
        if (settings.Console.IsClient)
        {
            return problems.Try(() => WithPeer(settings, positional), settings);
        }

        OptionEntry<ProcessOptions> server = values.Keys.Single(e => e.Name == "server");
        settings = positional.Aggregate(settings, (current, value) => Apply(current, server, value, problems));
        ConfigurationFile.Doubt(settings, problems);
        return settings;
    }

    /// <summary>The values that an option was given.</summary>
    private static string[] GivenTo(OptionEntry<ProcessOptions> entry, ParseResult result, Option<string[]> option, Problems problems)
    {
        // One that lacks its value was reported.
        string[] given = result.GetResult(option)?.Errors.Any() == true ? [] : result.GetValue(option) ?? [];
        if (given.Length <= 1 || entry.IsRepeatable)
        {
            return given;
        }

        problems.Add($"--{entry.Name} was given {given.Length} times; once is enough");
        return [];
    }

    /// <summary>What the configuration says, before flags do; of a console's client only where the console is, and its key.</summary>
    private static ProcessOptions ReadConfiguration(ProcessOptions settings, Problems problems, out LoadedConfiguration? loaded)
    {
        loaded = null;
        if (settings.ConfigurationFile.Length == 0)
        {
            return settings;
        }

        ConsoleSettings console = settings.Console;
        ProcessOptions read = ConfigurationFile.Read(settings, console.IsClient, problems, out loaded);
        return console.IsClient
            ? settings with { Console = console with { Key = read.Console.Key, Peer = read.Console.ControlSocket } }
            : read;
    }

    /// <summary>A flag that is about a list or a secret takes the place of what the configuration says of it.</summary>
    private static ProcessOptions Prevail(ProcessOptions settings, string flag) => settings.ConfigurationFile.Length == 0 ? settings : flag switch
    {
        "local" => settings with { Proxy = settings.Proxy with { Frontends = [.. settings.Proxy.Frontends.Where(static frontend => !frontend.HasDatagrams)] } },
        "console-acl" => settings with { Console = settings.Console with { Acl = [] } },
        "setkey-file" => settings with { Console = settings.Console with { Key = "" } },
        "webserver-acl" => settings with { Web = settings.Web with { Acl = [] } },
        _ => settings,
    };

    private static ProcessOptions WithPeer(ProcessOptions settings, string[] positional)
    {
        if (positional.Length > 1)
        {
            throw new OptionException($"--client {positional[0]} {positional[1]}: expected one console");
        }

        try
        {
            return positional.Length == 0 ? settings : settings with { Console = settings.Console with { Peer = Values.ControlSocket(positional[0], ConsoleSettings.DefaultPort) } };
        }
        catch (FormatException exception)
        {
            throw new OptionException($"--client {positional[0]}: {exception.Message}");
        }
    }

    private static ProcessOptions Apply(ProcessOptions settings, OptionEntry<ProcessOptions> entry, string value, Problems problems)
    {
        try
        {
            return problems.Try(() => entry.Apply(settings, value), settings);
        }
        catch (FormatException exception)
        {
            problems.Add($"--{entry.Name} {value}: {exception.Message}");
            return settings;
        }
    }
}
