using System;

namespace Fastdist.Cache.Answers;

/// <summary>How an answer is written for a client.</summary>
internal struct RestoreTraits
{
    /// <summary>Seconds that are taken off each TTL, which does not fall below zero.</summary>
    public uint Age;

    /// <summary>TTL that every record gets instead, seconds; <see cref="uint.MaxValue"/> for its own.</summary>
    public uint FixedTtl;

    /// <summary>UDP payload that we receive, bytes, which its OPT says.</summary>
    public ushort PayloadSize;

    /// <summary>SCOPE PREFIX-LENGTH that a client is told that has told its network, bits.</summary>
    public byte Scope;

    /// <summary>Whether a client is told no scope, as another network was asked about than it told.</summary>
    public bool HasNoNetwork;

    /// <summary>Whether it gets an extended error that says that its time is over: 3, or 19 for NXDOMAIN (RFC 8914).</summary>
    public bool IsStale;

    /// <summary>What to shuffle the first set of addresses by; null to leave it.</summary>
    public Random? Shuffle;
}
