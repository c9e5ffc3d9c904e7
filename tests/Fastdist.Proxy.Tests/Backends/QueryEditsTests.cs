using System;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Fastdist.Ring;
using Fastdist.Settings;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>What a query gets on its way to a backend, its answer loses again.</summary>
public class QueryEditsTests
{
    /// <summary>Nothing was decided about any query here.</summary>
    private static readonly InFlightTable s_decisions = new(capacity: 1, longFrameBudget: 0);

    private const ushort PayloadSize = 1232;

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    [InlineData(true, true, false)]
    public void An_echo_comes_back_as_the_query_that_was_sent(bool pad, bool tellSubnet, bool hasEdns)
    {
        byte[] query = Query(hasEdns);
        InFlightEntry entry = Entry(query, "192.0.2.77");
        QueryEdits edits = Edits(pad, tellSubnet);

        var buffer = new byte[query.Length + QueryEdits.MaxGrowth];
        query.CopyTo(buffer, 0);
        int sent = edits.Apply(buffer, query.Length, in entry);

        Assert.True(Query(buffer[..sent]).HasEdns);
        Assert.Equal(tellSubnet, Query(buffer[..sent]).Edns.HasFlag(EdnsTraits.ClientSubnet));
        Assert.Equal(pad, Query(buffer[..sent]).Edns.HasFlag(EdnsTraits.Padding));
        Assert.True(!pad || sent % 128 == 0);
        int back = edits.Undo(buffer, HopByHop.Strip(buffer, sent), in entry);
        Assert.Equal(query, buffer[..back]);
    }

