using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>Backends that do not bear what padQueries and useClientSubnet add.</summary>
[Trait("Row", "A7")]
public sealed class EditRefusalTests
{
    private const int FormErr = 0x8181;
    private const int NotImp = 0x8184;
    private const int Padding = 12;
    private const int ClientSubnet = 8;

    /// <summary>What is added to queries, as nothing in the clear is padded, and the option of EDNS that it adds.</summary>
    public static TheoryData<string, string, int> Edits { get; } = new()
    {
        { "dot", "padQueries=true", Padding },
        { "tcp", "useClientSubnet=true", ClientSubnet },
        { "udp", "useClientSubnet=true", ClientSubnet },
    };

    [Theory]
    [InlineData("dot", "padQueries=true", FormErr)]
    [InlineData("dot", "useClientSubnet=true", FormErr)]
    [InlineData("dot", "useClientSubnet=true", NotImp)]
    [InlineData("tcp", "useClientSubnet=true", FormErr)]
    [InlineData("udp", "useClientSubnet=true", FormErr)]
    [InlineData("udp", "useClientSubnet=true", NotImp)]
    public async Task A_client_without_EDNS_does_not_see_that_a_backend_has_none(string transport, string option, int flags)
    {
        const int Queries = 30;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(transport, Rogue.AnswersWith(query =>
            [ParsedMessage.Parse(query).Edns is null ? Message.Answer(query) : Message.WithFlags(query, flags)]));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", option), "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        // All at once, so that many are refused before it is known.
        await client.SendAsync([.. Enumerable.Range(0, Queries).Select(id => Message.Query($"q{id}.load.test", id: id))]);
        Assert.All((await client.ReceiveManyAsync(Queries)).Values, answer => Assert.Equal(Rcode.NoError, answer.Rcode));
        Assert.InRange((await fastdist.CountersAsync()).Backend("one")["edits-refused"], 1, Queries);
        await fastdist.ToldAsync(LogEvent.EditsRefused, line => line["backend"] == "one");

        // From then on it is asked once.
        int before = backend.Asked;
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("known.load.test"))).Rcode);
        Assert.Equal(before + 1, backend.Asked);
        Assert.Null(ParsedMessage.Parse(backend.Received.Last()).Edns);
    }

    [Theory, MemberData(nameof(Edits))]
    public async Task A_client_with_EDNS_is_answered_where_only_our_option_is_refused(string transport, string edit, int option)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(transport, Rogue.AnswersWith(query =>
            [ParsedMessage.Parse(query).Edns!.Has(option) ? Message.WithFlags(query, FormErr) : Message.Answer(query)]));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", edit));

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test", edns: 1_232));

        Assert.Equal(Rcode.NoError, answer.Rcode);
        Assert.Equal(2, backend.Asked);
    }

    [Theory]
    [InlineData("dot", "padQueries=true")]
    [InlineData("tcp", "useClientSubnet=true")]
    [InlineData("udp", "useClientSubnet=true")]
    public async Task A_query_that_was_asked_elsewhere_is_asked_unedited_there_and_not_for_ever(string transport, string edit)
    {
        await using var lab = new Lab();
        RogueBackend silent = lab.Rogue(transport, Rogue.Never);
        RogueBackend refusing = lab.Rogue(transport, Rogue.AnswersWith(query =>
            [ParsedMessage.Parse(query).Edns is null ? Message.Answer(query) : Message.WithFlags(query, FormErr)]));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(silent, "silent", "order=1", "silenceTimeout=200", edit),
            "--server", lab.Unchecked(refusing, "refusing", "order=2", edit),
            "--policy", "firstAvailable", "--shards", "1");

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"));

        Assert.Equal(Rcode.NoError, answer.Rcode);
        Assert.Equal(2, refusing.Asked);
    }

    [Theory, ClassData(typeof(Exchanges))]
    public async Task What_nothing_was_added_to_is_asked_once(string transport)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(transport, Rogue.AnswersWith(query => [Message.WithFlags(query, FormErr)]));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", "useClientSubnet=true"));

        ParsedMessage answer = await DnsUdpClient.AskAsync(
            fastdist.Listen, Message.Query("x.load.test", edns: 1_232, options: (ClientSubnet, [0, 1, 24, 0, 192, 0, 2])));

        Assert.Equal(Rcode.FormErr, answer.Rcode);
        Assert.Equal(1, backend.Asked);
    }

    [Theory, MemberData(nameof(Edits))]
    public async Task An_error_about_the_question_reaches_its_client_once_and_takes_nobody_s_padding_away(string transport, string edit, int option)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(transport, Rogue.AnswersWith(query =>
            [ParsedMessage.Parse(query).QuestionName.StartsWith("bad", StringComparison.Ordinal) ? Message.WithFlags(query, FormErr) : Message.Answer(query)]));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", edit), "--shards", "1");
        using var client = new DnsUdpClient(fastdist.Listen);

        Assert.Equal(Rcode.FormErr, (await client.AskAsync(Message.Query("bad.load.test"))).Rcode);
        Assert.Equal(2, backend.Asked);
        Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query("good.load.test"))).Rcode);

        Assert.False(client.HasAnswer);
        Assert.True(ParsedMessage.Parse(backend.Received.Last()).Edns?.Has(option));
    }
}
