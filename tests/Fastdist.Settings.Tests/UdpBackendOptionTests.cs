using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Settings.Tests;

/// <summary>What may be set of a backend that is asked over UDP, and what follows from it.</summary>
public class UdpBackendOptionTests
{
    [Fact]
    public void Its_port_is_53_and_it_needs_no_certificate()
    {
        BackendOptions options = Parse("");
        Assert.Equal((53, BackendTransport.Udp, false, true), (options.Address.Port, options.Tls, options.IsTls, options.HasDatagrams));
    }

    [Theory]
    [InlineData("", 1, 4)]
    [InlineData("", 8, 4)]
    [InlineData(",sockets=8", 2, 4)]
    [InlineData(",sockets=9", 2, 5)]
    [InlineData(",sockets=1", 4, 1)]
    [InlineData(",tcpOnly=true", 4, 0)]
    public void Its_sockets_are_shared_out_to_the_shards_of_which_each_has_one(string words, int shards, int ofEach) =>
        Assert.Equal(ofEach, Parse(words).SocketsOf(shards));

    [Theory]
    [InlineData("", 2, int.MaxValue)]
    [InlineData(",maxOutstandingQueries=100", 2, 50)]
    [InlineData(",maxOutstandingQueries=1", 2, 1)]
    public void So_are_the_queries_that_it_may_have_at_once(string words, int shards, int ofEach) =>
        Assert.Equal(ofEach, Parse(words).OutstandingOf(shards));

    [Theory]
    [InlineData("", 2000)]
    [InlineData(",udpTimeout=7", 5000)]
    [InlineData(",udpTimeout=7,queryTimeout=10000", 7000)]
    [InlineData(",queryTimeout=1500", 1500)]
    [InlineData(",tcpOnly=true", 5000)]
    public void A_query_waits_for_the_shorter_of_two_times(string words, int milliseconds) => Assert.Equal(milliseconds, Parse(words).Deadline);

    [Theory]
    [InlineData(",padQueries=true", "padQueries=true with tls=udp: whoever sees the length of a query in the clear sees the query too; use TLS or leave padQueries out")]
    [InlineData(",cert=/c.pem", "cert with tls=udp: plain DNS has none of that; leave out one of the two")]
    public void What_is_of_TLS_is_refused(string words, string expected)
    {
        var refusal = Assert.Throws<OptionException>(() => Parse(words));
        Assert.Equal($"--server '192.0.2.1,tls=udp{words}': {expected}", refusal.Message);
    }

    private static BackendOptions Parse(string words) => BackendOptionTable.Parse($"192.0.2.1,tls=udp{words}");
}
