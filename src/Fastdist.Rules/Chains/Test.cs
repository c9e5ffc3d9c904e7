namespace Fastdist.Rules.Chains;

/// <summary>What a <see cref="Test"/> looks at.</summary>
internal enum TestKind : byte
{
    /// <summary>Whether one of the names of many rules fits; A is its number among them, B the last of those that stand next to each other.</summary>
    KeyedName,
    Suffixes,
    NameSet,
    LabelCount,
    WireLength,
    NamePattern,
    Type,
    Class,
    Opcode,
    RecursionDesired,
    Dnssec,
    EdnsVersion,
    EdnsOption,
    Rcode,
    ExtendedRcode,
    RecordsCount,
    RecordsTypeCount,
    PayloadSize,
    TrailingData,
    Source,
    Destination,
    DestinationPort,
    Stream,
    Transport,
    ServerName,
    HttpPath,
    HttpPathPattern,
    HttpHeader,
    ClientRate,
    ProcessRate,
    Probability,
    Tag,
    TimedAddresses,
    PoolAvailable,
    PoolOutstanding,
    Custom,
}

/// <summary>
/// One row of a compiled chain: a test, and where it goes on when that holds and when it does not. And, Or and Not are nothing but such targets.
/// A target is another row, or <see cref="Matched"/> of a rule, or <see cref="End"/>.
/// </summary>
internal struct Test
{
    /// <summary>Where a chain goes on when no rule is left.</summary>
    public const int End = int.MinValue;

    /// <summary>What it looks at.</summary>
    public TestKind Kind;

    /// <summary>Where it goes on when the test holds.</summary>
    public int Yes;

    /// <summary>Where it goes on when it does not.</summary>
    public int No;

    /// <summary>Numbers that the test goes by.</summary>
    public int A;
    public int B;
    public int C;

    /// <summary>What else it goes by; state that a shard has of its own is found there by <see cref="A"/>.</summary>
    public object? Operand;

    /// <summary>The target that says that a rule matches.</summary>
    public static int Matched(int rule) => ~rule;

    /// <summary>The rule that a target says matches; -1 for none.</summary>
    public static int RuleOf(int target) => target == End ? -1 : ~target;
}
