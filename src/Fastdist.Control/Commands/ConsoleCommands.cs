using System;
using System.Globalization;
using System.Linq;
using Fastdist.Control.Commands.Syntax;
using Fastdist.Control.Dialogue;
using Fastdist.Proxy;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Commands;

/// <summary>The console's commands: text in, text out.</summary>
public sealed class ConsoleCommands : IConsoleCommands
{
    private readonly Evaluator _evaluator;

    /// <summary>The commands of a proxy.</summary>
    public ConsoleCommands(ProxyServer server, OperatorServices services)
        : this(new RunningProxy(server), services)
    {
    }

    internal ConsoleCommands(IProxyControl proxy, OperatorServices services) => _evaluator = new Evaluator(new Operator(proxy, services));

    /// <summary>Runs a command that needs no proxy, such as <c>makeKey()</c>.</summary>
    /// <returns>The reply, as of <see cref="Execute"/>; null when it is another command.</returns>
    public static string? ExecuteLocally(string line)
    {
        if (LocalCallIn(line) is not { } call)
        {
            return null;
        }

        try
        {
            return Show(new Evaluator(null).Evaluate(call));
        }
        catch (CommandException exception)
        {
            return Reply.Error(exception.Message);
        }
    }

    /// <inheritdoc/>
    public string Execute(string line)
    {
        try
        {
            return Parser.Parse(line) is { } command ? Show(_evaluator.Evaluate(command)) : "";
        }
        catch (Exception exception)
        {
            // Whatever went wrong is the operator's to know, and no reason to end the session.
            return Reply.Error(exception.Message);
        }
    }

    private static FunctionCall? LocalCallIn(string line)
    {
        try
        {
            return Parser.Parse(line) is FunctionCall { Function: NameReference name } call
                && CommandTable.All.Any(c => c.IsLocal && c.Name == name.Name) ? call : null;
        }
        catch (CommandException)
        {
            // The console that it is meant for may know more than our syntax: dnsdist's takes all of Lua.
            return null;
        }
    }

    private static string Show(Value value) => value switch
    {
        NilValue => "",
        PrintedValue printed => printed.Text,
        StringValue text => $"{text.Value}\n",
        FloatValue number => $"{number.Value.ToString("G14", CultureInfo.InvariantCulture)}\n",
        PolicyValue policy => $"ServerPolicy \"{PolicyNames.Of(policy.Policy)}\"\n",
        ServerValue server => $"{server.Server.Name}\n",
        FrontendValue frontend => $"{frontend.Frontend.Address}\n",
        FunctionValue function => throw new CommandException($"{function.Name} is a function: write {function.Name}() to call it"),
        _ => $"{Printer.Print(value)}\n",
    };
}
