namespace Fastdist.Dns;

/// <summary>What an operator may say about an answer that a rule makes. The default value has a TTL of 0; <c>new()</c> has the usual one.</summary>
public readonly record struct AnswerTraits
{
    /// <summary>TTL of the answer's records unless told otherwise, in seconds.</summary>
    public const uint DefaultTtl = 60;

    /// <summary>What answers are like when nothing is said about them.</summary>
    public AnswerTraits()
    {
    }

    /// <summary>AA; null for the query's own bit.</summary>
    public bool? Authoritative { get; init; }

    /// <summary>AD (RFC 4035 section 3.2.3).</summary>
    public bool AuthenticData { get; init; }

    /// <summary>RA; null for the query's RD, as clients that want recursion like to hear that there is some.</summary>
    public bool? RecursionAvailable { get; init; }

    /// <summary>TTL of the records, in seconds, 0 to 4,294,967,295; one beyond 2,147,483,647 counts as zero (RFC 2181 section 8).</summary>
    public uint Ttl { get; init; } = DefaultTtl;
}
