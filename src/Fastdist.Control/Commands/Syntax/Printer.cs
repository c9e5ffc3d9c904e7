using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Fastdist.Control.Commands.Syntax;

/// <summary>Writes commands and values in the syntax that <see cref="Parser"/> reads.</summary>
internal static class Printer
{
    /// <summary>Writes a command.</summary>
    public static string Print(Expression expression)
    {
        var output = new StringBuilder();
        Print(output, expression);
        return output.ToString();
    }

    /// <summary>Writes a value; objects as their kind.</summary>
    public static string Print(Value value)
    {
        var output = new StringBuilder();
        Print(output, value);
        return output.ToString();
    }

    private static void Print(StringBuilder output, Expression expression)
    {
        switch (expression)
        {
            case Constant constant:
                Print(output, constant.Value);
                break;
            case NameReference reference:
                output.Append(reference.Name);
                break;
            case FieldReference field:
                Print(output, field.Owner);
                output.Append('.').Append(field.Name);
                break;
            case FunctionCall call:
                Print(output, call.Function);
                PrintArguments(output, call.Arguments);
                break;
            case MethodCall call:
                Print(output, call.Owner);
                output.Append(':').Append(call.Method);
                PrintArguments(output, call.Arguments);
                break;
            case TableConstructor table:
                Join(output, '{', table.Entries, PrintEntry, '}');
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(expression), expression, "no such expression");
        }
    }

    private static void Print(StringBuilder output, Value value)
    {
        switch (value)
        {
            case StringValue text:
                QuotedString.Write(output, text.Value);
                break;
            case BooleanValue boolean:
                output.Append(boolean.Value ? "true" : "false");
                break;
            case IntegerValue integer:
                output.Append(CultureInfo.InvariantCulture, $"{integer.Value}");
                break;
            case FloatValue number:
                output.Append(Numbers.Write(number.Value));
                break;
            case TableValue table:
                PrintTable(output, table);
                break;
            default:
                output.Append(value.Kind);
                break;
        }
    }

    private static void PrintTable(StringBuilder output, TableValue table)
    {
        var entries = new List<TableEntry>();
        foreach (Value item in table.Items)
        {
            entries.Add(new TableEntry(null, new Constant(item, 0)));
        }

        foreach ((string key, Value value) in table.Fields)
        {
            entries.Add(new TableEntry(new Constant(new StringValue(key), 0), new Constant(value, 0)));
        }

        Join(output, '{', entries, PrintEntry, '}');
    }

    private static void PrintArguments(StringBuilder output, IReadOnlyList<Expression> arguments) => Join(output, '(', arguments, Print, ')');

    private static void PrintEntry(StringBuilder output, TableEntry entry)
    {
        if (entry.Key is { } key)
        {
            output.Append('[');
            Print(output, key);
            output.Append("]=");
        }

        Print(output, entry.Value);
    }

    private static void Join<T>(StringBuilder output, char open, IReadOnlyList<T> items, Action<StringBuilder, T> print, char close)
    {
        output.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            output.Append(i > 0 ? ", " : "");
            print(output, items[i]);
        }

        output.Append(close);
    }
}
