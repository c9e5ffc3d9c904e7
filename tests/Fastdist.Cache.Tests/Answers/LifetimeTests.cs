using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Cache.Tests.Answers;

public class LifetimeTests
{
    private const uint Unsaid = uint.MaxValue;
    private static readonly CacheOptions s_options = new() { MaxEntries = 1, MaxTtl = 1000, MaxNegativeTtl = 100, MinTtl = 5, TemporaryFailureTtl = 60 };

    [Theory]
    [InlineData(300, 300)]
    [InlineData(1000, 1000)]
    [InlineData(1001, 1000)]
    [InlineData(int.MaxValue, 1000)]
    [InlineData(5, 5)]
    public void An_answer_is_kept_for_its_smallest_TTL_and_no_longer_than_maxTTL(long ttl, uint expected) => AssertKept(expected, Facts(ttl), s_options);

    [Theory]
    [InlineData(4, 5u)]
    [InlineData(0, 5u)]
    [InlineData(0, 0u)]
    public void What_ends_before_minTTL_or_at_once_is_not_kept(long ttl, uint minTtl) => AssertNot(Keeping.TooShort, Facts(ttl), s_options with { MinTtl = minTtl });

    [Theory]
    [InlineData(Rcode.NoError, 300, 100)]
    [InlineData(Rcode.NXDomain, 300, 100)]
    [InlineData(Rcode.NXDomain, 30, 30)]
    public void A_negative_answer_is_kept_no_longer_than_maxNegativeTTL(Rcode rcode, long ttl, uint expected) => AssertKept(expected, Facts(ttl, rcode, isNegative: true), s_options);

    [Fact]
    public void MaxTTL_is_none_of_a_negative_answers() => AssertKept(3600, Facts(5000, Rcode.NXDomain, isNegative: true), s_options with { MaxNegativeTtl = 3600 });

    [Fact]
    public void A_bound_below_minTTL_keeps_what_it_bounds_out()
    {
        AssertNot(Keeping.TooShort, Facts(300, Rcode.NXDomain, isNegative: true), s_options with { MaxNegativeTtl = 4 });
        AssertNot(Keeping.TooShort, Facts(300), s_options with { MaxTtl = 4 });
        AssertNot(Keeping.TooShort, Facts(300), s_options with { MaxTtl = 0, MinTtl = 0 });
    }

    [Theory]
    [InlineData(Rcode.ServFail, -1, Unsaid, 60)]
    [InlineData(Rcode.Refused, -1, Unsaid, 60)]
    [InlineData(Rcode.ServFail, 3, Unsaid, 60)]
    [InlineData(Rcode.ServFail, 3000, Unsaid, 60)]
    [InlineData(Rcode.ServFail, -1, 5000, 5000)]
    [InlineData(Rcode.Refused, 30, 1, 1)]
    public void A_failure_is_kept_for_a_time_of_its_own_or_of_the_querys(Rcode rcode, long ttl, uint failureTtl, uint expected) => AssertKept(expected, Facts(ttl, rcode), s_options, failureTtl);

    [Fact]
    public void A_failure_without_such_a_time_is_not_kept()
    {
        AssertNot(Keeping.Never, Facts(300, Rcode.ServFail), s_options with { TemporaryFailureTtl = 0 });
        AssertNot(Keeping.Never, Facts(300, Rcode.Refused), s_options, failureTtl: 0);
        AssertKept(7, Facts(300, Rcode.Refused), s_options with { TemporaryFailureTtl = 0 }, failureTtl: 7);
    }

    [Theory]
    [InlineData(Rcode.NoError)]
    [InlineData(Rcode.FormErr)]
    [InlineData(Rcode.NotImp)]
    [InlineData(Rcode.NXDomain)]
    public void An_answer_without_TTLs_is_not_kept(Rcode rcode) => AssertNot(Keeping.Never, Facts(-1, rcode, isNegative: rcode == Rcode.NXDomain), s_options);

    [Fact]
    public void Another_RCODE_is_nothing_special() => AssertKept(300, Facts(300, Rcode.NotImp), s_options);

    [Theory]
    [InlineData(-1, Rcode.NoError, 20, 20)]
    [InlineData(300, Rcode.NoError, 20, 20)]
    [InlineData(10, Rcode.NoError, 20, 10)]
    [InlineData(-1, Rcode.NoError, 5000, 1000)]
    [InlineData(-1, Rcode.ServFail, 20, 20)]
    [InlineData(-1, Rcode.ServFail, 100, 60)]
    public void A_truncated_answer_is_kept_no_longer_than_truncatedTTL(long ttl, Rcode rcode, uint truncatedTtl, uint expected) =>
        AssertKept(expected, Facts(ttl, rcode, isTruncated: true), s_options with { TruncatedTtl = truncatedTtl });

    [Theory]
    [InlineData(-1, Rcode.NoError)]
    [InlineData(300, Rcode.NoError)]
    [InlineData(300, Rcode.ServFail)]
    public void Without_truncatedTTL_none_is_kept(long ttl, Rcode rcode) => AssertNot(Keeping.Never, Facts(ttl, rcode, isTruncated: true), s_options);

    private static AnswerFacts Facts(long ttl, Rcode rcode = Rcode.NoError, bool isNegative = false, bool isTruncated = false) =>
        new() { SmallestTtl = ttl, Rcode = rcode, IsNegative = isNegative, IsTruncated = isTruncated };

    private static void AssertKept(uint expected, AnswerFacts facts, CacheOptions options, uint failureTtl = Unsaid)
    {
        Assert.Equal(Keeping.Kept, Lifetime.Of(in facts, options, failureTtl, out uint seconds));
        Assert.Equal(expected, seconds);
    }

    private static void AssertNot(Keeping expected, AnswerFacts facts, CacheOptions options, uint failureTtl = Unsaid)
    {
        Assert.Equal(expected, Lifetime.Of(in facts, options, failureTtl, out uint seconds));
        Assert.Equal(0u, seconds);
    }
}
