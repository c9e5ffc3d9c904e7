using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Proxy.Pools;
using Xunit;

namespace Fastdist.Proxy.Tests.Pools;

public class LoadHeapTests
{
    private const int Members = 20;

    [Fact]
    public void The_top_is_the_least_of_those_that_are_in_it() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, Members - 1], Gen.Int[0, 4], Gen.Long[0, 2]).Array[1, 200].Sample(steps =>
        {
            var heap = new LoadHeap(new int[Members]);
            var model = new Dictionary<int, Load>();
            foreach ((int step, int member, int outstanding, long latency) in steps)
            {
                var load = new Load(outstanding, Order: member % 3, latency, member);
                if (!model.ContainsKey(member))
                {
                    heap.Add(in load);
                    model.Add(member, load);
                }
                else if (step == 0)
                {
                    heap.Remove(member);
                    model.Remove(member);
                }
                else
                {
                    heap.Update(in load);
                    model[member] = load;
                }

                Assert.Equal((model.Count, model.Values.Sum(static l => l.Outstanding)), (heap.Count, heap.Outstanding));
                if (model.Count > 0)
                {
                    Assert.Equal(model.Values.MinBy(static l => (l.Outstanding, l.Order, l.Latency, l.Member)), heap[0]);
                }
            }
        }, iter: 200);
}
