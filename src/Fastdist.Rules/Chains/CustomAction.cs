using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Chains;

/// <summary>An action that brings what it does, as those do that are written in a language. What it is handed, its owner says: <c>IScriptedAction</c> of the proxy.</summary>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public abstract class CustomAction(bool isForAnswers) : RuleAction(isForAnswers)
{
    /// <summary>Makes what one shard does; of the type that the proxy asks for.</summary>
    public abstract object CreateForShard();
}
