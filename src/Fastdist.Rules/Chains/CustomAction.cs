using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Chains;

/// <summary>An action that brings what it does, as those do that are written in a language.</summary>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public abstract class CustomAction(bool isForAnswers) : RuleAction(isForAnswers)
{
    /// <summary>Makes ready for shards; to be done by the thread that makes rules, before any shard has them.</summary>
    public abstract void Prepare(int shards);

    /// <summary>What one shard does, which is the same whenever the rules around it change.</summary>
    public abstract ICustomDeed DeedOf(int shard);
}

/// <summary>What an action of one shard does that is no data.</summary>
public interface ICustomDeed
{
    /// <summary>Does it; never throws. What went wrong is noted with the question.</summary>
    /// <param name="question">What it is about.</param>
    DeedResult Do(Question question);
}

/// <summary>What comes of such an action. Some go by <see cref="Question.Text"/>.</summary>
public enum DeedResult : byte
{
    /// <summary>The next rule is asked.</summary>
    GoOn,

    /// <summary>No further rule is asked.</summary>
    Stop,

    /// <summary>There is no answer.</summary>
    Drop,

    /// <summary>The answer is NXDOMAIN.</summary>
    NxDomain,

    /// <summary>The answer is REFUSED.</summary>
    Refuse,

    /// <summary>The answer is SERVFAIL; one that there is becomes that.</summary>
    ServFail,

    /// <summary>Over UDP the answer is TC=1; elsewhere the next rule is asked.</summary>
    Truncate,

    /// <summary>The answer has the addresses that the text says, or is a CNAME to the name that it says.</summary>
    Spoof,

    /// <summary>The answer has the RDATA that the text is, several with commas between them.</summary>
    SpoofRaw,

    /// <summary>The answer is the text, a whole message.</summary>
    SpoofPacket,

    /// <summary>The pool is asked that the text names; no further rule is.</summary>
    Pool,

    /// <summary>The answer waits for the milliseconds that the text says; the next rule is asked.</summary>
    Delay,

    /// <summary>The query goes on without RD; no further rule is asked.</summary>
    NoRecurse,

    /// <summary>It failed, as the question's problem says.</summary>
    Failed,
}
