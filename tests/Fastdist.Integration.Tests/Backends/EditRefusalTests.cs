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

    [Theory]
    [InlineData("padQueries=true", FormErr)]
    [InlineData("useClientSubnet=true", FormErr)]
    [InlineData("useClientSubnet=true", NotImp)]
    public async Task A_client_without_EDNS_does_not_see_that_a_backend_has_none(string option, int flags)
    {
        const int Queries = 30;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query =>
            [ParsedMessage.Parse(query).Edns is null ? Message.Answer(query) : Message.WithFlags(query, flags)]));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", option), "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        // All at once, so that many are refused before it is known.
        await client.SendAsync([.. Enumerable.Range(0, Queries).Select(id => Message.Query($"q{id}.load.test", id: id))]);
        Assert.All((await client.ReceiveManyAsync(Queries)).Values, answer => Assert.Equal(Rcode.NoError, answer.Rcode));
        Assert.InRange((await fastdist.CountersAsync()).Backend("one")["edits-refused"], 1, Queries);
        await fastdist.ToldAsync(LogEvent.EditsRefused, line => line["backend"] == "one");

        // From then on it is asked once.
        int before = backend.Received.Count;
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("known.load.test"))).Rcode);
        Assert.Equal(before + 1, backend.Received.Count);
        Assert.Null(ParsedMessage.Parse(backend.Received.Last()).Edns);
    }

    [Fact]
    public async Task A_client_with_EDNS_is_answered_where_only_our_option_is_refused()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query =>
            [ParsedMessage.Parse(query).Edns!.Has(Padding) ? Message.WithFlags(query, FormErr) : Message.Answer(query)]));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", "padQueries=true"));

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test", edns: 1_232));

        Assert.Equal(Rcode.NoError, answer.Rcode);
        Assert.Equal(2, backend.Received.Count);
    }

    [Fact]
    public async Task A_query_that_was_asked_elsewhere_is_asked_unedited_there_and_not_for_ever()
    {
        await using var lab = new Lab();
        RogueBackend silent = lab.Rogue(Rogue.Never);
        RogueBackend refusing = lab.Rogue(Rogue.AnswersWith(query =>
            [ParsedMessage.Parse(query).Edns is null ? Message.Answer(query) : Message.WithFlags(query, FormErr)]));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(silent, "silent", "order=1", "silenceTimeout=200", "padQueries=true"),
            "--server", lab.Unchecked(refusing, "refusing", "order=2", "padQueries=true"),
            "--policy", "firstAvailable", "--shards", "1");

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"));

        Assert.Equal(Rcode.NoError, answer.Rcode);
        Assert.Equal(2, refusing.Received.Count);
    }

    [Fact]
    public async Task What_nothing_was_added_to_is_asked_once()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Message.WithFlags(query, FormErr)]));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", "useClientSubnet=true"));

        ParsedMessage answer = await DnsUdpClient.AskAsync(
            fastdist.Listen, Message.Query("x.load.test", edns: 1_232, options: (ClientSubnet, [0, 1, 24, 0, 192, 0, 2])));

        Assert.Equal(Rcode.FormErr, answer.Rcode);
        Assert.Single(backend.Received);
    }

    [Fact]
    public async Task An_error_about_the_question_reaches_its_client_once_and_takes_nobody_s_padding_away()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query =>
            [ParsedMessage.Parse(query).QuestionName.StartsWith("bad", StringComparison.Ordinal) ? Message.WithFlags(query, FormErr) : Message.Answer(query)]));
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", "padQueries=true"), "--shards", "1");
        using var client = new DnsUdpClient(fastdist.Listen);

        Assert.Equal(Rcode.FormErr, (await client.AskAsync(Message.Query("bad.load.test"))).Rcode);
        Assert.Equal(2, backend.Received.Count);
        Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query("good.load.test"))).Rcode);

        Assert.False(client.HasAnswer);
        Assert.True(ParsedMessage.Parse(backend.Received.Last()).Edns?.Has(Padding));
    }
}
