using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Dns;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Tables;
using static Fastdist.Control.Configuration.Objects.Rules.RuleObjects;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>Selectors of what stands in a message besides its name.</summary>
internal static class MessageSelectorFunctions
{
    private const int MostOpcode = 15;
    private const int MostRcode = 15;
    private const int MostExtendedRcode = 4095;
    private const int LastSection = 3;

    private static readonly (string Name, Comparison Comparison)[] s_comparisons =
    [
        ("equal", Comparison.Equal), ("greater", Comparison.Greater), ("greaterOrEqual", Comparison.GreaterOrEqual), ("smaller", Comparison.Smaller), ("smallerOrEqual", Comparison.SmallerOrEqual),
    ];

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Selecting("QTypeRule", "type", "queries for records of this type", 1, 1, static arguments => new TypeSelector(arguments.Type(0))),
        Selecting("QClassRule", "class", "queries of this class, such as DNSClass.CHAOS", 1, 1, static arguments => new ClassSelector((ushort)arguments.Integer(0, "class", 0, ushort.MaxValue))),
        Selecting("OpcodeRule", "opcode", "messages with this opcode, such as DNSOpcode.Notify", 1, 1, static arguments => new OpcodeSelector((Opcode)arguments.Integer(0, "opcode", 0, MostOpcode))),
        Selecting("RDRule", "", "queries that want recursion", 0, 0, static _ => new RecursionDesiredSelector()),
        Selecting("DNSSECRule", "", "queries with CD or DO", 0, 0, static _ => new DnssecSelector()),
        Selecting("EDNSVersionRule", "version", "queries with a version of EDNS above this", 1, 1, static arguments => new EdnsVersionSelector((byte)arguments.Integer(0, "version", 0, byte.MaxValue))),
        Selecting("EDNSOptionRule", "code", "queries with this option of EDNS, such as EDNSOptionCode.ECS", 1, 1, static arguments => new EdnsOptionSelector((ushort)arguments.Integer(0, "code", 0, ushort.MaxValue))),
        Selecting("RCodeRule", "rcode", "answers with these four bits of RCODE in the header, such as DNSRCode.NXDOMAIN", 1, 1, static arguments => new RcodeSelector((byte)arguments.Integer(0, "rcode", 0, MostRcode))),
        Selecting("ERCodeRule", "rcode", "answers of EDNS with this whole RCODE, such as DNSRCode.BADVERS", 1, 1, static arguments => new ExtendedRcodeSelector((ushort)arguments.Integer(0, "rcode", 0, MostExtendedRcode))),
        Selecting("RecordsCountRule", "section, least, most", "messages whose header says that a section, such as DNSSection.Answer, has so many records", 3, 3, static arguments =>
        {
            int section = Section(arguments);
            (int least, int most) = arguments.Range(1, ushort.MaxValue);
            return new RecordsCountSelector(section, least, most);
        }),
        Selecting("RecordsTypeCountRule", "section, type, least, most", "messages with so many records of a type in a section", 4, 4, static arguments =>
        {
            int section = Section(arguments);
            RecordType type = arguments.Type(1);
            (int least, int most) = arguments.Range(2, ushort.MaxValue);
            return new RecordsTypeCountSelector(section, type, least, most);
        }),
        Selecting("PayloadSizeRule", "comparison, bytes", "messages of a size, where the comparison is equal, greater, greaterOrEqual, smaller or smallerOrEqual", 2, 2, static arguments =>
            new PayloadSizeSelector(Comparing(arguments.String(0, "comparison")), arguments.Integer(1, "bytes", 0, ushort.MaxValue))),
        Selecting("TrailingDataRule", "", "messages with bytes behind their last record", 0, 0, static _ => new TrailingDataSelector()),
    ];

    private static int Section(Arguments arguments) => arguments.Integer(0, "section", 0, LastSection);

    private static Comparison Comparing(string name)
    {
        foreach ((string known, Comparison comparison) in s_comparisons)
        {
            if (known == name)
            {
                return comparison;
            }
        }

        IEnumerable<string> names = s_comparisons.Select(static comparison => comparison.Name);
        throw new ScriptException($"argument 1, comparison: expected {string.Join(", ", names)}, got '{name}'{Nearest.SuggestBeginning(name, names)}");
    }
}
