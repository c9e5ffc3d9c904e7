using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>Something that a configuration of dnsdist can name, and what becomes of it here.</summary>
/// <param name="Name">
/// As it is written: <c>addACL</c> a function or variable, <c>server:setUp</c> a method, <c>server.weight</c> a member, <c>newServer{weight}</c> an
/// option in a function's table, <c>DNSAction.*</c> a table of constants, <c>--local</c> a flag.
/// </param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Note">A clause that says how, why, or what instead; empty when it is the same.</param>
internal sealed record DnsdistName(string Name, Fate Fate, string Note)
{
    /// <summary>What an operator is told who uses it and does not get what dnsdist does.</summary>
    public string Message => Fate switch
    {
        Fate.Ignored => $"{Name} does nothing here: {Note}",
        Fate.NotYet => $"{Name} is not supported yet: {Note}",
        Fate.Never => $"{Name} is not supported: {Note}",
        _ => $"{Name}: {Note}",
    };

    /// <summary>Names that are the same.</summary>
    public static IEnumerable<DnsdistName> Same(params string[] names) => names.Select(static name => new DnsdistName(name, Fate.Same, ""));

    /// <summary>A name that does something else, too.</summary>
    public static IEnumerable<DnsdistName> Different(string note, params string[] names) => Of(Fate.Different, note, names);

    /// <summary>Names that do nothing.</summary>
    public static IEnumerable<DnsdistName> Ignored(string note, params string[] names) => Of(Fate.Ignored, note, names);

    /// <summary>Names that are to come.</summary>
    public static IEnumerable<DnsdistName> NotYet(string note, params string[] names) => Of(Fate.NotYet, note, names);

    /// <summary>Names that are not to come.</summary>
    public static IEnumerable<DnsdistName> Never(string note, params string[] names) => Of(Fate.Never, note, names);

    /// <summary>The same names in each of several things: options of functions that share them, methods of objects that do.</summary>
    /// <param name="names">Written with <c>*</c> where the thing's name stands, such as <c>*{interface}</c>.</param>
    /// <param name="owners">What the asterisk stands for.</param>
    public static IEnumerable<DnsdistName> InEach(IEnumerable<DnsdistName> names, params string[] owners) =>
        from name in names from owner in owners select name with { Name = $"{owner}{name.Name[1..]}" };

    private static IEnumerable<DnsdistName> Of(Fate fate, string note, string[] names) => names.Select(name => new DnsdistName(name, fate, note));
}
