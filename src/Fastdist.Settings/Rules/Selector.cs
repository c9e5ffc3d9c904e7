namespace Fastdist.Settings.Rules;

/// <summary>
/// What a rule looks for in queries or answers. What one keeps, such as rates, belongs to the object: two rules that share it share that, too.
/// </summary>
public abstract class Selector
{
    /// <summary>What it looks for, in dnsdist's words, as tables of rules show it.</summary>
    public abstract override string ToString();
}
