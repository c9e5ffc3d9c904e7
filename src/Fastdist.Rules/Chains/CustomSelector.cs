using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Chains;

/// <summary>A selector that brings its own test, as those do that are written in a language.</summary>
public abstract class CustomSelector : Selector
{
    /// <summary>Makes the test of one shard.</summary>
    public abstract ICustomTest CreateTest();
}

/// <summary>A test of one shard that is no data.</summary>
public interface ICustomTest
{
    /// <summary>Whether it holds; never throws.</summary>
    /// <param name="subject">What is tested.</param>
    /// <param name="tags">Tags of the shard's queries.</param>
    bool Holds(in Subject subject, TagStore tags);
}
