using Xunit;

namespace Fastdist.Integration.Tests.Consoles.Scenarios;

/// <summary>One shard, and two whose counters have to be added up.</summary>
public sealed class ShardCounts : TheoryData<int>
{
    public ShardCounts()
        : base(1, 2)
    {
    }
}
