using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>Answers for networks (RFC 7871): a backend that is told the client's and answers for as many bits of it as the first label says.</summary>
public sealed class NetworkTests
{
    private const ushort Subnet = 8;
    private const int OptSize = 11;

    [Fact]
    public async Task An_answer_is_given_to_the_network_that_it_is_for_and_to_no_other()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Answer(query)]));
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, CachedProxy.Server(backend, $"{CachedProxy.Patient}, useClientSubnet=true"), CachedProxy.Usual, "setECSSourcePrefixV4(24)");

        // Who asks, and how often the backend was asked by then.
        (string Client, int Asked)[] narrow = [("127.1.1.1", 1), ("127.1.1.2", 1), ("127.1.2.1", 2), ("127.1.1.3", 2), ("127.2.1.1", 3), ("127.1.2.9", 3)];
        (string Client, int Asked)[] wide = [("127.1.1.1", 1), ("127.1.2.1", 1), ("127.2.1.1", 2), ("127.1.3.1", 2), ("127.2.9.9", 2)];
        (string Client, int Asked)[] all = [("127.1.1.1", 1), ("127.1.2.1", 1), ("127.2.1.1", 1)];
        (string Name, (string Client, int Asked)[] Clients)[] questions = [("24.load.test.", narrow), ("32.load.test.", narrow), ("16.load.test.", wide), ("0.load.test.", all)];
        foreach ((string name, (string Client, int Asked)[] clients) in questions)
        {
            foreach ((string client, int asked) in clients)
            {
                using var socket = new DnsUdpClient(proxy.Listen, IPAddress.Parse(client));
                ParsedMessage answer = await socket.AskAsync(Message.Query(name));
                byte[] address = Assert.Single(answer.Answers).Data;
                int bits = Math.Min(int.Parse(name.Split('.')[0], CultureInfo.InvariantCulture), 24);
                Assert.True(address.Take(bits / 8).SequenceEqual(IPAddress.Parse(client).GetAddressBytes().Take(bits / 8)), $"{name} for {client}: {new IPAddress(address)}");
                Assert.True(backend.CountOf(name) == asked, $"{name} for {client}: {backend.CountOf(name)}");
                Assert.Null(answer.Edns);
            }
        }
    }

    [Fact]
    public async Task A_client_that_names_its_network_gets_its_own_option_back_out_of_the_cache()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Answer(query)]));
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);

        foreach ((byte third, byte fourth, int asked) in ((byte, byte, int)[])[(1, 0, 1), (1, 0, 1), (2, 0, 1), (2, 0, 1)])
        {
            byte[] network = [0, 1, 24, 0, 198, 51, third];
            ParsedMessage answer = await proxy.AskAsync("udp", Message.Query("16.load.test", edns: 1_232, options: (Subnet, network)));
            Assert.Equal((byte[])[0, 1, 24, 16, 198, 51, third], answer.Edns!.Options.Single(option => option.Code == Subnet).Data);
            Assert.Equal(asked, backend.Asked);
            Assert.Equal(fourth, Assert.Single(answer.Answers).Data[3]);
        }
    }

    /// <summary>The network that the query tells of as the address, and the scope that its name says.</summary>
    private static byte[] Answer(byte[] query)
    {
        ParsedMessage parsed = ParsedMessage.ParseQuery(query);
        byte[] told = parsed.Edns!.Options.Single(option => option.Code == Subnet).Data;
        byte[] address = new byte[4];
        told.AsSpan(4).CopyTo(address);
        byte[] option = [.. told];
        option[3] = byte.Parse(parsed.QuestionName.Split('.')[0], CultureInfo.InvariantCulture);
        byte[] answer = Message.AnswerFor(query, 300);
        byte[] bare = answer[..^OptSize];
        address.CopyTo(bare.AsSpan(bare.Length - 4));
        return [.. bare, .. answer[^OptSize..^2], 0, (byte)(4 + option.Length), 0, (byte)Subnet, 0, (byte)option.Length, .. option];
    }
}
