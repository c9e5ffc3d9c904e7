namespace Fastdist.Dns;

/// <summary>What a message from a client is, and so what its receiver does with it.</summary>
public enum QueryVerdict : byte
{
    /// <summary>A sound query, of whatever type: forward it.</summary>
    Forward,

    /// <summary>Less than a header: drop it, there is no ID to answer to.</summary>
    TooShort,

    /// <summary>A response (QR=1): drop it, since answering answers makes loops between servers.</summary>
    NotAQuery,

    /// <summary>Not exactly one question, a broken question, or more than one OPT: answer FORMERR.</summary>
    FormatError,

    /// <summary>An opcode other than QUERY: answer NOTIMP.</summary>
    NotImplemented,
}
