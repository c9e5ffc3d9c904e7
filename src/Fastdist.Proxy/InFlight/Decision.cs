using Fastdist.Rules.Actions;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// What was decided about a query beyond letting it through, kept until its answer comes. Most queries have none; those that do take a
/// place in <see cref="DecisionTable"/>.
/// </summary>
internal record struct Decision()
{
    /// <summary>The pool that is asked; 0 is the default pool.</summary>
    public short Pool;

    /// <summary>What else was decided, and what was done to the query that its answer is to lose again.</summary>
    public DecisionNotes Notes;

    /// <summary>Bits of the client's address that are told to backends, IPv4 and IPv6; <see cref="OwnPrefix"/> for as many as all clients'.</summary>
    public byte PrefixV4 = OwnPrefix;
    public byte PrefixV6 = OwnPrefix;

    /// <summary>Largest TTL in its answer, seconds.</summary>
    public uint MaxTtl = uint.MaxValue;

    /// <summary>Seconds that a cache keeps a failure of it; <see cref="uint.MaxValue"/> for as long as others.</summary>
    public uint FailureTtl = uint.MaxValue;

    /// <summary>Milliseconds that its answer waits, over UDP.</summary>
    public int Delay;

    /// <summary>Codes of options that the query got and its client did not send, 16 bits each, which the answer loses again.</summary>
    public ulong AddedOptions;

    /// <summary>Its tags, as the shard's rules keep them; 0 for none.</summary>
    public int Tags;

    /// <summary>The network that backends are told in place of the client's; null for the client's.</summary>
    public SubnetAction? Subnet;

    /// <summary>The extended error (RFC 8914) that its answer gets, where it has an OPT; null for none.</summary>
    public ErrorNote? Error;

    /// <summary>No number of bits was decided.</summary>
    public const byte OwnPrefix = byte.MaxValue;

    /// <summary>Whether the query got an option that its client did not send, as far as that is kept.</summary>
    public readonly bool HasAdded(ushort code)
    {
        ulong codes = AddedOptions;
        while (codes != 0 && (ushort)codes != code)
        {
            codes >>= 16;
        }

        return codes != 0;
    }

    /// <summary>Whether something was decided.</summary>
    public readonly bool Has(DecisionNotes note) => (Notes & note) != 0;
}
