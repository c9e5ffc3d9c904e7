using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Control.Commands;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Dialogue;
using Fastdist.Lua;
using Fastdist.Proxy;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration;

/// <summary>
/// Scripts in the running process: the console's commands, text in, text out, and what a configuration has done every second. Each writes to a copy of
/// the settings in use, which is applied once it has ended well; so one that fails has changed nothing.
/// </summary>
public sealed partial class ProcessScripts : IConsoleCommands, IDisposable
{
    /// <summary>How long a command of the console, or the configuration's maintenance, may run.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_maintenanceInterval = TimeSpan.FromSeconds(1);

    private readonly ScriptThread _thread;
    private readonly Operator _actor;
    private readonly ISettingsInUse _settings;
    private readonly Action<Note> _say;
    private readonly TimeProvider _clock;
    private readonly List<(DateTimeOffset Time, string Line, bool IsSetting)> _changes = [];
    private Script _script;

    /// <summary>Those of a process.</summary>
    /// <param name="server">The proxy.</param>
    /// <param name="services">What commands need besides.</param>
    /// <param name="settings">What the process goes by.</param>
    /// <param name="configuration">The configuration that was read; null for none.</param>
    /// <param name="say">Writes to the log.</param>
    public ProcessScripts(ProxyServer server, OperatorServices services, ISettingsInUse settings, LoadedConfiguration? configuration, Action<Note> say)
        : this(new Operator(new RunningProxy(server), services), settings, configuration, say, TimeProvider.System)
    {
    }

    internal ProcessScripts(Operator actor, ISettingsInUse settings, LoadedConfiguration? configuration, Action<Note> say, TimeProvider clock)
    {
        (_actor, _settings, _say, _clock) = (actor, settings, say, clock);
        _script = Prepare(configuration);
        _thread = new ScriptThread(Maintain, s_maintenanceInterval);
    }

    /// <summary>Goes on with another configuration; what was changed on the console does not hold any longer.</summary>
    /// <param name="configuration">The one that was read; null for none.</param>
    /// <returns>The commands that changed something since the last time.</returns>
    public IReadOnlyList<string> Replace(LoadedConfiguration? configuration)
    {
        Script next = Prepare(configuration);
        using Script last = _thread.Run(() => Interlocked.Exchange(ref _script, next), s_limit, _script.Interrupt);
        lock (_changes)
        {
            // What was had done is done, and a server that somebody put down stays down.
            string[] undone = [.. _changes.Where(static change => change.IsSetting).Select(static change => change.Line)];
            _changes.Clear();
            return undone;
        }
    }