    [Theory]
    [InlineData("192.0.2.77", 24, 56, "0001 18 00 C00002")]
    [InlineData("192.0.2.77", 20, 56, "0001 14 00 C00000")]
    [InlineData("2001:db8:1:2345::1", 24, 56, "0002 38 00 20010DB8000123")]
    [InlineData("192.0.2.77", 0, 0, "0001 00 00")]
    public void The_network_told_is_the_clients_as_far_as_its_prefix_goes(string client, int prefixV4, int prefixV6, string option)
    {
        byte[] query = Query(hasEdns: true);
        InFlightEntry entry = Entry(query, client);
        QueryEdits edits = Edits(pad: false, tellSubnet: true, o => o with { EcsSourcePrefixV4 = prefixV4, EcsSourcePrefixV6 = prefixV6 });

        var buffer = new byte[query.Length + QueryEdits.MaxGrowth];
        query.CopyTo(buffer, 0);
        int sent = edits.Apply(buffer, query.Length, in entry);

        byte[] expected = Convert.FromHexString(option.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(expected, buffer[(query.Length + 4)..sent]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_clients_own_subnet_stays_unless_it_is_to_be_overridden(bool isOverridden)
    {
        byte[] own = Query(hasEdns: true, subnet: [198, 51, 100, 0]);
        InFlightEntry entry = Entry(own, "192.0.2.77");
        QueryEdits edits = Edits(pad: false, tellSubnet: true, o => o with { EcsOverride = isOverridden });

        var buffer = new byte[own.Length + QueryEdits.MaxGrowth];
        own.CopyTo(buffer, 0);
        int sent = edits.Apply(buffer, own.Length, in entry);

        Assert.Equal(!isOverridden, buffer.AsSpan(0, sent).SequenceEqual(own));
        Assert.Equal(isOverridden, buffer.AsSpan(0, sent).IndexOf((ReadOnlySpan<byte>)[192, 0, 2]) >= 0);
        Assert.Equal(isOverridden, buffer.AsSpan(0, sent).IndexOf((ReadOnlySpan<byte>)[198, 51, 100]) < 0);

        // An answer about another network than the client's would be refused by it.
        int back = edits.Undo(buffer, sent, in entry);
        Assert.Equal(!isOverridden, Query(buffer[..back]).Edns.HasFlag(EdnsTraits.ClientSubnet));
    }

    [Theory, Trait("Row", "D2")]
    [InlineData("192.0.2.77", "0001 10 00 C633", "0001 10 00 C000")]
    [InlineData("192.0.2.77", "0001 18 00 C63364", "0001 18 00 C00002")]
    [InlineData("192.0.2.77", "0001 20 00 C6336401", "0001 18 00 C00002")]
    [InlineData("192.0.2.77", "0001 01 18 80", "0001 01 00 80")]
    [InlineData("192.0.2.77", "0002 14 00 200100", "0001 14 00 C00000")]
    [InlineData("192.0.2.77", "0002 38 00 20010DB8000000", "0001 18 00 C00002")]
    [InlineData("2001:db8:1:2345::1", "0002 20 00 20010DB8", "0002 20 00 20010DB8")]
    [InlineData("2001:db8:1:2345::1", "0001 18 00 C63364", "0002 18 00 20010D")]
    [InlineData("192.0.2.77", "0001", "0001 18 00 C00002")]
    [InlineData("192.0.2.77", "0001 FF 00", "0001 18 00 C00002")]
    public void Override_tells_no_more_bits_than_the_client_did(string client, string own, string expected)
    {
        byte[] query = WithOptions((8, Bytes(own)));
        InFlightEntry entry = Entry(query, client);
        QueryEdits edits = Edits(pad: false, tellSubnet: true, o => o with { EcsOverride = true });

        byte[] buffer = Applied(edits, query, in entry, out int sent);

        Assert.Equal([.. WithOptions((8, Bytes(expected)))], buffer[..sent]);
        Assert.False(Query(buffer[..edits.Undo(buffer, sent, in entry)]).Edns.HasFlag(EdnsTraits.ClientSubnet));
    }

    [Theory, Trait("Row", "D2")]
    [InlineData("192.0.2.77", "0001 00 00")]
    [InlineData("192.0.2.77", "0002 00 00")]
    [InlineData("192.0.2.77", "0000 00 00")]
    [InlineData("192.0.2.77", "0001 00 18")]
    [InlineData("2001:db8::1", "0001 00 00")]
    public void Who_does_not_want_its_network_told_is_heeded_also_by_override_and_learns_so(string client, string own)
    {
        byte[] query = WithOptions((8, Bytes(own)));
        InFlightEntry entry = Entry(query, client);
        QueryEdits edits = Edits(pad: true, tellSubnet: true, o => o with { EcsOverride = true });

        byte[] buffer = Applied(edits, query, in entry, out int sent);

        Assert.True(Query(buffer[..sent]).Edns.HasFlag(EdnsTraits.HiddenSubnet));
        Assert.Equal(-1, buffer.AsSpan(0, sent).IndexOf((ReadOnlySpan<byte>)[192, 0, 2]));
        // The echo has the client's option and none of ours.
        int back = edits.Undo(buffer, HopByHop.Strip(buffer, sent), in entry);
        Assert.Equal(query, buffer[..back]);
    }

    [Fact, Trait("Row", "D2")]
    public void Of_several_subnets_the_shortest_counts_and_one_option_is_left()
    {
        byte[] query = WithOptions((8, Bytes("0001 18 00 C63364")), (10, new byte[8]), (8, Bytes("0001 08 00 C6")));
        InFlightEntry entry = Entry(query, "192.0.2.77");

        byte[] buffer = Applied(Edits(pad: false, tellSubnet: true, o => o with { EcsOverride = true }), query, in entry, out int sent);

        Assert.Equal(WithOptions((10, new byte[8]), (8, Bytes("0001 08 00 C0"))), buffer[..sent]);
    }

    [Fact]
    public void A_query_with_bytes_behind_its_records_goes_as_it_is()
    {
        byte[] query = [.. Query(hasEdns: false), 7];
        InFlightEntry entry = Entry(query, "192.0.2.77");
        var buffer = new byte[query.Length + QueryEdits.MaxGrowth];
        query.CopyTo(buffer, 0);

        Assert.Equal(query.Length, Edits(pad: true, tellSubnet: true).Apply(buffer, query.Length, in entry));
        Assert.Equal(query, buffer[..query.Length]);
    }

    [Fact]
    public void A_health_check_goes_as_it_is()
    {
        byte[] query = Query(hasEdns: false);
        InFlightEntry entry = Entry(query, "192.0.2.77");
        entry.PinnedTo = 0;
        var buffer = new byte[query.Length + QueryEdits.MaxGrowth];
        query.CopyTo(buffer, 0);

        Assert.Equal(query.Length, Edits(pad: true, tellSubnet: true).Apply(buffer, query.Length, in entry));
    }

    [Fact]
    public void No_query_grows_by_more_than_is_reserved()
    {
        for (int label = 1; label <= 63; label++)
        {
            foreach (bool hasEdns in (bool[])[true, false])
            {
                byte[] query = Query(hasEdns, label: label);
                InFlightEntry entry = Entry(query, "2001:db8::1");
                var buffer = new byte[1024];
                query.CopyTo(buffer, 0);
                int sent = Edits(pad: true, tellSubnet: true, o => o with { EcsSourcePrefixV6 = 128 }).Apply(buffer, query.Length, in entry);
                Assert.InRange(sent - query.Length, 1, QueryEdits.MaxGrowth);
            }
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static byte[] Applied(QueryEdits edits, byte[] query, in InFlightEntry entry, out int sent)
    {
        var buffer = new byte[query.Length + QueryEdits.MaxGrowth];
        query.CopyTo(buffer, 0);
        sent = edits.Apply(buffer, query.Length, in entry);
        return buffer;
    }

    /// <summary>A query with these options in its OPT.</summary>
    private static byte[] WithOptions(params (ushort Code, byte[] Data)[] options)
    {
        byte[] query = Query(hasEdns: true);
        var message = new byte[1024];
        query.CopyTo(message, 0);
        int length = query.Length;
        foreach ((ushort code, byte[] data) in options)
        {
            Assert.True(EdnsEdit.TryAddOption(message, ref length, (EdnsOption)code, data));
        }

        return message[..length];
    }

    private static QueryEdits Edits(bool pad, bool tellSubnet, Func<ProxyOptions, ProxyOptions>? change = null)
    {
        var options = new ProxyOptions { Frontends = [], Backends = [] };
        return new QueryEdits(BackendBench.Options(1) with { PadQueries = pad, UseClientSubnet = tellSubnet }, change?.Invoke(options) ?? options, s_decisions);
    }

    private static InFlightEntry Entry(byte[] query, string client)
    {
        Query view = Query(query);
        return new InFlightEntry
        {
            Route = new DatagramRoute { Peer = SocketAddress.From(new IPEndPoint(IPAddress.Parse(client), 5353)) },
            Edns = view.Edns,
        };
    }

    private static Query Query(byte[] message)
    {
        Assert.Equal(QueryVerdict.Forward, Fastdist.Dns.Query.Parse(message, out Query query));
        return query;
    }

    private static byte[] Query(bool hasEdns, byte[]? subnet = null, int label = 3)
    {
        byte[] name = [(byte)label, .. new string('w', label).Select(c => (byte)c), 0];
        var message = new byte[QueryWriter.MaxSize + 32];
        int length = hasEdns
            ? QueryWriter.WriteWithEdns(message, 1, name, RecordType.A, PayloadSize)
            : QueryWriter.Write(message, 1, name, RecordType.A);
        if (subnet is not null)
        {
            Assert.True(ClientSubnet.TryAdd(message, ref length, subnet, 24));
        }

        return message[..length];
    }
}
