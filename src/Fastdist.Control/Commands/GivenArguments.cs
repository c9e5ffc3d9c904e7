using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Commands.Syntax;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Commands;

/// <summary>What a command was called with; each way to read it says which argument is wrong, and what was expected.</summary>
/// <param name="command">The command's name.</param>
/// <param name="values">Its arguments.</param>
/// <param name="owner">The object that a method was called on.</param>
internal sealed class GivenArguments(string command, IReadOnlyList<Value> values, Value owner)
{
    /// <summary>The server that a method was called on.</summary>
    public BackendView Server => ((ServerValue)owner).Server;

    /// <summary>The frontend that a method was called on.</summary>
    public FrontendView Frontend => ((FrontendValue)owner).Frontend;

    /// <summary>Whether there is an argument at a place, from 0; nil is none.</summary>
    public bool Has(int index) => index < values.Count && values[index] is not NilValue;

    /// <summary>Refuses a wrong number of arguments.</summary>
    public void RequireCount(int least, int most)
    {
        if (values.Count < least || values.Count > most)
        {
            string expected = most == 0 ? "no arguments" : least == most ? $"{Count(least)}" : $"{least} to {Count(most)}";
            throw new CommandException($"{command}: expected {expected}, got {values.Count}; see help(\"{command}\")");
        }
    }

    public string String(int index, string name) => Value(index) is StringValue text ? text.Value : throw Wrong(index, name, "a string");

    public long Index(int index, string name) => Value(index) is IntegerValue number ? number.Value : throw Wrong(index, name, "a number from 0");

    /// <summary>A policy by its name, which is no string but a name of the language, as in dnsdist.</summary>
    public PolicyKind Policy(int index) => Value(index) is PolicyValue policy ? policy.Policy : throw Wrong(index, "policy", $"one of {PolicyNames.All}, without quotes");

    /// <summary>A server by its number, name or UUID, or itself.</summary>
    public BackendView ServerAt(int index, Operator actor) => Value(index) switch
    {
        IntegerValue number => actor.Server(number.Value),
        StringValue text => actor.Server(text.Value),
        ServerValue server => server.Server,
        _ => throw Wrong(index, "server", "a number, name, UUID or server"),
    };

    /// <summary>One string, or a table of strings.</summary>
    public IReadOnlyList<string> Strings(int index, string name) => Value(index) switch
    {
        StringValue text => [text.Value],
        TableValue { Fields.Count: 0 } table => [.. table.Items.Select(item => item is StringValue text ? text.Value : throw Wrong(name, index, item, "a table of strings only"))],
        _ => throw Wrong(index, name, "a string or a table of strings"),
    };

    /// <summary>A boolean among the fields of a table that may be left out.</summary>
    /// <param name="index">Where the table is.</param>
    /// <param name="field">The only field there is.</param>
    public bool Option(int index, string field)
    {
        if (!Has(index))
        {
            return false;
        }

        bool value = false;
        foreach ((string key, Value given) in Fields(index, "options"))
        {
            value = key != field ? throw new CommandException($"{command}: there is no option '{key}'; the only one is '{field}'")
                : given is BooleanValue boolean ? boolean.Value
                : throw new CommandException($"{command}: option '{field}': expected true or false, got {given.Kind}");
        }

        return value;
    }

    /// <summary>The options of a server: a table of them, or its address only. What is a list gives its key several times.</summary>
    public IReadOnlyList<(string Key, string Value)> ServerOptions(int index)
    {
        if (Value(index) is StringValue address)
        {
            return [("address", address.Value)];
        }

        var options = new List<(string, string)>();
        foreach ((string key, Value value) in Fields(index, "options"))
        {
            IReadOnlyList<Value> all = value is TableValue { Fields.Count: 0 } list ? list.Items : [value];
            options.AddRange(all.Select(one => (key, Text(key, one))));
        }

        return options;
    }

    private static string Count(int count) => count == 1 ? "1 argument" : $"{count} arguments";

    private IReadOnlyList<(string Key, Value Value)> Fields(int index, string name) =>
        Value(index) is TableValue { Items.Count: 0 } table ? table.Fields : throw Wrong(index, name, "a table of key=value");

    private string Text(string key, Value value) => value switch
    {
        StringValue text => text.Value,
        BooleanValue or IntegerValue or FloatValue => Printer.Print(value),
        _ => throw new CommandException($"{command}: option '{key}': expected a string, number or boolean, got {value.Kind}"),
    };

    private Value Value(int index) => index < values.Count ? values[index] : NilValue.Instance;

    private CommandException Wrong(int index, string name, string expected) => Wrong(name, index, Value(index), expected);

    private CommandException Wrong(string name, int index, Value got, string expected) =>
        new($"{command}: argument {index + 1}, {name}: expected {expected}, got {got.Kind}");
}
