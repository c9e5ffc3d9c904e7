using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Actions;

/// <summary>What is set for a query or an answer by an action without further words.</summary>
public enum Switch : byte
{
    /// <summary>Backends are asked with RD=0.</summary>
    NoRecurse,

    /// <summary>Backends are asked with CD=1.</summary>
    DisableValidation,

    /// <summary>The client's network is not told.</summary>
    DisableSubnet,

    /// <summary>The network that is told replaces the client's own.</summary>
    OverrideSubnet,

    /// <summary>The client's own network is left.</summary>
    KeepSubnet,

    /// <summary>The cache is neither asked nor filled.</summary>
    SkipCache,
}

/// <summary>Something is switched, and the next rule is asked.</summary>
/// <param name="what">What.</param>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public sealed class SwitchAction(Switch what, bool isForAnswers = false) : RuleAction(isForAnswers)
{
    /// <summary>What.</summary>
    public Switch What => what;

    /// <inheritdoc/>
    public override string ToString() => what switch
    {
        Switch.NoRecurse => "set rd=0",
        Switch.DisableValidation => "set cd=1",
        Switch.DisableSubnet => "disable ECS",
        Switch.OverrideSubnet => "set ECS override to 1",
        Switch.KeepSubnet => "set ECS override to 0",
        _ => "skip cache",
    };
}

/// <summary>As many bits of a client's address are told to backends.</summary>
/// <param name="v4">Bits of IPv4.</param>
/// <param name="v6">Bits of IPv6.</param>
public sealed class SubnetPrefixAction(byte v4, byte v6) : RuleAction(isForAnswers: false)
{
    /// <summary>Bits of IPv4.</summary>
    public byte V4 => v4;

    /// <summary>Bits of IPv6.</summary>
    public byte V6 => v6;

    /// <inheritdoc/>
    public override string ToString() => $"set ECS prefix length to {v4}/{v6}";
}

/// <summary>A network is told to backends in place of the client's.</summary>
/// <param name="v4">For clients of IPv4, and of IPv6 where there is no other.</param>
/// <param name="v6">For clients of IPv6; null for the same.</param>
public sealed class SubnetAction(IPNetwork v4, IPNetwork? v6) : RuleAction(isForAnswers: false)
{
    /// <summary>The network for clients of IPv4.</summary>
    public SubnetToTell V4 { get; } = new(v4);

    /// <summary>The network for clients of IPv6.</summary>
    public SubnetToTell V6 { get; } = new(v6 ?? v4);

    /// <inheritdoc/>
    public override string ToString() => v6 is null ? $"set ECS to {v4}" : $"set ECS to {v4} / {v6}";
}

/// <summary>A network as it is told.</summary>
/// <param name="network">The network.</param>
public sealed class SubnetToTell(IPNetwork network)
{
    /// <summary>4 or 16 bytes.</summary>
    public byte[] Address { get; } = network.BaseAddress.GetAddressBytes();

    /// <summary>How many of its bits count.</summary>
    public int Prefix { get; } = network.PrefixLength;
}

/// <summary>A tag is put on a query, for rules that are asked later, those for its answer included.</summary>
/// <param name="name">Its name.</param>
/// <param name="value">Its value.</param>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public sealed class TagAction(string name, string value, bool isForAnswers = false) : RuleAction(isForAnswers)
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Its value.</summary>
    public string Value => value;

    /// <inheritdoc/>
    public override string ToString() => $"set tag '{name}' to value '{value}'";
}

/// <summary>A tag is taken off.</summary>
/// <param name="name">Its name.</param>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public sealed class UntagAction(string name, bool isForAnswers = false) : RuleAction(isForAnswers)
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <inheritdoc/>
    public override string ToString() => $"unset tag '{name}'";
}

