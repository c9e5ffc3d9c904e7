using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Actions;

/// <summary>An answer is made that says how it went.</summary>
/// <param name="rcode">The outcome, 0 to 4095; what is above 15 needs a client that speaks EDNS.</param>
/// <param name="traits">How it is made.</param>
/// <param name="isExtended">Whether it is called an extended one.</param>
public sealed class RcodeAction(ushort rcode, AnswerTraits traits, bool isExtended = false) : RuleAction(isForAnswers: false)
{
    /// <summary>The outcome.</summary>
    public ushort Rcode => rcode;

    /// <summary>How it is made.</summary>
    public AnswerTraits Traits => traits;

    /// <inheritdoc/>
    public override string ToString() => isExtended ? $"set ercode {Selectors.RcodeTexts.Of(rcode)}" : $"set rcode {rcode}";
}

/// <summary>An answer is made of addresses, where one is asked for of a family that there is.</summary>
/// <param name="addresses">The addresses.</param>
/// <param name="traits">How it is made.</param>
public sealed class SpoofAddressesAction(IReadOnlyList<IPAddress> addresses, AnswerTraits traits) : RuleAction(isForAnswers: false)
{
    /// <summary>Those of IPv4, 4 bytes each.</summary>
    public IReadOnlyList<byte[]> V4 { get; } = [.. addresses.Select(static address => address.GetAddressBytes()).Where(static bytes => bytes.Length == 4)];

    /// <summary>Those of IPv6, 16 bytes each.</summary>
    public IReadOnlyList<byte[]> V6 { get; } = [.. addresses.Select(static address => address.GetAddressBytes()).Where(static bytes => bytes.Length == 16)];

    /// <summary>How it is made.</summary>
    public AnswerTraits Traits => traits;

    /// <inheritdoc/>
    public override string ToString() => $"spoof in {string.Concat(addresses.Select(static address => $"{address} "))}";
}

/// <summary>An answer is made of data, as records of the type that is asked for.</summary>
/// <param name="values">The data of each record, as it is sent.</param>
/// <param name="typeForAny">The type where any is asked for; null for that itself.</param>
/// <param name="traits">How it is made.</param>
public sealed class SpoofRawAction(IReadOnlyList<byte[]> values, RecordType? typeForAny, AnswerTraits traits) : RuleAction(isForAnswers: false)
{
    /// <summary>The data of each record.</summary>
    public IReadOnlyList<byte[]> Values => values;

    /// <summary>The type where any is asked for.</summary>
    public RecordType? TypeForAny => typeForAny;

    /// <summary>How it is made.</summary>
    public AnswerTraits Traits => traits;

    /// <inheritdoc/>
    public override string ToString() => "spoof in raw bytes ";
}

/// <summary>An answer is made of a CNAME, for whatever type is asked.</summary>
/// <param name="target">Where it points.</param>
/// <param name="traits">How it is made.</param>
public sealed class SpoofCnameAction(DomainName target, AnswerTraits traits) : RuleAction(isForAnswers: false)
{
    /// <summary>Where it points.</summary>
    public DomainName Target => target;

    /// <summary>How it is made.</summary>
    public AnswerTraits Traits => traits;

    /// <inheritdoc/>
    public override string ToString() => $"spoof in {target} ";
}

/// <summary>A message is the answer, but for ID, RD and CD.</summary>
/// <param name="message">The message, at least a header.</param>
public sealed class SpoofPacketAction(byte[] message) : RuleAction(isForAnswers: false)
{
    /// <summary>The message.</summary>
    public byte[] Message => message;

    /// <inheritdoc/>
    public override string ToString() => "spoof whole packet";
}

/// <summary>An answer is made that says that there is nothing, with the SOA of a zone.</summary>
/// <param name="isNxDomain">Whether there is no such name, or nothing of the type.</param>
/// <param name="soa">The SOA.</param>
/// <param name="ttl">Its TTL, seconds.</param>
/// <param name="isInAuthority">Whether it is in the authority section, as RFC 2308 has it; else in the additional one.</param>
/// <param name="traits">How it is made.</param>
public sealed class NegativeAction(bool isNxDomain, StartOfAuthority soa, uint ttl, bool isInAuthority, AnswerTraits traits) : RuleAction(isForAnswers: false)
{
    /// <summary>Whether there is no such name, or nothing of the type.</summary>
    public bool IsNxDomain => isNxDomain;

    /// <summary>The SOA.</summary>
    public StartOfAuthority Soa => soa;

    /// <summary>TTL of the SOA, seconds.</summary>
    public uint Ttl => ttl;

    /// <summary>Whether it is in the authority section; else in the additional one.</summary>
    public bool IsInAuthority => isInAuthority;

    /// <summary>How it is made.</summary>
    public AnswerTraits Traits => traits;

    /// <inheritdoc/>
    public override string ToString() => isNxDomain ? "NXD with SOA" : "NODATA with SOA";
}

/// <summary>A request over HTTP gets a response that is no DNS message; what came otherwise is asked about the next rule.</summary>
/// <param name="status">Its status.</param>
/// <param name="body">Its body; where it goes with a redirection.</param>
/// <param name="contentType">Type of the body; empty for none.</param>
public sealed class HttpStatusAction(int status, byte[] body, string contentType) : RuleAction(isForAnswers: false)
{
    /// <summary>Its status.</summary>
    public int Status => status;

    /// <summary>Its body.</summary>
    public byte[] Body => body;

    /// <summary>Type of the body.</summary>
    public string ContentType => contentType;

    /// <inheritdoc/>
    public override string ToString() => $"return an HTTP status of {status}";
}
