using System;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>Makes methods of what scripts compute with, which touch no draft: a console's client has them, too.</summary>
internal static class ValueMethod
{
    /// <summary>One that gives something back.</summary>
    /// <typeparam name="T">What the object stands for.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="parameters">As help shows them.</param>
    /// <param name="help">What it does.</param>
    /// <param name="count">Arguments it takes, the object not counted.</param>
    /// <param name="run">Does it; the first argument is the object.</param>
    public static Function Giving<T>(string name, string parameters, string help, int count, Func<T, Arguments, LuaValue> run) =>
        new(name, parameters, help, (_, arguments) => run(Self<T>(arguments), arguments)) { Least = 1 + count, Most = 1 + count, IsForClients = true };

    /// <summary>One that gives nothing back.</summary>
    /// <inheritdoc cref="Giving"/>
    public static Function Doing<T>(string name, string parameters, string help, int count, Action<T, Arguments> run) => Giving<T>(name, parameters, help, count, (self, arguments) =>
    {
        run(self, arguments);
        return LuaValue.Nil;
    });

    private static T Self<T>(Arguments arguments) => arguments[0] is LuaObject { Target: T target } ? target : throw new ScriptException("write a colon in front of a method, object:method(), not a dot");
}
