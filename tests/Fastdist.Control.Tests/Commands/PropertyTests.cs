using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Control.Commands.Syntax;
using Xunit;

namespace Fastdist.Control.Tests.Commands;

[Trait("Stage", "5")]
public class PropertyTests
{
    /// <summary>What is most likely to meet an unforeseen case next to each other.</summary>
    private static readonly Gen<string> s_fragments = OneOf(
        "showServers", "getServer", "getTLSFrontend", "newServer", "setACL", "help", "(", ")", "{", "}", "[", "]", "[[", "]]", "[=[", "]=]", "=", ",", ";", ":", ".",
        "0", "1", "-", "--", "0x", "1e", "1.5", "\"", "'", "\\", "\\x", "\\12", "\\z", "\n", " ", "nil", "true", "address", "setUp", "name", "é", "\ud800", "\0").Array[0, 30]
        .Select(fragments => string.Concat(fragments));

    private static readonly Gen<string> s_names = OneOf("a", "_b", "getServer", "x1");

    private static readonly Gen<Expression> s_constants = Gen.OneOf(
        OneOf<Value>(NilValue.Instance, new BooleanValue(true), new BooleanValue(false), new IntegerValue(long.MinValue), new FloatValue(-0.0), new FloatValue(double.MaxValue)),
        Gen.Long.Select(n => (Value)new IntegerValue(n)),
        Gen.Double.Where(double.IsFinite).Select(n => (Value)new FloatValue(n)),
        Gen.String.Select(s => (Value)new StringValue(s)),
        s_fragments.Select(s => (Value)new StringValue(s))).Select(v => (Expression)new Constant(v, 0));

    [Fact]
    public void Any_text_gives_a_reply_and_never_an_exception() =>
        Gen.OneOf(Gen.String, s_fragments).Sample(line =>
        {
            string reply = new ConsoleUnderTest().Execute(line);
            Assert.True(reply.Length == 0 || reply.EndsWith('\n'), reply);
        });

    [Fact]
    public void A_command_that_was_printed_reads_as_the_same_command() =>
        Expressions(depth: 4).Sample(expression =>
        {
            string text = Printer.Print(expression);
            Expression again = Parser.Parse(text)!;
            Assert.Equal(text, Printer.Print(again));
            Assert.Equal(Shape(expression), Shape(again));
        });

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<Expression> Expressions(int depth)
    {
        if (depth == 0)
        {
            return Gen.OneOf(s_constants, s_names.Select(n => (Expression)new NameReference(n, 0)));
        }

        Gen<Expression> inner = Expressions(depth - 1);
        Gen<Expression> chains = Chains(depth);
        Gen<TableEntry> entries = Gen.Select(Gen.OneOf(Gen.Const((Expression?)null), inner.Select(e => (Expression?)e)), inner, (key, value) => new TableEntry(key, value));
        return Gen.OneOf(s_constants, chains, entries.Array[0, 3].Select(e => (Expression)new TableConstructor(e, 0)));
    }

    /// <summary>What calls, methods and fields can follow.</summary>
    private static Gen<Expression> Chains(int depth)
    {
        Gen<Expression> name = s_names.Select(n => (Expression)new NameReference(n, 0));
        if (depth == 0)
        {
            return name;
        }

        Gen<Expression> owner = Chains(depth - 1);
        Gen<Expression[]> arguments = Expressions(depth - 1).Array[0, 2];
        return Gen.OneOf(
            name,
            Gen.Select(owner, s_names, (o, n) => (Expression)new FieldReference(o, n, 0)),
            Gen.Select(owner, arguments, (o, a) => (Expression)new FunctionCall(o, a, 0)),
            Gen.Select(owner, s_names, arguments, (o, n, a) => (Expression)new MethodCall(o, n, a, 0)));
    }

    /// <summary>All that there is of an expression but its columns.</summary>
    private static string Shape(Expression? expression) => expression switch
    {
        null => "-",
        Constant constant => $"constant<{constant.Value}>",
        NameReference reference => $"name<{reference.Name}>",
        FieldReference field => $"field<{Shape(field.Owner)} {field.Name}>",
        FunctionCall call => $"call<{Shape(call.Function)} {Shapes(call.Arguments)}>",
        MethodCall call => $"method<{Shape(call.Owner)} {call.Method} {Shapes(call.Arguments)}>",
        TableConstructor table => $"table<{string.Join(' ', table.Entries.Select(e => $"{Shape(e.Key)}={Shape(e.Value)}"))}>",
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    private static string Shapes(IEnumerable<Expression> expressions) => string.Join(' ', expressions.Select(Shape));
}
