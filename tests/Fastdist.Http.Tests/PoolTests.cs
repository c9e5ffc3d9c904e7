using System.Linq;
using Xunit;

namespace Fastdist.Http.Tests;

public sealed class PoolTests
{
    [Fact]
    public void What_many_streams_needed_at_once_is_not_kept_for_ever()
    {
        using var pool = new Http2Pool();
        Http2Stream[] streams = [.. Enumerable.Range(0, 2 * Http2Pool.MaxKept).Select(_ => pool.Take())];
        foreach (Http2Stream stream in streams)
        {
            pool.Return(stream);
        }

        Assert.Equal(Http2Pool.MaxKept, pool.Kept);
    }
}
