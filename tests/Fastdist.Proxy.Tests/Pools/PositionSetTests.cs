using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Proxy.Pools;
using Xunit;

namespace Fastdist.Proxy.Tests.Pools;

public class PositionSetTests
{
    [Fact]
    public void The_next_number_is_that_of_a_sorted_set()
    {
        Gen<(int Size, (bool IsAdded, int Number)[] Changes)> changes =
            from size in Gen.OneOf(Gen.Int[1, 200], Gen.Int[4000, 9000])
            from made in Gen.Select(Gen.Bool, Gen.Int[0, size - 1]).Array[0, 40]
            select (size, made);
        changes.Sample(sample =>
        {
            var set = new PositionSet(sample.Size);
            var model = new SortedSet<int>();
            foreach ((bool isAdded, int number) in sample.Changes)
            {
                if (isAdded)
                {
                    set.Add(number);
                    model.Add(number);
                }
                else
                {
                    set.Remove(number);
                    model.Remove(number);
                }

                Assert.Equal(model.Contains(number), set.Contains(number));
            }

            for (int from = 0; from <= sample.Size; from++)
            {
                Assert.Equal(model.GetViewBetween(from, int.MaxValue).FirstOrDefault(-1), set.NextFrom(from));
            }
        }, iter: 100);
    }

    [Fact]
    public void An_empty_set_has_no_next() => Assert.Equal(-1, new PositionSet(0).NextFrom(0));
}
