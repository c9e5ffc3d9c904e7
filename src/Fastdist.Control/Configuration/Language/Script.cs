using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Fastdist.Control.Commands;
using Fastdist.Control.Configuration.Dnsdist;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Fastdist.Tls;

namespace Fastdist.Control.Configuration.Language;

/// <summary>What a script may do, and how it is taken.</summary>
internal sealed record ScriptPolicy
{
    /// <summary>Whether it may run commands and native code.</summary>
    public bool IsUnsafe { get; init; }

    /// <summary>Whether it is compiled.</summary>
    public bool HasJit { get; init; }

    /// <summary>Whether what is not supported is a warning and no error.</summary>
    public bool IgnoresUnsupported { get; init; }
}

/// <summary>
/// A world of the configuration language: a Lua state with our functions, and the draft that they write to. Used by one thread at a time.
/// </summary>
internal sealed class Script : IDisposable
{
    /// <summary>Whoever has more to mend than this has seen enough.</summary>
    private const int MostProblems = 100;

    private readonly LuaState _state;
    private readonly ScriptPolicy _policy;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _warnings = new();
    private readonly List<string> _names = [];
    private readonly List<Action> _later = [];
    private readonly List<LuaFunction> _callbacks = [];
    private int _problemsUntold;
    private long _rules;
    private int _caches;
    private bool _isInDirectory;
    private bool _isWorldKept;
    private Operator? _operator;
    private Action<Note>? _say;

    /// <param name="policy">What it may do.</param>
    /// <param name="occasion">What it is for.</param>
    /// <param name="folder">The folder of the configuration.</param>
    /// <param name="draft">What its functions write to.</param>
    /// <param name="problems">Told of what is wrong, and of what is doubtful.</param>
    public Script(ScriptPolicy policy, Occasion occasion, string folder, Draft draft, Problems problems)
    {
        (_policy, Occasion, Folder, Draft, Problems) = (policy, occasion, folder, draft, problems);
        _state = new LuaState(new LuaOptions { IsUnsafe = policy.IsUnsafe, HasJit = policy.HasJit, Folder = folder, Read = ScriptFile.Read }) { Host = this };
    }

    /// <summary>What it is for.</summary>
    public Occasion Occasion { get; private set; }

    /// <summary>What its functions write to.</summary>
    public Draft Draft { get; private set; }

    /// <summary>Who may use it.</summary>
    public WorldLock Lock { get; } = new();

    /// <summary>Whether what runs is asked for a query, which waits.</summary>
    public bool IsOnQuery { get; private set; }

    /// <summary>Changes that were ordered for queries.</summary>
    public Orders Orders { get; } = new();

    /// <summary>What it may do.</summary>
    public ScriptPolicy Policy => _policy;

    /// <summary>The folder of the configuration.</summary>
    public string Folder { get; }

    /// <summary>Its world of Lua.</summary>
    public LuaState State => _state;

    /// <summary>The running process, which there is on the console.</summary>
    /// <exception cref="ScriptException">There is none.</exception>
    public Operator Operator => _operator ?? throw new ScriptException("it needs a running fastdist to ask");

    /// <summary>Told of what is wrong, and of what is doubtful.</summary>
    public Problems Problems { get; }

    /// <summary>From now on it serves the console of the running process.</summary>
    /// <param name="actor">Asks and tells the process.</param>
    /// <param name="say">Writes to its log.</param>
    public void Serve(Operator actor, Action<Note> say)
    {
        Occasion = Occasion.Console;
        (_operator, _say) = (actor, say);
    }

    /// <summary>Has what it says be in some log, and nowhere else.</summary>
    public void Hear(Action<Note> say) => _say = say;

    /// <summary>Begins to be asked for a query; whoever has the lock does so.</summary>
    public void BeginQuery() => IsOnQuery = true;

    /// <summary>The query waits no longer.</summary>
    public void EndQuery() => IsOnQuery = false;

    /// <summary>Has something be in the log of the process, from any thread; before there is one it is lost.</summary>
    public void SayToProcess(Note note) => _say?.Invoke(note);

    /// <summary>Begins with what somebody wrote on the console.</summary>
    /// <param name="draft">A copy of the settings in use.</param>
    public void Begin(Draft draft)
    {
        Draft = draft;
        _output.Clear();
        _warnings.Clear();
        _later.Clear();
    }

    /// <summary>Functions that are to be called every second, besides the one called maintenance.</summary>
    public IReadOnlyList<LuaFunction> Callbacks => [.. _callbacks];