    /// <summary>What was changed on the console since the start or the last reload, as <c>delta()</c> prints it.</summary>
    public string Delta()
    {
        lock (_changes)
        {
            return string.Concat(_changes.Select(static change => $"-- {change.Time.ToString("ddd MMM dd yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}\n{change.Line}\n"));
        }
    }

    /// <summary>Runs a command that needs no proxy, such as <c>makeKey()</c>.</summary>
    /// <returns>The reply, as of <see cref="Execute"/>; null when it is another command, which a console may know.</returns>
    public static string? ExecuteLocally(string line)
    {
        if (!Vocabulary.Functions.Any(function => function.IsLocal && function.Name == Call().Match(line).Groups[1].Value))
        {
            return null;
        }

        using var script = new Script(new ScriptPolicy(), Occasion.Console, "/", new Draft(new ProcessOptions()), new Problems());
        Vocabulary.Teach(script);
        script.Begin(script.Draft);
        try
        {
            return Evaluate(script, line);
        }
        catch (Exception exception) when (exception is LuaException or ScriptException)
        {
            return Reply.Error(exception.Message);
        }
    }

    /// <inheritdoc/>
    public string Execute(string line)
    {
        try
        {
            Outcome outcome = _thread.Run(() => Try(() => Evaluate(_script, line)), s_limit, _script.Interrupt);
            Apply(outcome);
            Note(outcome, line);
            return outcome.Text;
        }
        catch (Exception exception)
        {
            // Whatever went wrong is the operator's to know, and no reason to end the session.
            return Reply.Error(exception.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _thread.Dispose();

    /// <summary>Evaluates a command: as an expression if it is one, else as a statement.</summary>
    private static string Evaluate(Script script, string line)
    {
        const string Name = "=console";
        LuaValue value;
        try
        {
            value = script.Run(Encoding.UTF8.GetBytes(script.IsExpression(line) ? $"return {line}" : line), Name);
        }
        catch (LuaException exception)
        {
            throw new LuaException(Place().Replace(exception.Message, ""));
        }

        return script.Warnings + (value is LuaNil ? script.Output : Display.Show(script, value));
    }

    private Script Prepare(LoadedConfiguration? configuration)
    {
        Script script = configuration?.Script ?? new Script(new ScriptPolicy(), Occasion.Console, "/", new Draft(new ProcessOptions()), new Problems());
        script.Lock.Enter();
        try
        {
            if (configuration is null)
            {
                Vocabulary.Teach(script);
            }

            // Variables of the configuration that hold a server are to mean the one that runs.
            script.Draft.Recognise(_settings.Read(out _).Proxy.Backends);
            script.Serve(_actor, _say);
            script.Define(Function.Doing("delta", "", "print what was changed on the console, and when", 0, 0, (it, _) => it.Print(Delta())) with { IsChange = false });
            return script;
        }
        finally
        {
            script.Lock.Exit();
        }
    }

    private Outcome Try(Func<string> run)
    {
        Script script = _script;
        script.Lock.Enter();
        try
        {
            var draft = new Draft(_settings.Read(out long version));
            script.Begin(draft);
            string text = run();
            return new Outcome(text, version, draft, script.Deeds);
        }
        finally
        {
            script.Lock.Exit();
        }
    }

    /// <summary>What the configuration has done every second; who reads the log learns what went wrong with it.</summary>
    private void Maintain()
    {
        if (!HasMaintenance())
        {
            return;
        }

        using var limit = new Timer(static script => ((Script)script!).Interrupt(), _script, s_limit, Timeout.InfiniteTimeSpan);
        try
        {
            Outcome outcome = Try(RunMaintenance);
            if (outcome.Draft.IsChanged || outcome.Deeds.Count > 0)
            {
                // What it had done may be to read the configuration again, which waits for this thread.
                Task.Run(() => ApplyMaintenance(outcome));
            }
        }
        catch (Exception exception)
        {
            Complain(exception);
        }
    }

    private bool HasMaintenance()
    {
        Script script = _script;
        script.Lock.Enter();
        try
        {
            return script.Orders.Any || script.Callbacks.Count > 0 || script["maintenance"] is LuaFunction;
        }
        finally
        {
            script.Lock.Exit();
        }
    }

    private void ApplyMaintenance(Outcome outcome)
    {
        try
        {
            Apply(outcome);
        }
        catch (Exception exception)
        {
            Complain(exception);
        }
    }

    private void Complain(Exception exception) => _say(new Note(NoteLevel.Error, $"maintenance: {exception.Message}"));

    private string RunMaintenance()
    {
        foreach (Action order in _script.Orders.Take())
        {
            Fulfil(order);
        }

        (_script["maintenance"] as LuaFunction)?.Call();
        foreach (LuaFunction callback in _script.Callbacks)
        {
            callback.Call();
        }

        return "";
    }

    /// <summary>Makes a change that was ordered for a query; one that cannot be made holds up no other.</summary>
    private void Fulfil(Action order)
    {
        try
        {
            order();
        }
        catch (Exception exception)
        {
            _say(new Note(NoteLevel.Error, $"ordered for a query: {exception.Message}"));
        }
    }

    /// <summary>Has a command's settings be used and its deeds be done, which may wait for files; scripts run meanwhile.</summary>
    private void Apply(Outcome outcome)
    {
        if (outcome.Draft.IsChanged)
        {
            if (!_settings.TryApply(outcome.Draft.Complete(), outcome.Version, out IReadOnlyList<string> problems))
            {
                throw new ScriptException(string.Join('\n', problems));
            }
        }

        foreach (Action deed in outcome.Deeds)
        {
            deed();
        }
    }

    private void Note(Outcome outcome, string line)
    {
        if (outcome.Draft.IsChanged || outcome.Deeds.Count > 0)
        {
            lock (_changes)
            {
                _changes.Add((_clock.GetUtcNow(), line, outcome.Draft.IsChanged));
            }
        }
    }

    [GeneratedRegex(@"^\s*(\w+)\s*[({""']")]
    private static partial Regex Call();

    /// <summary>Where in a command it went wrong; most have one line.</summary>
    [GeneratedRegex(@"^console:1: ")]
    private static partial Regex Place();

    private sealed record Outcome(string Text, long Version, Draft Draft, IReadOnlyList<Action> Deeds);
}
