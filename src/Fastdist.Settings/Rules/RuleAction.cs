namespace Fastdist.Settings.Rules;

/// <summary>What is done with the queries or answers that a rule matches.</summary>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public abstract class RuleAction(bool isForAnswers)
{
    /// <summary>Whether it is one for answers; all others are for queries.</summary>
    public bool IsForAnswers => isForAnswers;

    /// <summary>The file that it writes to; empty for none.</summary>
    public virtual string WrittenFile => "";

    /// <summary>What it does, in dnsdist's words, as tables of rules show it.</summary>
    public abstract override string ToString();
}
