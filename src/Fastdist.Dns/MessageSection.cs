namespace Fastdist.Dns;

/// <summary>The four sections of a message, in their order (RFC 1035 section 4.1).</summary>
public enum MessageSection : byte
{
    /// <summary>What is asked.</summary>
    Question = 0,

    /// <summary>Records that answer the question.</summary>
    Answer = 1,

    /// <summary>Records that point to an authority; for negative answers its SOA (RFC 2308).</summary>
    Authority = 2,

    /// <summary>Records that may be of use besides; the OPT is one of them.</summary>
    Additional = 3,
}