/// <summary>An option of EDNS has some data from now on, in the query or the answer.</summary>
/// <param name="code">The option.</param>
/// <param name="data">Its data.</param>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public sealed class EdnsOptionAction(ushort code, byte[] data, bool isForAnswers = false) : RuleAction(isForAnswers)
{
    /// <summary>The option.</summary>
    public ushort Code => code;

    /// <summary>Its data.</summary>
    public byte[] Data => data;

    /// <inheritdoc/>
    public override string ToString() => $"add EDNS Option (code={code})";
}

/// <summary>The answer says why it is what it is (RFC 8914), where it has an OPT.</summary>
/// <param name="code">Why.</param>
/// <param name="text">In words.</param>
/// <param name="clears">Whether what backends say of that is taken out.</param>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public sealed class ExtendedErrorAction(ushort code, string text, bool clears, bool isForAnswers = false) : RuleAction(isForAnswers)
{
    /// <summary>What is added.</summary>
    public ErrorNote Note { get; } = new(code, System.Text.Encoding.UTF8.GetBytes(text), clears);

    /// <inheritdoc/>
    public override string ToString() => $"set EDNS Extended DNS Error to {code}{(text.Length == 0 ? "" : $": \"{text}\"")}";
}

/// <summary>An extended error that an answer is to have.</summary>
/// <param name="Code">Why (RFC 8914).</param>
/// <param name="Text">In words, UTF-8.</param>
/// <param name="Clears">Whether others are taken out.</param>
public sealed record ErrorNote(ushort Code, byte[] Text, bool Clears);

/// <summary>TTLs in the answer that the client gets are at most so long.</summary>
/// <param name="seconds">How long.</param>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public sealed class ReturnedTtlAction(uint seconds, bool isForAnswers = false) : RuleAction(isForAnswers)
{
    /// <summary>How long, seconds.</summary>
    public uint Seconds => seconds;

    /// <inheritdoc/>
    public override string ToString() => $"cap the TTL of the returned response to {seconds}";
}

/// <summary>Failures are kept in the cache for another time.</summary>
/// <param name="seconds">How long.</param>
public sealed class FailureTtlAction(uint seconds) : RuleAction(isForAnswers: false)
{
    /// <summary>How long, seconds.</summary>
    public uint Seconds => seconds;

    /// <inheritdoc/>
    public override string ToString() => $"set tempfailure cache ttl to {seconds}";
}

/// <summary>TTLs of an answer's records are brought into a range.</summary>
/// <param name="least">The least, seconds.</param>
/// <param name="most">The most.</param>
/// <param name="types">Types of the records; empty for all.</param>
public sealed class TtlRangeAction(uint least, uint most, IReadOnlyList<RecordType> types) : RuleAction(isForAnswers: true)
{
    /// <summary>The least, seconds.</summary>
    public uint Least => least;

    /// <summary>The most, seconds.</summary>
    public uint Most => most;

    /// <summary>Types of the records; empty for all.</summary>
    public RecordType[] Types { get; } = [.. types];

    /// <inheritdoc/>
    public override string ToString() => $"limit ttl ({least} <= ttl <= {most}{(types.Count == 0 ? "" : $", types in [{string.Join(' ', types.Select(RecordTypes.ToText))}]")})";
}

/// <summary>TTLs of an answer's records are a share of what they were.</summary>
/// <param name="percent">The share, 0 to 100.</param>
public sealed class ReducedTtlAction(int percent) : RuleAction(isForAnswers: true)
{
    /// <summary>The share, percent.</summary>
    public int Percent => percent;

    /// <inheritdoc/>
    public override string ToString() => $"reduce ttl to {percent} percent of its value";
}

/// <summary>Records of some types are taken out of an answer.</summary>
/// <param name="types">The types.</param>
public sealed class ClearTypesAction(IReadOnlyList<RecordType> types) : RuleAction(isForAnswers: true)
{
    /// <summary>The types.</summary>
    public RecordType[] Types { get; } = [.. types];

    /// <inheritdoc/>
    public override string ToString() => "clear record types";
}
