using System;
using System.Net;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Tests.Backends;
using Fastdist.Rules.Actions;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates.Rules;

/// <summary>What rules decide about the network that backends are told (RFC 7871).</summary>
public class SubnetRuleTests
{
    private const string Named = "0008000700011800C63364";

    [Theory]
    [InlineData("192.0.2.77", "00080007000118 00C00002", "")]
    [InlineData("192.0.2.77", "", "disable")]
    [InlineData("192.0.2.77", "00080006000110 00C000", "prefix")]
    [InlineData("2001:db8:1:2::3", "00080008000220 0020010DB8", "prefix")]
    [InlineData("192.0.2.77", Named, "named")]
    [InlineData("2001:db8:1:2::3", Named, "named")]
    public void Of_a_query_without_one(string client, string option, string decided)
    {
        Assert.Equal(option.Replace(" ", "", StringComparison.Ordinal), Told(GateBench.Query(payloadSize: 1232), client, overrides: false, Action(decided)));
    }

    [Theory]
    [InlineData(false, "0008000700011800CB0071", "")]
    [InlineData(false, "00080007000118" + "00C00002", "override")]
    [InlineData(true, "00080007000118" + "00C00002", "")]
    [InlineData(true, "0008000700011800CB0071", "keep")]
    [InlineData(false, "0008000700011800CB0071", "named")]
    [InlineData(true, Named, "named")]
    [InlineData(true, "0008000700011800CB0071", "disable")]
    public void Of_a_query_that_names_one(bool overrides, string option, string decided)
    {
        byte[] query = [.. GateBench.Query(payloadSize: 1232), .. new byte[11]];
        int length = query.Length - 11;
        Assert.True(ClientSubnet.TryAdd(query, ref length, [203, 0, 113, 9], 24));
        Assert.Equal(option, Told(query, "192.0.2.77", overrides, Action(decided)));
    }

    [Fact]
    public void One_that_a_rule_set_as_an_option_stays_and_is_the_only_one() =>
        Assert.Equal("0008000400010000", Told(GateBench.Query(), "192.0.2.77", overrides: true, new EdnsOptionAction(8, [0, 1, 0, 0])));

    [Fact]
    public void An_option_of_a_rule_does_not_keep_it_from_being_told() =>
        Assert.Equal("FDE9000101" + "00080007000118" + "00C00002", Told(GateBench.Query(), "192.0.2.77", overrides: false, new EdnsOptionAction(65001, [1])));

    private static RuleAction Action(string decided) => decided switch
    {
        "disable" => new SwitchAction(Switch.DisableSubnet),
        "override" => new SwitchAction(Switch.OverrideSubnet),
        "keep" => new SwitchAction(Switch.KeepSubnet),
        "prefix" => new SubnetPrefixAction(16, 32),
        "named" => new SubnetAction(IPNetwork.Parse("198.51.100.0/24"), null),
        _ => new NoneAction(),
    };

    /// <summary>The options that a backend gets to see; the answer has none of ours.</summary>
    private static string Told(byte[] query, string client, bool overrides, RuleAction action)
    {
        Settings.ProxyOptions options = Rulebook.Queries(action) with { EcsOverride = overrides, Acl = Settings.NetmaskSet.Of("0.0.0.0/0", "::/0") };
        using GateBench bench = options.Bench();
        bench.Receive(query, peer: client);
        ref InFlightEntry entry = ref bench.Table[bench.Forwarded[0]];
        var edits = new QueryEdits(BackendBench.Options(1) with { UseClientSubnet = true }, options, bench.Table);
        byte[] buffer = new byte[1000];
        ReadOnlySpan<byte> message = bench.Table.Message(bench.Forwarded[0]);
        message.CopyTo(buffer);
        int length = edits.Apply(buffer, message.Length, in entry);
        string told = Convert.ToHexString(buffer.AsSpan(Rulebook.QuestionEnd, length - Rulebook.QuestionEnd));

        // The backend echoes all it got.
        buffer[2] |= 0x80;
        length = edits.Undo(buffer, length, in entry);
        bench.Answer(bench.Forwarded[0], buffer.AsSpan(0, length));
        Assert.Equal(Header.AdditionalCount(query), Header.AdditionalCount(bench.Datagrams[0]));
        return told.Length <= Rulebook.OptSize * 2 ? "" : told[(Rulebook.OptSize * 2)..];
    }
}
