using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;

namespace Fastdist.Options;

/// <summary>What the command line asks for.</summary>
internal enum Request
{
    Run,
    Help,
    Version,
    Reference,
    Client,
}

/// <summary>Reads the command line: System.CommandLine takes it apart, the option tables give it meaning.</summary>
internal static class CommandLine
{
    /// <exception cref="OptionException">It cannot be understood; the message says what and where.</exception>
    public static (Request Request, Settings Settings) Parse(string[] args)
    {
        var root = new RootCommand { TreatUnmatchedTokensAsErrors = true };
        root.Options.Clear();
        var values = new Dictionary<OptionEntry<Settings>, Option<string[]>>();
        var switches = new Dictionary<OptionEntry<Settings>, Option<bool>>();
        foreach (OptionEntry<Settings> entry in CommandLineTable.Table.Entries)
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
        var servers = new Argument<string[]>("server") { Arity = ArgumentArity.ZeroOrMore };
        root.Options.Add(help);
        root.Options.Add(version);
        root.Options.Add(reference);
        root.Arguments.Add(servers);
        ParseResult result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        string[] positional = result.GetValue(servers) ?? [];
        if (positional.FirstOrDefault(p => p.StartsWith('-')) is { } unknown)
        {
            throw new OptionException($"unknown option '{unknown}'; see fastdist --help");
        }

        if (result.Errors.Count > 0)
        {
            throw new OptionException($"{result.Errors[0].Message} See fastdist --help.");
        }

        if (result.GetValue(help) || result.GetValue(version) || result.GetValue(reference))
        {
            return (result.GetValue(help) ? Request.Help : result.GetValue(version) ? Request.Version : Request.Reference, new Settings());
        }

        Settings settings = Apply(result, values, switches, positional);
        return (settings.Console.IsClient ? Request.Client : Request.Run, settings);
    }

    private static Settings Apply(
        ParseResult result, Dictionary<OptionEntry<Settings>, Option<string[]>> values, Dictionary<OptionEntry<Settings>, Option<bool>> switches, string[] positional)
    {
        var settings = new Settings();
        foreach ((OptionEntry<Settings> entry, Option<string[]> option) in values)
        {
            string[] given = result.GetValue(option) ?? [];
            if (given.Length > 1 && !entry.IsRepeatable)
            {
                throw new OptionException($"--{entry.Name} was given {given.Length} times; once is enough");
            }

            foreach (string value in given)
            {
                settings = Apply(settings, entry, value);
            }
        }

        foreach ((OptionEntry<Settings> entry, Option<bool> option) in switches)
        {
            settings = result.GetValue(option) ? entry.Apply(settings, "") : settings;
        }

        if (settings.Console.IsClient)
        {
            return WithPeer(settings, positional);
        }

        OptionEntry<Settings> server = values.Keys.Single(e => e.Name == "server");
        return positional.Aggregate(settings, (current, value) => Apply(current, server, value));
    }

    private static Settings WithPeer(Settings settings, string[] positional)
    {
        if (positional.Length > 1)
        {
            throw new OptionException($"--client {positional[0]} {positional[1]}: expected one console");
        }

        try
        {
            return positional.Length == 0 ? settings : settings with { Console = settings.Console with { Peer = Values.ControlSocket(positional[0]) } };
        }
        catch (FormatException exception)
        {
            throw new OptionException($"--client {positional[0]}: {exception.Message}");
        }
    }

    private static Settings Apply(Settings settings, OptionEntry<Settings> entry, string value)
    {
        try
        {
            return entry.Apply(settings, value);
        }
        catch (FormatException exception)
        {
            throw new OptionException($"--{entry.Name} {value}: {exception.Message}");
        }
    }
}
