using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration;

/// <summary>A configuration in dnsdist's language, and the settings that it comes to.</summary>
public static class ConfigurationFile
{
    /// <summary>Longest that one may take to be read. Services are given up by systemd after 90 s.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>The interpreter that is linked in, for instance <c>LuaJIT 2.1.0-beta3</c>.</summary>
    public static string LuaVersion => LuaState.LibraryVersion;

    /// <summary>Reads one.</summary>
    /// <param name="settings">What to begin with; says where it is and how it is taken.</param>
    /// <param name="isForClient">Whether only console and key are wanted of it.</param>
    /// <param name="problems">Told of all that is wrong with it, and of what is doubtful.</param>
    /// <param name="loaded">What is to live on with the process; null when there is nothing.</param>
    /// <returns>What it comes to, as far as it could be read.</returns>
    public static ProcessOptions Read(ProcessOptions settings, bool isForClient, Problems problems, out LoadedConfiguration? loaded)
    {
        loaded = null;
        string path = settings.ConfigurationFile;
        if (Path.GetExtension(path) is ".yml" or ".yaml")
        {
            problems.Add($"-C '{path}': YAML is not read: write what it says in Lua, by the functions of the same names");
            return settings;
        }

        var draft = new Draft(settings);
        byte[]? text = ReadText(path, problems);
        if (text is null)
        {
            return settings;
        }

        var policy = new ScriptPolicy { IsUnsafe = settings.LuaUnsafe, HasJit = settings.LuaJit, IgnoresUnsupported = settings.IgnoreUnsupported };
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        var script = new Script(policy, isForClient ? Occasion.Client : Occasion.Configuration, folder, draft, problems);
        Vocabulary.Teach(script);
        Run(script, text, path, problems);
        loaded = new LoadedConfiguration(script);
        return Whole(draft, problems);
    }

    /// <summary>Notes what is doubtful about settings as a whole, those of flags included.</summary>
    public static void Doubt(ProcessOptions settings, Problems problems)
    {
        IEnumerable<string> served = settings.Proxy.Backends.SelectMany(static server => server.Pools);
        foreach (string pool in RuleObjects.PoolsOf(settings.Proxy.Rules.All.Select(static entry => entry.Rule)).Except(served))
        {
            problems.Say(new Note(NoteLevel.Warning, RuleObjects.WithoutServers(pool)));
        }
    }

    private static byte[]? ReadText(string path, Problems problems)
    {
        try
        {
            if (ScriptFile.Read(path) is { } text)
            {
                return text;
            }

            problems.Add($"-C '{path}': no such file");
        }
        catch (LuaException exception)
        {
            problems.Add(exception.Message);
        }

        return null;
    }

    private static void Run(Script script, byte[] text, string path, Problems problems)
    {
        using var thread = new ScriptThread();
        try
        {
            thread.Run(() => script.Run(text, $"@{path}"), s_limit, script.Interrupt);
        }
        catch (LuaException exception)
        {
            problems.Add(exception.Message);
        }
        catch (ScriptException exception)
        {
            throw new OptionException($"-C '{path}': {exception.Message}");
        }
    }

    /// <summary>What only stands there in vain is no mistake in a configuration, which several hosts may share.</summary>
    private static ProcessOptions Whole(Draft draft, Problems problems)
    {
        ProcessOptions settings = draft.Complete();
        foreach (FrontendOptions plain in draft.PlainFrontendsBehindProxies())
        {
            problems.Add($"setProxyProtocolACL: {plain.Name} answers plain DNS, where no PROXY header is taken: say enableProxyProtocol=false there, or have the load balancer speak TLS");
        }

        return settings with
        {
            Console = settings.Console.ControlSocket is null ? new ConsoleSettings { Key = settings.Console.Key } : settings.Console,
            Web = settings.Web.Address is null ? new WebSettings() : settings.Web,
        };
    }
}
