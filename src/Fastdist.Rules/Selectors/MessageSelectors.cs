using Fastdist.Dns;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Selectors;

/// <summary>Matches a type of question.</summary>
/// <param name="type">The type.</param>
public sealed class TypeSelector(RecordType type) : Selector
{
    /// <summary>The type.</summary>
    public RecordType Type => type;

    /// <inheritdoc/>
    public override string ToString() => $"qtype=={RecordTypes.ToText(type)}";
}

/// <summary>Matches a class of question.</summary>
/// <param name="number">The class, 1 for the Internet.</param>
public sealed class ClassSelector(ushort number) : Selector
{
    /// <summary>The class.</summary>
    public ushort Number => number;

    /// <inheritdoc/>
    public override string ToString() => $"qclass=={number}";
}

/// <summary>Matches an opcode.</summary>
/// <param name="opcode">The opcode.</param>
public sealed class OpcodeSelector(Opcode opcode) : Selector
{
    /// <summary>The opcode.</summary>
    public Opcode Opcode => opcode;

    /// <inheritdoc/>
    public override string ToString() => $"opcode=={(int)opcode}";
}

/// <summary>Matches what wants recursion.</summary>
public sealed class RecursionDesiredSelector : Selector
{
    /// <inheritdoc/>
    public override string ToString() => "rd==1";
}

/// <summary>Matches queries with CD or DO, which are of clients that know DNSSEC.</summary>
public sealed class DnssecSelector : Selector
{
    /// <inheritdoc/>
    public override string ToString() => "DNSSEC";
}

/// <summary>Matches queries whose OPT is of a version above one.</summary>
/// <param name="version">The version.</param>
public sealed class EdnsVersionSelector(byte version) : Selector
{
    /// <summary>The version.</summary>
    public byte Version => version;

    /// <inheritdoc/>
    public override string ToString() => $"ednsversion>{version}";
}

/// <summary>Matches queries that have an option in their OPT.</summary>
/// <param name="code">The option.</param>
public sealed class EdnsOptionSelector(ushort code) : Selector
{
    /// <summary>The option.</summary>
    public ushort Code => code;

    /// <inheritdoc/>
    public override string ToString() => $"ednsoptcode=={code}";
}

/// <summary>Matches the four bits of RCODE in the header.</summary>
/// <param name="rcode">The outcome.</param>
public sealed class RcodeSelector(byte rcode) : Selector
{
    /// <summary>The outcome.</summary>
    public byte Rcode => rcode;

    /// <inheritdoc/>
    public override string ToString() => $"rcode=={RcodeTexts.Of(rcode)}";
}

/// <summary>Matches the whole RCODE of what has an OPT.</summary>
/// <param name="rcode">The outcome, 0 to 4095.</param>
public sealed class ExtendedRcodeSelector(ushort rcode) : Selector
{
    /// <summary>The outcome.</summary>
    public ushort Rcode => rcode;

    /// <inheritdoc/>
    public override string ToString() => $"ercode=={RcodeTexts.Of(rcode)}";
}

/// <summary>Matches by how many records the header says that a section has.</summary>
/// <param name="section">0 question to 3 additional.</param>
/// <param name="least">The least.</param>
/// <param name="most">The most.</param>
public sealed class RecordsCountSelector(int section, int least, int most) : Selector
{
    private static readonly string[] s_sections = ["QD", "AN", "NS", "AR"];

    /// <summary>0 question to 3 additional.</summary>
    public int Section => section;

    /// <summary>The least.</summary>
    public int Least => least;

    /// <summary>The most.</summary>
    public int Most => most;

    /// <inheritdoc/>
    public override string ToString() => $"{least} <= records in {NameOf(section)} <= {most}";

    internal static string NameOf(int section) => s_sections[section];
}

/// <summary>Matches by how many records of a type a section has.</summary>
/// <param name="section">0 question to 3 additional.</param>
/// <param name="type">The type.</param>
/// <param name="least">The least.</param>
/// <param name="most">The most.</param>
public sealed class RecordsTypeCountSelector(int section, RecordType type, int least, int most) : Selector
{
    /// <summary>0 question to 3 additional.</summary>
    public int Section => section;

    /// <summary>The type.</summary>
    public RecordType Type => type;

    /// <summary>The least.</summary>
    public int Least => least;

    /// <summary>The most.</summary>
    public int Most => most;

    /// <inheritdoc/>
    public override string ToString() => $"{least} <= {RecordTypes.ToText(type)} records in {RecordsCountSelector.NameOf(section)} <= {most}";
}

/// <summary>How a size is compared.</summary>
public enum Comparison : byte
{
    /// <summary>The same.</summary>
    Equal,

    /// <summary>More.</summary>
    Greater,

    /// <summary>As much or more.</summary>
    GreaterOrEqual,

    /// <summary>Less.</summary>
    Smaller,

    /// <summary>As much or less.</summary>
    SmallerOrEqual,
}

/// <summary>Matches by the size of the message, bytes, whatever stands behind its last record included.</summary>
/// <param name="comparison">How it is compared.</param>
/// <param name="size">With what.</param>
public sealed class PayloadSizeSelector(Comparison comparison, int size) : Selector
{
    private static readonly string[] s_words = ["equal to", "greater than", "equal to or greater than", "smaller than", "equal to or smaller than"];

    /// <summary>How it is compared.</summary>
    public Comparison Comparison => comparison;

    /// <summary>With what.</summary>
    public int Size => size;

    /// <inheritdoc/>
    public override string ToString() => $"payload size is {s_words[(int)comparison]} {size}";
}

/// <summary>Matches messages with bytes behind their last record.</summary>
public sealed class TrailingDataSelector : Selector
{
    /// <inheritdoc/>
    public override string ToString() => "trailing data";
}
