using System;
using System.Collections.Generic;
using System.Threading;
using Fastdist.Control.Commands;
using Fastdist.Control.Configuration;
using Fastdist.Proxy;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>Where the settings come from, so that they can be read again: the configuration and the flags.</summary>
/// <param name="Loaded">The configuration that was read at the start; null for none.</param>
/// <param name="Read">Reads both again, as at the start: the settings, whole, and the configuration; tells what is wrong and what is doubtful.</param>
internal sealed record ConfigurationSource(LoadedConfiguration? Loaded, Func<Problems, (ProcessOptions Settings, LoadedConfiguration? Loaded)> Read);

/// <summary>The configuration of the running process: its scripts, and reading it again.</summary>
internal sealed class ConfigurationReload(ConfigurationSource source, ProxyServer server, SettingsInUse settings, OperatorServices services, ILogger log)
{
    private readonly Lock _reading = new();
    private ProcessScripts? _scripts;

    /// <summary>The console's commands, once a process serves that has one.</summary>
    public ProcessScripts Scripts => _scripts!;

    /// <summary>From now on its scripts are run. Where no configuration was read and no console can ask, there are none, nor a Lua state and a thread for them.</summary>
    /// <param name="hasConsole">Whether there is a console, or will be.</param>
    public void Start(bool hasConsole) => _scripts = hasConsole || source.Loaded is not null ? Begin(source.Loaded) : null;

    /// <summary>How much something matters, in the log's words.</summary>
    public static LogLevel LevelOf(Note note) => note.Level switch
    {
        NoteLevel.Debug => LogLevel.Debug,
        NoteLevel.Information => LogLevel.Information,
        NoteLevel.Warning => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    /// <summary>Reads configuration and flags again and applies what has changed; what is wrong is logged, and nothing changed then.</summary>
    public void TryReload()
    {
        try
        {
            Reload();
        }
        catch (OptionException exception)
        {
            foreach (string line in exception.Message.Split('\n'))
            {
                log.ConfigurationNotReloaded(line);
            }
        }
    }

    /// <summary>Reads configuration and flags again and applies what has changed. Certificates and other files are read again, too.</summary>
    /// <exception cref="OptionException">Something is wrong, and nothing was changed.</exception>
    public void Reload()
    {
        lock (_reading)
        {
            var problems = new Problems();
            (ProcessOptions next, LoadedConfiguration? loaded) = source.Read(problems);
            next.Proxy.Rules.TakeOver(settings.Read(out _).Proxy.Rules);
            if (!problems.Any && !settings.TryApply(next, out IReadOnlyList<string> refused))
            {
                problems.Add(refused);
            }

            if (problems.Any)
            {
                loaded?.Dispose();
                problems.ThrowIfAny();
            }

            foreach (Note note in problems.Notes)
            {
                log.ConfigurationNote(LevelOf(note), note.Text);
            }

            GoOnWith(loaded);
            server.Reload();
            log.ConfigurationReloaded();
        }
    }

    private ProcessScripts Begin(LoadedConfiguration? loaded) => new(server, services, settings, loaded, note => log.ConfigurationNote(LevelOf(note), note.Text));

    private void GoOnWith(LoadedConfiguration? loaded)
    {
        if (_scripts is null)
        {
            _scripts = loaded is null ? null : Begin(loaded);
            return;
        }

        foreach (string undone in _scripts.Replace(loaded))
        {
            log.ConsoleChangeUndone(undone);
        }
    }
}
