using Fastdist.Cache.Tests.Answers;
using Fastdist.Dns;
using Fastdist.Settings;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Cache.Tests.Policy;

/// <summary>Nothing is allocated on a query's way.</summary>
public sealed class CacheAllocationTests
{
    private static readonly byte[] s_query = One.Query("");
    private static readonly byte[] s_network = [192, 0, 2, 0];

    [Theory]
    [InlineData(0u, false, Look.Found)]
    [InlineData(295u, false, Look.Found)]
    [InlineData(300u, false, Look.Stale)]
    [InlineData(300u, true, Look.Found)]
    [InlineData(400u, false, Look.Missing)]
    public void Looking_allocates_nothing(uint age, bool takesStale, Look expected)
    {
        using CacheUnderTest cache = Make();
        cache.Keep(s_query, CacheUnderTest.Positive(300));
        cache.Keep(s_query, CacheUnderTest.Positive(300), Told.Of("192.0.2.0/24"), scope: 20);
        byte[] room = new byte[ushort.MaxValue];
        bool isExpected = true;
        var terms = new LookTerms { Now = cache.Now + age, PayloadSize = CacheUnderTest.PayloadSize, StaleFor = 100, TakesStale = takesStale };

        Allocations.AssertNone(() =>
        {
            Query.Parse(s_query, out Query query);
            ClientNetwork network = ClientNetwork.Of(s_network, 24, isOurs: true);
            isExpected &= cache[0].Find(in query, ClientNetwork.Untold, in terms, room, out _) == expected;
            isExpected &= cache[0].Find(in query, in network, in terms, room, out _) == expected;
        });
        Assert.True(isExpected);
    }

    [Fact]
    public void Keeping_allocates_nothing()
    {
        using CacheUnderTest cache = Make();
        byte[] answer = CacheUnderTest.Positive(300);
        byte[] failure = CacheUnderTest.Failure(2);
        var terms = new KeepTerms { Now = cache.Now, FailureTtl = uint.MaxValue, StaleFor = 100, Scope = 20 };
        bool isExpected = true;

        Allocations.AssertNone(() =>
        {
            Query.Parse(s_query, out Query query);
            ClientNetwork network = ClientNetwork.Of(s_network, 24, isOurs: true);
            isExpected &= cache[0].Keep(in query, ClientNetwork.Untold, answer, in terms);
            isExpected &= !cache[0].Keep(in query, ClientNetwork.Untold, failure, in terms);
            isExpected &= cache[0].Keep(in query, in network, answer, in terms);
        });
        Assert.True(isExpected);
    }

    private static CacheUnderTest Make() => new(new CacheOptions { MaxEntries = 100, Shuffle = true });
}
