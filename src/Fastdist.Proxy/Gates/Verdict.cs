namespace Fastdist.Proxy.Gates;

/// <summary>What comes of a rule's action.</summary>
internal enum Verdict : byte
{
    /// <summary>The next rule is asked.</summary>
    GoOn,

    /// <summary>No further rule is asked; what they are about goes on.</summary>
    Stop,

    /// <summary>There is no answer.</summary>
    Drop,

    /// <summary>An answer was made.</summary>
    Answer,

    /// <summary>An answer was made, and the next rule is asked.</summary>
    AnswerAndGoOn,
}
