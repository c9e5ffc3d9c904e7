using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Commands.Syntax;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Commands;

/// <summary>Works out what a command comes to.</summary>
/// <param name="actor">Does it; null where there is no proxy, and only local commands can be run.</param>
internal sealed class Evaluator(Operator? actor)
{
    private static readonly Dictionary<string, Func<BackendView, Value>> s_serverFields = new()
    {
        ["name"] = server => new StringValue(server.Name),
        ["order"] = server => new IntegerValue(server.Options.Order),
        ["upStatus"] = server => new BooleanValue(server.IsUsable),
        ["weight"] = server => new IntegerValue(server.Options.Weight),
    };

    /// <exception cref="CommandException">It cannot be done.</exception>
    public Value Evaluate(Expression expression) => expression switch
    {
        Constant constant => constant.Value,
        TableConstructor table => EvaluateTable(table),
        NameReference reference when PolicyNames.TryRead(reference.Name, out PolicyKind policy) => new PolicyValue(policy),
        NameReference reference => new FunctionValue(Find(ObjectKind.None, reference.Name, reference.Column).Name),
        FieldReference field => EvaluateField(field),
        FunctionCall call => Call(call),
        MethodCall call => Call(call),
        _ => throw Lexer.Error(expression.Column, "this cannot be evaluated"),
    };

    private static Command Find(ObjectKind owner, string name, int column)
    {
        try
        {
            return CommandTable.Find(owner, name);
        }
        catch (CommandException exception)
        {
            throw Lexer.Error(column, exception.Message);
        }
    }

    private Value Call(FunctionCall call) => Evaluate(call.Function) is FunctionValue function
        ? Run(CommandTable.Find(ObjectKind.None, function.Name), call.Arguments, NilValue.Instance)
        : throw Lexer.Error(call.Column, "only a function can be called");

    private Value Call(MethodCall call)
    {
        Value owner = Evaluate(call.Owner);
        ObjectKind kind = owner switch
        {
            ServerValue => ObjectKind.Server,
            FrontendValue => ObjectKind.Frontend,
            _ => throw Lexer.Error(call.Column, $"{owner.Kind} has no methods"),
        };
        return Run(Find(kind, call.Method, call.Column), call.Arguments, owner);
    }

    private Value Run(Command command, IReadOnlyList<Expression> given, Value owner)
    {
        if (actor is null && !command.IsLocal)
        {
            throw new CommandException($"{command.Name} needs a running fastdist to ask");
        }

        var arguments = new GivenArguments(command.Name, [.. given.Select(Evaluate)], owner);
        arguments.RequireCount(command.Least, command.Most);
        return command.Run(actor!, arguments);
    }

    private Value EvaluateField(FieldReference field)
    {
        Value owner = Evaluate(field.Owner);
        if (owner is not ServerValue server)
        {
            throw Lexer.Error(field.Column, $"{owner.Kind} has no fields");
        }

        if (s_serverFields.TryGetValue(field.Name, out Func<BackendView, Value>? read))
        {
            return read(server.Server);
        }

        bool isMethod = CommandTable.All.Any(c => c.Owner == ObjectKind.Server && c.Name == field.Name);
        throw Lexer.Error(field.Column, isMethod
            ? $"'{field.Name}' is a method: write :{field.Name}() to call it"
            : $"'{field.Name}' is no field of a server{Nearest.Suggest(field.Name, s_serverFields.Keys)}");
    }

    private TableValue EvaluateTable(TableConstructor table)
    {
        var items = new List<Value>();
        var fields = new List<(string, Value)>();
        foreach (TableEntry entry in table.Entries)
        {
            Value value = Evaluate(entry.Value);
            if (entry.Key is null)
            {
                items.Add(value);
            }
            else if (Evaluate(entry.Key) is StringValue key)
            {
                fields.Add((key.Value, value));
            }
            else
            {
                throw Lexer.Error(entry.Key.Column, "expected a string as the key");
            }
        }

        return new TableValue(items, fields);
    }
}
