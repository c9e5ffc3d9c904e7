using System.Collections.Generic;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Dns;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Selectors;
using static Fastdist.Control.Configuration.Objects.Rules.RuleObjects;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>Selectors that are made of others, and those of names.</summary>
internal static class SelectorFunctions
{
    private const int MostLabels = 255;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Selecting("AllRule", "", "all", 0, 0, static _ => new AllSelector()),
        Selecting("AndRule", "{selector, ...}", "what all of these match, asked in order until one does not", 1, 1, static arguments => new AndSelector(arguments.Selectors(0))),
        Selecting("OrRule", "{selector, ...}", "what one of these matches, asked in order until one does", 1, 1, static arguments => new OrSelector(arguments.Selectors(0))),
        Selecting("NotRule", "selector", "what this does not match", 1, 1, static arguments => new NotSelector(arguments.Selector(0))),
        Selecting("makeRule", "name | network | {name or network, ...}", "what addAction makes of names and networks", 1, 1, static (script, arguments) => Shorthand.Read(script, arguments, 0)),
        Selecting("QNameRule", "name", "queries for this name", 1, 1, static arguments => new NameSelector(arguments.Name(0))),
        Suffix("QNameSuffixRule"),
        Suffix("SuffixMatchNodeRule"),
        Selecting("QNameSetRule", "nameset", "queries for a name that is in a DNSNameSet now", 1, 1, static arguments => new NameSetSelector(arguments.Object<NameSet>(0, "nameset", "a DNSNameSet that newDNSNameSet made"))),
        Selecting("QNameLabelsCountRule", "least, most", "queries for names with fewer or more labels than that", 2, 2, static arguments =>
        {
            (int least, int most) = arguments.Range(0, MostLabels);
            return new LabelCountSelector(least, most);
        }),
        Selecting("QNameWireLengthRule", "least, most", "queries for names with fewer or more bytes than that in wire form", 2, 2, static arguments =>
        {
            (int least, int most) = arguments.Range(0, ushort.MaxValue);
            return new WireLengthSelector(least, most);
        }),
        Selecting("RegexRule", "pattern", "queries for names that this extended regular expression of POSIX finds something in, in any case, the final dot left out", 1, 1, static arguments =>
            new NamePatternSelector(arguments.Pattern(0, PatternSyntax.PosixExtended))),
        Selecting("RE2Rule", "pattern", "queries for names that this regular expression of RE2 matches from end to end, case and all, the final dot left out", 1, 1, static arguments =>
            new NamePatternSelector(arguments.Pattern(0, PatternSyntax.Re2))),
    ];

    private static Function Suffix(string name) =>
        Selecting(name, "name | {name, ...} | suffixset[, quiet]", "queries for these names and all below them, as the set is now; quiet leaves them out of tables", 1, 2, static arguments =>
            new SuffixSelector(arguments.Suffixes(0), arguments.BooleanOr(1, "quiet", otherwise: false)));
}
