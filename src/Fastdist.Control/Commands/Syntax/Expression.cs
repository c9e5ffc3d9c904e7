using System.Collections.Generic;

namespace Fastdist.Control.Commands.Syntax;

/// <summary>A command as it was written.</summary>
/// <param name="Column">Where it begins, from 1; for what follows an object, where its name is.</param>
internal abstract record Expression(int Column);

/// <summary><c>nil</c>, <c>true</c>, <c>5</c>, <c>-2.5</c>, <c>"text"</c>.</summary>
internal sealed record Constant(Value Value, int Column) : Expression(Column);

/// <summary><c>{1, 2, key=3, ["key"]=4}</c>.</summary>
internal sealed record TableConstructor(IReadOnlyList<TableEntry> Entries, int Column) : Expression(Column);

/// <summary>One entry of a table.</summary>
/// <param name="Key">Null for the next of the list.</param>
/// <param name="Value">What it holds.</param>
internal sealed record TableEntry(Expression? Key, Expression Value);

/// <summary>A name by itself.</summary>
internal sealed record NameReference(string Name, int Column) : Expression(Column);

/// <summary><c>owner.name</c>.</summary>
internal sealed record FieldReference(Expression Owner, string Name, int Column) : Expression(Column);

/// <summary><c>function(a, b)</c>.</summary>
internal sealed record FunctionCall(Expression Function, IReadOnlyList<Expression> Arguments, int Column) : Expression(Column);

/// <summary><c>owner:method(a, b)</c>.</summary>
internal sealed record MethodCall(Expression Owner, string Method, IReadOnlyList<Expression> Arguments, int Column) : Expression(Column);