    /// <summary>Has a function be called every second.</summary>
    public void AddCallback(LuaFunction callback)
    {
        callback.Keep();
        _callbacks.Add(callback);
    }

    /// <summary>What was printed since it began.</summary>
    public string Output => $"{_output}";

    /// <summary>What is doubtful of what was written since it began.</summary>
    public string Warnings => $"{_warnings}";

    /// <summary>What is to be done once its settings are in use.</summary>
    public IReadOnlyList<Action> Deeds => [.. _later];

    /// <summary>Has something be done once the script has ended well: nothing of a script that fails is done.</summary>
    public void Later(Action deed) => _later.Add(deed);

    /// <summary>A value as tostring shows it.</summary>
    public string Describe(LuaValue value) => value is LuaObject target ? $"{target.Class.Text(new LuaCall(_state, [value], ""))}" : $"{value}";

    /// <summary>What scripts have under a name.</summary>
    public LuaValue this[string name] => _state.Get(name);

    /// <summary>Gives it a function.</summary>
    public void Define(Function function)
    {
        _names.Add(function.Name);
        _state.Set(function.Name, call => Invoke(function, function.Name, call));
    }

    /// <summary>Gives it a name that dnsdist knows, and that does nothing here.</summary>
    public void Define(DnsdistName name)
    {
        _names.Add(name.Name);
        _state.Set(name.Name, call => Meet(name, call.Where));
    }

    /// <summary>Gives it a value.</summary>
    public void Define(string name, LuaValue value)
    {
        _names.Add(name);
        _state.Set(name, value);
    }

    /// <summary>The script whose function is called.</summary>
    public static Script Of(LuaCall call) => Of(call.State);

    /// <summary>The script of a world.</summary>
    public static Script Of(LuaState state) => (Script)state.Host!;

    /// <summary>Runs a text.</summary>
    /// <param name="text">It.</param>
    /// <param name="name">As <see cref="LuaState.Load"/> has it.</param>
    /// <returns>What it returns.</returns>
    /// <exception cref="LuaException">It is no Lua, or failed.</exception>
    public LuaValue Run(ReadOnlySpan<byte> text, string name)
    {
        try
        {
            return _state.Load(text, name).Call();
        }
        catch (LuaException exception) when (Explain(exception.Message) is { Length: > 0 } remedy)
        {
            throw new LuaException(exception.Message + remedy);
        }
        finally
        {
            if (_problemsUntold > 0)
            {
                Problems.Add($"... and {_problemsUntold} more");
                _problemsUntold = 0;
            }
        }
    }

    /// <summary>Whether a text is an expression, which has a value, and no statement.</summary>
    public bool IsExpression(string text)
    {
        try
        {
            _state.Load(Encoding.UTF8.GetBytes($"return {text}"), "=");
            return true;
        }
        catch (LuaException)
        {
            return false;
        }
    }

    /// <summary>Has it end soon, from any thread.</summary>
    public void Interrupt() => _state.Interrupt();

    /// <summary>Prints for whoever wrote it, when that is the console.</summary>
    public void Print(string text) => _output.Append(text);

    /// <summary>Notes that something is doubtful.</summary>
    public void Warn(string where, string text)
    {
        if (Occasion == Occasion.Console && !IsOnQuery)
        {
            _warnings.Append(System.Globalization.CultureInfo.InvariantCulture, $"Warning: {text}\n");
        }
        else
        {
            Say(new Note(NoteLevel.Warning, where.Length > 0 ? $"{where}: {text}" : text));
        }
    }

    /// <summary>Has something be in the log.</summary>
    public void Say(Note note) => (_say ?? Problems.Say)(note);

    /// <summary>Calls one of our functions.</summary>
    /// <param name="function">It.</param>
    /// <param name="label">What it is called in messages.</param>
    /// <param name="call">How it is called.</param>
    /// <returns>What it gives; of a configuration that is to be read on, something inert when it failed.</returns>
    public LuaValue Invoke(Function function, string label, LuaCall call)
    {
        if ((Occasion == Occasion.Client && !function.IsForClients) || call.Arguments.Any(Inert.IsIn))
        {
            return Inert.Value;
        }

        Place = call.Where;
        try
        {
            var arguments = new Arguments(call.Arguments, label.Contains(':', StringComparison.Ordinal));
            arguments.RequireCount(function.Least, function.Most);
            if (function.IsForProcess && Occasion != Occasion.Console)
            {
                Warn(call.Where, $"{label} is for the console of a running process, and left out");
                return Inert.Value;
            }

            if (IsOnQuery && !function.IsForQueries && !function.IsForClients)
            {
                return Order(function, arguments);
            }

            return function.IsForStart && Occasion == Occasion.Console
                ? throw new ScriptException("cannot be done while the process runs: write it into the configuration, and reload or restart")
                : function.Run(this, arguments);
        }
        catch (OptionException exception)
        {
            return Fail(call.Where, [.. exception.Lines.Select(line => Label(label, line))]);
        }
        catch (Exception exception) when (exception is ScriptException or CommandException or FormatException or TlsConfigurationException)
        {
            return Fail(call.Where, Label(label, exception.Message));
        }
    }

