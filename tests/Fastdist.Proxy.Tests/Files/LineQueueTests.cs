using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Fastdist.Proxy.Files;
using Xunit;

namespace Fastdist.Proxy.Tests.Files;

[Trait("Stage", "5")]
public sealed class LineQueueTests
{
    [Fact]
    public void Lines_are_written_in_order_each_at_once_and_all_of_them_at_the_end()
    {
        using var stream = new ScriptedStream();
        using (var queue = new LineQueue(stream))
        {
            Assert.All(Enumerable.Range(0, 1000), i => Assert.True(queue.TryAdd(Line($"{i}"))));
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}\n"), stream.Written);
    }

    [Fact]
    public void A_line_that_cannot_be_written_is_dropped_and_the_next_ones_are_not()
    {
        using var stream = new ScriptedStream { Fails = line => line is "full\n" or "2 lost\n" };
        using var queue = new LineQueue(stream, dropped => Line($"{dropped} lost"));
        Assert.True(queue.TryAdd(Line("full")));
        Assert.True(queue.TryAdd(Line("full")));
        Assert.True(SpinWait.SpinUntil(() => queue.Dropped == 2, TimeSpan.FromSeconds(60)));
        Assert.True(queue.TryAdd(Line("full")));
        Assert.True(SpinWait.SpinUntil(() => queue.Dropped == 3, TimeSpan.FromSeconds(60)));
        queue.TryAdd(Line("room"));
        queue.Dispose();

        Assert.Equal(3, queue.Dropped);
        Assert.Contains("room\n", stream.Written);
        Assert.Equal(3, stream.Written.Where(line => line.EndsWith(" lost\n", StringComparison.Ordinal)).Sum(line => line[0] - '0'));
    }

    [Fact]
    public void The_end_does_not_wait_for_ever_for_a_reader_that_has_stopped()
    {
        using var never = new ManualResetEventSlim();
        using var stream = new ScriptedStream { Fails = _ => { never.Wait(); return false; } };
        var queue = new LineQueue(stream);
        queue.TryAdd(Line("stuck"));
        queue.Dispose();
        Assert.Empty(stream.Written);
        never.Set();
    }

    [Fact]
    public void What_comes_after_the_end_is_dropped()
    {
        using var stream = new ScriptedStream();
        var queue = new LineQueue(stream);
        queue.Dispose();
        Assert.False(queue.TryAdd(Line("late")));
        Assert.Equal(1, queue.Dropped);
    }

    private static byte[] Line(string text) => Encoding.ASCII.GetBytes($"{text}\n");

    private sealed class ScriptedStream : MemoryStream
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _written = new();

        public Func<string, bool> Fails { get; init; } = _ => false;

        public string[] Written => [.. _written];

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            string line = Encoding.ASCII.GetString(buffer);
            if (Fails(line))
            {
                throw new IOException("no space left on device");
            }

            _written.Enqueue(line);
        }
    }
}
