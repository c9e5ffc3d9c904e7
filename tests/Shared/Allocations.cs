using System;
using System.Diagnostics;
using Xunit;

namespace Fastdist.Shared;

/// <summary>Shows that code allocates nothing, on a runtime that now and then does so for it.</summary>
internal static class Allocations
{
    /// <summary>By then whatever is done again and again is compiled for good, however busy the machine is, if it was done often enough.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private const int FewRounds = 4;

    /// <summary>Does something again and again on this thread, until it has allocated nothing.</summary>
    public static void AssertNone(Action round) => AssertNoneMeasured(() =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        round();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    /// <summary>Has something be done again and again, on whatever thread, until it has allocated nothing.</summary>
    /// <param name="measured">Does it and says what it has allocated.</param>
    public static void AssertNoneMeasured(Func<long> measured)
    {
        // What the runtime takes on our thread, when it compiles anew what runs often or runs something first, comes at a time of its own, and soon no more. So the
        // rounds double until as many as there were before allocated nothing together. What always allocates does so in them too, and so does a table that doubles.
        var time = Stopwatch.StartNew();
        for (int rounds = 1; ; rounds *= 2)
        {
            long allocated = 0;
            for (int i = 0; i < rounds; i++)
            {
                allocated += measured();
            }

            if (allocated == 0)
            {
                return;
            }

            Assert.True(rounds < FewRounds || time.Elapsed < s_patience, $"{allocated} bytes were allocated in {rounds} rounds, after {rounds - 1} others");
        }
    }
}
