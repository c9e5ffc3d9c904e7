using Xunit;

namespace Fastdist.Integration.Tests;

/// <summary>Tests that use the whole machine: one at a time, and after those that do not.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LoadCollection
{
    public const string Name = "load";
}
