using System.Collections.Generic;

namespace Fastdist.Control.Commands.Syntax;

/// <summary>What an expression comes to: those here can be written.</summary>
internal abstract record Value
{
    /// <summary>What it is, with its article, for messages.</summary>
    public abstract string Kind { get; }
}

/// <summary>Nothing.</summary>
internal sealed record NilValue : Value
{
    /// <summary>There is one only.</summary>
    public static NilValue Instance { get; } = new();

    public override string Kind => "nil";
}

internal sealed record BooleanValue(bool Value) : Value
{
    public override string Kind => "a boolean";
}

internal sealed record IntegerValue(long Value) : Value
{
    public override string Kind => "a number";
}

/// <summary>A finite number with a fraction or an exponent.</summary>
internal sealed record FloatValue(double Value) : Value
{
    public override string Kind => "a number";
}

internal sealed record StringValue(string Value) : Value
{
    public override string Kind => "a string";
}

/// <summary>A list and named fields, either of which may be empty.</summary>
/// <param name="Items">The list.</param>
/// <param name="Fields">Named fields in the order written; a name may come twice.</param>
internal sealed record TableValue(IReadOnlyList<Value> Items, IReadOnlyList<(string Key, Value Value)> Fields) : Value
{
    public override string Kind => "a table";
}
