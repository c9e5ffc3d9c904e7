using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Clients;

/// <summary>The UDP payload size that an OPT states is its sender's (RFC 6891 section 6.2.5): ours, of whatever answer.</summary>
[Trait("Stage", "3"), Trait("Row", "D3")]
public sealed class PayloadSizeTests
{
    private const int Ours = 1_400;
    private const int TheBackends = 4_096;

    [Theory, ClassData(typeof(Rings))]
    public async Task Answers_state_ours_and_not_the_backends(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await StartAsync(lab, lab.Rogue(Rogue.AnswersWith(query => [Stating(query)])), "--io", ring, "--udp-max-size", $"{Ours}");

        foreach (ParsedMessage answer in await AskAllAsync(fastdist, Message.Query("x.load.test", edns: 512)))
        {
            Assert.Equal(Rcode.NoError, answer.Rcode);
            Assert.Equal(Ours, answer.Edns!.UdpSize);
        }
    }

    [Fact]
    public async Task So_do_cut_answers()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Stating(query, size: 3_000)]));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--udp-max-size", $"{Ours}");

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test", edns: TheBackends));

        Assert.True(answer.IsTruncated);
        Assert.Equal(Ours, answer.Edns!.UdpSize);
    }

    [Fact]
    public async Task So_do_our_own_answers()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await StartAsync(lab, lab.Rogue(Rogue.Never), "--udp-max-size", $"{Ours}");
        byte[] query = Message.Query("x.load.test", edns: TheBackends);

        foreach (byte[] message in (byte[][])[Message.WithOpcode(query, 4), Message.Query("x.load.test", Message.Axfr, edns: TheBackends)])
        {
            foreach (ParsedMessage answer in await AskAllAsync(fastdist, message))
            {
                Assert.NotEqual(Rcode.NoError, answer.Rcode);
                Assert.Equal(Ours, answer.Edns!.UdpSize);
            }
        }
    }

    [Fact]
    public async Task So_does_the_SERVFAIL_of_a_query_that_finds_no_backend()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", $"{Ports.Next()},name=one,validateCertificates=false,healthCheckMode=down", "--udp-max-size", $"{Ours}");

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test", edns: TheBackends));

        Assert.Equal(Rcode.ServFail, answer.Rcode);
        Assert.Equal(Ours, answer.Edns!.UdpSize);
    }

    [Fact]
    public async Task A_signed_answer_stays_as_it_is()
    {
        byte[] signature = [0, 0, 250, 0, 255, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4];
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query =>
        {
            byte[] signed = [.. Stating(query), .. signature];
            signed[11]++;
            return [signed];
        }));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend);

        Assert.Equal(TheBackends, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test", edns: 1_232))).Edns!.UdpSize);
    }

    [Theory]
    [InlineData("io_uring", 4_096)]
    [InlineData("epoll", 4_096)]
    [InlineData("io_uring", 60_000)]
    [InlineData("epoll", 60_000)]
    public async Task A_query_of_the_size_we_state_is_received_whole(string ring, int size)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--io", ring, "--udp-max-size", $"{size}");
        byte[] query = Message.QueryOfSize("x.load.test", size);

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, query)).Rcode);
        Assert.Equal(size, Assert.Single(backend.Received).Length);
    }

    /// <summary>An answer of so many bytes whose OPT states the backend's size.</summary>
    private static byte[] Stating(byte[] query, int size = 100)
    {
        byte[] answer = Message.AnswerOfSize(query, size);
        int opt = answer.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0, 0, 41]);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(opt + 3), TheBackends);
        return answer;
    }

    private static Task<FastdistProcess> StartAsync(Lab lab, RogueBackend backend, params string[] arguments) => lab.DohAsync(
        backend, null, ["--tls-local", $"{s_tls},{lab.Certificate(lab.Authority.Issue(Lab.BackendName))}", .. arguments]);

    private static readonly IPEndPoint s_tls = Ports.Next();

    /// <summary>The answers over UDP, TCP, TLS and HTTPS.</summary>
    private static async Task<List<ParsedMessage>> AskAllAsync(FastdistProcess fastdist, byte[] query) =>
    [
        await DnsUdpClient.AskAsync(fastdist.Listen, query),
        await DnsTcpClient.AskAsync(fastdist.Listen, query),
        await DotClient.AskAsync(s_tls, query),
        await Http2Client.AskAsync(fastdist.Doh, query),
    ];
}
