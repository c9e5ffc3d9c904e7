using System;
using Fastdist.Control.Commands.Syntax;

namespace Fastdist.Control.Commands;

/// <summary>What a method belongs to.</summary>
internal enum ObjectKind
{
    /// <summary>None: a function of its own.</summary>
    None,

    /// <summary>A backend.</summary>
    Server,

    /// <summary>A frontend that speaks TLS, or HTTP.</summary>
    Frontend,
}

/// <summary>A function, or a method of an object, as the console knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">As help shows them.</param>
/// <param name="Help">What it does, one line.</param>
/// <param name="Run">Does it.</param>
internal sealed record Command(string Name, string Parameters, string Help, Func<Operator, GivenArguments, Value> Run)
{
    /// <summary>What it is a method of.</summary>
    public ObjectKind Owner { get; init; }

    /// <summary>Arguments it needs.</summary>
    public int Least { get; init; }

    /// <summary>Arguments it takes.</summary>
    public int Most { get; init; }

    /// <summary>Whether it needs no proxy, so that whoever has no console yet can have it run.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Its line of help.</summary>
    public string HelpLine => $"{(Owner == ObjectKind.None ? "" : $"{Owner}:")}{Name}({Parameters}): {Help}";
}
