using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// Descriptors, limits and thread allocation counts belong to the process: one test at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Fastdist.Ring.Tests;

/// <summary>The contract is one, so every test of it runs over both rings.</summary>
internal sealed class BothRings : TheoryData<RingMode>
{
    public BothRings()
    {
        Add(RingMode.IoUring);
        Add(RingMode.Epoll);
    }
}
