using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>How long HTTP caches may keep an answer (RFC 8484 section 5.1).</summary>
[Trait("Stage", "5")]
public sealed class CacheControlTests
{
    private const int NoError = 0;
    private const int NXDomain = 3;

    [Theory]
    [InlineData("max-age=7", 300, 7, 60)]
    [InlineData("max-age=0", 300, 0)]
    [InlineData("max-age=2147483647", int.MaxValue)]
    [InlineData("max-age=0", -1)]
    public async Task As_long_as_the_smallest_TTL(string expected, params int[] ttls)
    {
        Assert.Equal(expected, (await AnswerAsync(query => Message.AnswerFor(query, ttls)))["cache-control"]);
    }

    [Theory]
    [InlineData(NXDomain, 900, 30, "max-age=30")]
    [InlineData(NXDomain, 30, 900, "max-age=30")]
    [InlineData(NoError, 900, 30, "max-age=30")]
    public async Task A_denial_as_long_as_its_SOA_record_allows(int rcode, int ttl, int minimum, string expected)
    {
        Assert.Equal(expected, (await AnswerAsync(query => Message.Denial(query, rcode, ttl, minimum)))["cache-control"]);
    }

    [Fact]
    public async Task A_denial_without_SOA_record_not_at_all()
    {
        Assert.Equal("no-store", (await AnswerAsync(query => Message.AnswerFor(query)))["cache-control"]);
    }

    [Fact]
    public async Task A_failure_of_the_backend_not_at_all()
    {
        Curl response = await AnswerAsync(query => Message.Answer(query, rcode: 2));

        Assert.Equal("no-store", response["cache-control"]);
        Assert.Equal(Rcode.ServFail, response.Message.Rcode);
    }

    [Fact]
    public async Task Nothing_is_said_when_the_operator_wants_nothing_said()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), lab.DohCertificate("sendCacheControlHeaders=false"));

        Curl response = await Curl.GetAsync(lab, fastdist, Message.Query("x.load.test"));

        Assert.True(response.Status == 200, response.Text);
        Assert.False(response.Fields.ContainsKey("cache-control"), response.Text);
    }

    private static async Task<Curl> AnswerAsync(System.Func<byte[], byte[]> answer)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.AnswersWith(query => [answer(query)])));
        Curl response = await Curl.GetAsync(lab, fastdist, Message.Query("x.load.test"));
        Assert.True(response.Status == 200, response.Text);
        return response;
    }
}
