using System.Linq;
using Fastdist.Dns;
using Fastdist.Rules.Patterns;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Selectors;

/// <summary>Matches one name.</summary>
/// <param name="name">The name.</param>
public sealed class NameSelector(DomainName name) : Selector
{
    /// <summary>The name.</summary>
    public DomainName Name => name;

    /// <inheritdoc/>
    public override string ToString() => $"qname=={name}";
}

/// <summary>Matches names and all below them.</summary>
/// <param name="suffixes">The names, as they were when the selector was made.</param>
/// <param name="isQuiet">Whether tables of rules leave the names out.</param>
public sealed class SuffixSelector(SuffixSet suffixes, bool isQuiet = false) : Selector
{
    /// <summary>The names, which nobody changes any more.</summary>
    public SuffixSet Suffixes { get; } = suffixes.Snapshot();

    /// <inheritdoc/>
    public override string ToString() => isQuiet ? "qname==in-set" : $"qname in {string.Join(", ", Suffixes.All.Order())}";
}

/// <summary>Matches the names of a set, and none below them.</summary>
/// <param name="names">The names, as they were when the selector was made.</param>
public sealed class NameSetSelector(NameSet names) : Selector
{
    /// <summary>The names, which nobody changes any more.</summary>
    public NameSet Names { get; } = names.Snapshot();

    /// <inheritdoc/>
    public override string ToString() => $"qname in DNSNameSet({Names.Count} FQDNs)";
}

/// <summary>Matches names with fewer or more labels than a range has; the root has none.</summary>
/// <param name="least">The least of the range.</param>
/// <param name="most">The most of it.</param>
public sealed class LabelCountSelector(int least, int most) : Selector
{
    /// <summary>The least of the range.</summary>
    public int Least => least;

    /// <summary>The most of it.</summary>
    public int Most => most;

    /// <inheritdoc/>
    public override string ToString() => $"labels count < {least} || labels count > {most}";
}

/// <summary>Matches names whose wire form is shorter or longer than a range, bytes; the root's is 1.</summary>
/// <param name="least">The least of the range.</param>
/// <param name="most">The most of it.</param>
public sealed class WireLengthSelector(int least, int most) : Selector
{
    /// <summary>The least of the range.</summary>
    public int Least => least;

    /// <summary>The most of it.</summary>
    public int Most => most;

    /// <inheritdoc/>
    public override string ToString() => $"wire length < {least} || wire length > {most}";
}

/// <summary>Matches names, without their final dot, by a pattern.</summary>
/// <param name="pattern">The pattern.</param>
public sealed class NamePatternSelector(Pattern pattern) : Selector
{
    /// <summary>The pattern.</summary>
    public Pattern Pattern => pattern;

    /// <inheritdoc/>
    public override string ToString() => $"{(pattern.Syntax == PatternSyntax.Re2 ? "RE2 match" : "Regex")}: {pattern.Text}";
}