    /// <summary>Has what changes something be done when no query waits for it.</summary>
    private LuaValue Order(Function function, Arguments arguments)
    {
        if (!function.IsChange || function.IsForStart)
        {
            throw new ScriptException("cannot be called while a query waits: call it in the configuration, in maintenance() or on the console, and keep what it gives");
        }

        foreach (LuaFunction callback in arguments.All.OfType<LuaFunction>())
        {
            callback.Keep();
        }

        Orders.Add(() => function.Run(this, arguments));
        return LuaValue.Nil;
    }

    /// <summary>File and line of the call that is being run.</summary>
    public string Place { get; private set; } = "";

    /// <summary>Where a thing is written that the function being called makes.</summary>
    public WrittenAt Origin(string function) => new(Place.Length > 0 ? $"{Place}: {function}" : function);

    /// <summary>Counts a rule that is made.</summary>
    /// <returns>How many were made before.</returns>
    public long CountRule() => _rules++;

    /// <summary>Counts a packet cache that is made.</summary>
    /// <returns>Its number, from 1.</returns>
    public int CountCache() => ++_caches;

    /// <summary>Begins with the files of a directory, unless one of such files asks for it.</summary>
    public bool TryEnterDirectory() => !_isInDirectory && (_isInDirectory = true);

    /// <summary>They were read.</summary>
    public void LeaveDirectory() => _isInDirectory = false;

    /// <summary>Something that dnsdist knows was named, which does nothing here or is not supported.</summary>
    /// <returns>Something inert.</returns>
    public LuaValue Meet(DnsdistName name, string where)
    {
        if (Occasion == Occasion.Client)
        {
            return Inert.Value;
        }

        if (name.Fate is Fate.NotYet or Fate.Never && !_policy.IgnoresUnsupported)
        {
            return Fail(where, $"{name.Message} (or start with --ignore-unsupported to leave it out)");
        }

        Warn(where, name.Message);
        return Inert.Value;
    }

    /// <summary>Notes what is wrong with a configuration, which is read on; on the console the script ends there.</summary>
    /// <returns>Something inert.</returns>
    public LuaValue Fail(string where, params IReadOnlyList<string> lines)
    {
        if (Occasion == Occasion.Console || IsOnQuery)
        {
            throw new LuaException(string.Join('\n', lines));
        }

        foreach (string line in lines)
        {
            if (Problems.Count < MostProblems)
            {
                Problems.Add(where.Length > 0 && !line.StartsWith($"{where}: ", StringComparison.Ordinal) ? $"{where}: {line}" : line);
            }
            else
            {
                _problemsUntold++;
            }
        }

        return Inert.Value;
    }

    /// <summary>Has the world be there for as long as rules ask functions of it, whoever ends this script.</summary>
    public void KeepWorld() => _isWorldKept = true;

    /// <summary>Ends the world, unless rules ask it: shards may do so for a moment after they got others, and whatever collects the rules ends it then.</summary>
    public void Dispose()
    {
        if (!_isWorldKept)
        {
            _state.Dispose();
        }
    }

    /// <summary>What messages about a call begin with, unless they begin with the place and the function already.</summary>
    private string Label(string label, string line) =>
        line.StartsWith($"{label}:", StringComparison.Ordinal) || line.StartsWith($"{label}(", StringComparison.Ordinal) || (Place.Length > 0 && line.StartsWith($"{Place}: ", StringComparison.Ordinal)) ? line : $"{label}: {line}";

    /// <summary>What else there is to say of an error: a global name that there is not was probably another.</summary>
    private string Explain(string error)
    {
        const string Call = "attempt to call global '", Index = "attempt to index global '";
        foreach (string start in (ReadOnlySpan<string>)[Call, Index])
        {
            int begin = error.IndexOf(start, StringComparison.Ordinal) + start.Length;
            if (begin >= start.Length && error.IndexOf('\'', begin) is >= 0 and int end)
            {
                return Nearest.Suggest(error[begin..end], _names);
            }
        }

        return "";
    }
}
