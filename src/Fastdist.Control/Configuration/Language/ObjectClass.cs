using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Dnsdist;
using Fastdist.Lua;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Language;

/// <summary>A field of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Read">Reads it.</param>
/// <param name="Write">Writes it; null when that cannot be.</param>
internal sealed record Field<T>(string Name, Func<Script, T, LuaValue> Read, Action<Script, T, Arguments>? Write = null);

/// <summary>Makes the kinds of objects that the language has.</summary>
internal static class ObjectClass
{
    /// <summary>A kind.</summary>
    /// <typeparam name="T">What its objects stand for.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="owner">What methods are written behind in messages and in the list of dnsdist's names, for instance <c>server</c>.</param>
    /// <param name="methods">Its methods; their first argument is the object.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="text">What tostring says.</param>
    public static LuaClass Make<T>(string name, string owner, IReadOnlyList<Function> methods, IReadOnlyList<Field<T>> fields, Func<T, string> text)
        where T : notnull => Make(name, owner, methods, fields, text, static (_, target) => target);

    /// <summary>A kind whose objects outlive what they stand for.</summary>
    /// <typeparam name="T">What its objects stand for.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="owner">What methods are written behind in messages and in the list of dnsdist's names, for instance <c>server</c>.</param>
    /// <param name="methods">Its methods; their first argument is the object.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="text">What tostring says.</param>
    /// <param name="resolve">What an object stands for at the moment.</param>
    public static LuaClass Make<T>(string name, string owner, IReadOnlyList<Function> methods, IReadOnlyList<Field<T>> fields, Func<T, string> text, Func<Script, T, T> resolve)
        where T : notnull => new(name)
        {
            Kind = WithArticle(owner),
            Methods = methods.ToDictionary(static method => method.Name, method => Body(method, $"{owner}:{method.Name}")),
            Get = call => Script.Of(call) is { } script && fields.FirstOrDefault(field => field.Name == $"{call[1]}") is { } field
                ? Read(script, owner, field, call, resolve)
                : Unknown(call, owner, methods, fields),
            Set = call => Write(call, owner, fields, resolve),
            Text = call => LuaValue.Of(text(Target<T>(call[0]))),
        };

    private static string WithArticle(string owner) => $"{("aeiou".Contains(owner[0]) ? "an" : "a")} {owner}";

    private static LuaBody Body(Function method, string label) => call => Script.Of(call).Invoke(method, label, call);

    private static T Target<T>(LuaValue value) => value is LuaObject { Target: T target } ? target : throw new LuaException("this is another object");

    private static LuaValue Read<T>(Script script, string owner, Field<T> field, LuaCall call, Func<Script, T, T> resolve)
        where T : notnull
    {
        var getter = new Function(field.Name, "", "", (it, arguments) => field.Read(it, resolve(it, Target<T>(arguments[0])))) { Least = 2, Most = 2, IsForQueries = true };
        return script.Invoke(getter, $"{owner}.{field.Name}", call);
    }

    private static LuaValue Write<T>(LuaCall call, string owner, IReadOnlyList<Field<T>> fields, Func<Script, T, T> resolve)
        where T : notnull
    {
        if (fields.FirstOrDefault(field => field.Name == $"{call[1]}") is not { Write: { } write } field)
        {
            return Unknown(call, owner, [], fields);
        }

        var setter = Function.Doing(field.Name, "", "", 3, 3, (script, arguments) => write(script, resolve(script, Target<T>(arguments[0])), new Arguments([arguments[2]])));
        return Script.Of(call).Invoke(setter, $"{owner}.{field.Name}", call);
    }

    private static LuaValue Unknown<T>(LuaCall call, string owner, IReadOnlyList<Function> methods, IReadOnlyList<Field<T>> fields)
        where T : notnull
    {
        if ((DnsdistNames.Find($"{owner}:{call[1]}") ?? DnsdistNames.Find($"{owner}.{call[1]}")) is { } name && name.Fate is not (Fate.Same or Fate.Different))
        {
            return Script.Of(call).Meet(name, call.Where);
        }

        IEnumerable<string> known = methods.Select(static method => method.Name).Concat(fields.Select(static field => field.Name));
        throw new LuaException($"{WithArticle(owner)} has no '{call[1]}'{Nearest.Suggest($"{call[1]}", known)}");
    }
}
