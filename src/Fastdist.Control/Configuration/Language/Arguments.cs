using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Lua;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Language;

/// <summary>What a function was called with; each way to read it says which argument is wrong, and what was expected.</summary>
/// <param name="values">Its arguments; the first one of a method is the object.</param>
/// <param name="isMethod">Whether it is a method, whose object nobody counts who writes arguments.</param>
internal sealed class Arguments(IReadOnlyList<LuaValue> values, bool isMethod = false)
{
    private readonly int _objects = isMethod ? 1 : 0;

    /// <summary>How many there are.</summary>
    public int Count => values.Count;

    /// <summary>All of them.</summary>
    public IReadOnlyList<LuaValue> All => values;

    /// <summary>The argument at a place, from 0; nil where there is none.</summary>
    public LuaValue this[int index] => index < values.Count ? values[index] : LuaValue.Nil;

    /// <summary>Whether there is an argument at a place; nil is none.</summary>
    public bool Has(int index) => this[index] is not LuaNil;

    /// <summary>Refuses a wrong number of arguments.</summary>
    public void RequireCount(int least, int most)
    {
        // Whoever passes a variable that was never set passes nil, and nil at the end is no argument.
        int count = values.Count;
        while (count > least && values[count - 1] is LuaNil)
        {
            count--;
        }

        if (count < least || count > most)
        {
            (least, most) = (least - _objects, most - _objects);
            string expected = most == 0 ? "no arguments" : least == most ? Several(least) : $"{least} to {Several(most)}";
            throw new ScriptException(count < _objects ? "write a colon before the method" : $"expected {expected}, got {count - _objects}");
        }
    }

    /// <summary>A string; numbers are taken for one.</summary>
    public string String(int index, string name) => TextOf(this[index]) ?? throw Wrong(index, name, "a string");

    /// <summary>A string, or what stands for it when there is none.</summary>
    public string String(int index, string name, string otherwise) => Has(index) ? String(index, name) : otherwise;

    /// <summary>A boolean.</summary>
    public bool Boolean(int index, string name) => this[index] is LuaBoolean boolean ? boolean.Value : throw Wrong(index, name, "true or false");

    /// <summary>A whole number within bounds; a string of digits is taken for one.</summary>
    public int Integer(int index, string name, int least, int most)
    {
        double? number = NumberOf(this[index]);
        return number is { } value && value == Math.Floor(value) && value >= least && value <= most
            ? (int)value
            : throw Wrong(index, name, $"a whole number from {least} to {most}");
    }

    /// <summary>A whole number of 32 bits; a string of digits is taken for one.</summary>
    public uint Unsigned(int index, string name) =>
        NumberOf(this[index]) is { } value && value == Math.Floor(value) && value is >= 0 and <= uint.MaxValue ? (uint)value : throw Wrong(index, name, $"a whole number from 0 to {uint.MaxValue}");

    /// <summary>A place in a list, from 0.</summary>
    public int Index(int index, string name) => Integer(index, name, 0, int.MaxValue);

    /// <summary>The bytes of a string, which may be no text.</summary>
    public byte[] Bytes(int index, string name) => this[index] is LuaString text ? text.Bytes.ToArray() : throw Wrong(index, name, "a string");

    /// <summary>A number.</summary>
    public double Number(int index, string name) => NumberOf(this[index]) ?? throw Wrong(index, name, "a number");

    /// <summary>A function.</summary>
    public LuaFunction Function(int index, string name) => this[index] as LuaFunction ?? throw Wrong(index, name, "a function");

    /// <summary>A table.</summary>
    public LuaTable Table(int index, string name) => this[index] as LuaTable ?? throw Wrong(index, name, "a table");

    /// <summary>A table of options; without one, an empty one.</summary>
    public LuaTable Options(int index) => !Has(index) ? new LuaTable([], []) : this[index] as LuaTable ?? throw Wrong(index, "options", "a table of key=value");

    /// <summary>One string, or a table of strings.</summary>
    public IReadOnlyList<string> Strings(int index, string name) => this[index] switch
    {
        LuaTable { Fields.Count: 0 } table => [.. table.Items.Select(item => TextOf(item) ?? throw Wrong(name, index, item, "a table of strings only"))],
        { } other when TextOf(other) is { } text => [text],
        _ => throw Wrong(index, name, "a string or a table of strings"),
    };

    /// <summary>What an object of ours stands for.</summary>
    /// <param name="index">Where.</param>
    /// <param name="name">Of the parameter.</param>
    /// <param name="expected">What is expected, with its article.</param>
    public T Object<T>(int index, string name, string expected)
        where T : class => this[index] is LuaObject { Target: T target } ? target : throw Wrong(index, name, expected);

    /// <summary>A policy, which is no string but a name of the language.</summary>
    public PolicyKind Policy(int index) => this[index] is LuaObject { Target: PolicyKind policy } ? policy : throw Wrong(index, "policy", "a policy such as leastOutstanding, without quotes");

    /// <summary>What is said of an argument that is not what was expected.</summary>
    public ScriptException Wrong(int index, string name, string expected) => Wrong(name, index, this[index], expected);

    private static string Several(int count) => count == 1 ? "1 argument" : $"{count} arguments";

    private ScriptException Wrong(string name, int index, LuaValue got, string expected) => new($"argument {index + 1 - _objects}, {name}: expected {expected}, got {Describe(got)}");

    private static string Describe(LuaValue value) => value switch
    {
        LuaString text => $"'{text}'",
        LuaNumber or LuaBoolean => $"{value}",
        _ => value.Kind,
    };

    private static string? TextOf(LuaValue value) => value is LuaString or LuaNumber ? $"{value}" : null;

    private static double? NumberOf(LuaValue value) => value switch
    {
        LuaNumber number => number.Value,
        LuaString text when double.TryParse(text.Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double number) => number,
        _ => null,
    };
}
