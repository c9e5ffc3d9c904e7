using System;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>What two questions in one record tell of a backend.</summary>
public class RecordProbeTests
{
    private const long Timeout = 1_000_000, Patience = 100_000;

    [Fact]
    public void One_that_answers_both_reads_every_message_of_a_record()
    {
        RecordProbe probe = Begun();
        probe.Answered(10);
        Assert.False(probe.TryConclude(10, Timeout, out _));
        probe.Answered(20);
        Assert.Equal(RecordBatching.Works, ConclusionOf(in probe, 20));
    }

    [Fact]
    public void One_that_answers_the_first_only_reads_no_further()
    {
        RecordProbe probe = Begun();
        probe.Answered(10);
        Assert.False(probe.TryConclude(10 + Patience, Timeout, out _));
        Assert.Equal(RecordBatching.Fails, ConclusionOf(in probe, 11 + Patience));
    }

    [Fact]
    public void Of_one_that_answers_neither_in_time_nothing_is_known()
    {
        RecordProbe probe = Begun();
        Assert.False(probe.TryConclude(Timeout, Timeout, out _));
        Assert.Equal(RecordBatching.Unknown, ConclusionOf(in probe, Timeout + 1));
    }

    [Fact]
    public void The_first_IDs_are_its_own_until_all_is_answered()
    {
        RecordProbe probe = Begun();
        probe.Answered(10);
        Assert.Equal((true, true, false), (probe.IsOf(0), probe.IsOf(1), probe.IsOf(2)));
        probe.Answered(20);
        Assert.False(probe.IsOf(0));
        Assert.False(default(RecordProbe).IsOf(0));
    }

    [Fact]
    public void It_asks_what_a_health_check_asks()
    {
        Span<byte> frame = new byte[512];
        int length = RecordProbe.Write(frame, id: 0x1234, BackendBench.Options(1) with { CheckName = "a.test." });
        Assert.True(StreamFraming.TryRead(frame[..length], out ReadOnlySpan<byte> message));
        Assert.Equal(StreamFraming.PrefixSize + message.Length, length);
        Assert.Equal((0x1234, false), (Header.Id(message), Header.IsResponse(message)));
        Assert.True(message[Header.Size..].StartsWith("\u0001a\u0004test\0"u8));
    }

    private static RecordProbe Begun()
    {
        RecordProbe probe = default;
        probe.Begin(0);
        Assert.False(probe.IsAnswered);
        return probe;
    }

    private static RecordBatching ConclusionOf(in RecordProbe probe, long now)
    {
        Assert.True(probe.TryConclude(now, Timeout, out RecordBatching result));
        return result;
    }
}
