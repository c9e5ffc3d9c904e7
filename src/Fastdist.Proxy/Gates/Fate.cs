namespace Fastdist.Proxy.Gates;

/// <summary>What becomes of a message from a client.</summary>
internal enum Fate : byte
{
    /// <summary>Nobody has decided yet; where nobody does it is forwarded.</summary>
    Undecided,

    /// <summary>It is no query: whoever sent it has lost the framing or is no client. A stream that it came on ends.</summary>
    Unreadable,

    /// <summary>It gets no answer.</summary>
    Drop,

    /// <summary>It is answered at once; <see cref="Judgement"/> has the answer.</summary>
    Answer,

    /// <summary>A backend is asked.</summary>
    Forward,
}
