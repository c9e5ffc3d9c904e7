using System;
using Fastdist.Control.Commands;
using Fastdist.Lua;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Language;

/// <summary>A function of the configuration language, or a method: the single source of calling, help and completion.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">As help shows them.</param>
/// <param name="Help">What it does, one line.</param>
/// <param name="Run">Does it. What it throws for the operator names neither the function nor the place of the call, which are added.</param>
internal sealed record Function(string Name, string Parameters, string Help, Func<Script, Arguments, LuaValue> Run)
{
    /// <summary>Arguments it needs.</summary>
    public int Least { get; init; }

    /// <summary>Arguments it takes.</summary>
    public int Most { get; init; }

    /// <summary>Whether it is for configurations only: what it sets is settled once the process runs.</summary>
    public bool IsForStart { get; init; }

    /// <summary>Whether it asks or tells the running process, and so does nothing in a configuration.</summary>
    public bool IsForProcess { get; init; }

    /// <summary>Whether it needs nothing of the process, so that who has no console yet can have it run.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Whether a console's client that reads a configuration needs it.</summary>
    public bool IsForClients { get; init; }

    /// <summary>Whether a function that is called for a query can have it: it takes no time, and changes nothing of the settings.</summary>
    public bool IsForQueries { get; init; }

    /// <summary>Whether it changes something and gives nothing back, so that it can be done later just as well.</summary>
    public bool IsChange { get; init; }

    /// <summary>One that prints for whoever is on the console.</summary>
    public static Function Printing(string name, string help, Func<Operator, string> print) =>
        Doing(name, "", help, 0, 0, (script, _) => script.Print(print(script.Operator))) with { IsForProcess = true, IsChange = false };

    /// <summary>One that asks the running process.</summary>
    public static Function Asking(string name, string parameters, string help, int arguments, Func<Operator, Arguments, LuaValue> ask) =>
        new(name, parameters, help, (script, given) => ask(script.Operator, given)) { IsForProcess = true, IsForQueries = true, Least = arguments, Most = arguments };

    /// <summary>One that has the running process do something once the script has ended well.</summary>
    public static Function Having(string name, string parameters, string help, int arguments, Func<Operator, Arguments, Action> plan) =>
        Doing(name, parameters, help, arguments, arguments, (script, given) => script.Later(plan(script.Operator, given))) with { IsForProcess = true };

    /// <summary>One that sets what a flag sets, too.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="help">What it does.</param>
    /// <param name="flag">The flag, without dashes.</param>
    /// <param name="parameter">What its argument is called.</param>
    public static Function Setting(string name, string help, string flag, string parameter = "number") => Doing(name, parameter, help, 1, 1, (script, arguments) =>
    {
        string value = OptionValue.Text(arguments[0]);
        try
        {
            script.Draft.Change(settings => ProcessOptionTable.Table.Set(settings, flag, value));
        }
        catch (FormatException exception)
        {
            throw new ScriptException($"'{value}': {exception.Message}");
        }
    });

    /// <summary>One that gives nothing back.</summary>
    public static Function Doing(string name, string parameters, string help, int least, int most, Action<Script, Arguments> run) =>
        new(name, parameters, help, (script, arguments) =>
        {
            run(script, arguments);
            return LuaValue.Nil;
        })
        { Least = least, Most = most, IsChange = true };
}
