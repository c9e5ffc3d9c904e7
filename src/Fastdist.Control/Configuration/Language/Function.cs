using System;
using Fastdist.Lua;

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

    /// <summary>Whether a console's client that reads a configuration needs it.</summary>
    public bool IsForClients { get; init; }

    /// <summary>One that gives nothing back.</summary>
    public static Function Doing(string name, string parameters, string help, int least, int most, Action<Script, Arguments> run) =>
        new(name, parameters, help, (script, arguments) =>
        {
            run(script, arguments);
            return LuaValue.Nil;
        })
        { Least = least, Most = most };
}
