using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Chains;

/// <summary>A selector that brings its own test, as those do that are written in a language.</summary>
public abstract class CustomSelector : Selector
{
    /// <summary>Makes ready for shards; to be done by the thread that makes rules, before any shard has them.</summary>
    public abstract void Prepare(int shards);

    /// <summary>The test of one shard, which is the same whenever the rules around it change.</summary>
    public abstract ICustomTest TestOf(int shard);
}

/// <summary>A test of one shard that is no data.</summary>
public interface ICustomTest
{
    /// <summary>Whether it holds; never throws. What went wrong is noted with the question.</summary>
    /// <param name="question">What is tested.</param>
    bool Holds(Question question);
}
