namespace Fastdist.Rules.Chains;

/// <summary>What rules may ask about pools.</summary>
public interface IPoolStates
{
    /// <summary>Whether a pool has a server that is up and below its limits.</summary>
    /// <param name="pool">Its number.</param>
    bool IsAvailable(int pool);

    /// <summary>How many queries of a pool wait for answers, over all shards.</summary>
    /// <param name="pool">Its number.</param>
    long Outstanding(int pool);
}
