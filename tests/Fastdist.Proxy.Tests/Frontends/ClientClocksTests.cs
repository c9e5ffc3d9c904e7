using System;
using System.Net;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;
using Fastdist.Streams;
using Fastdist.Streams.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>What a connection's clocks say: each limit, and what keeps it from being over.</summary>
public sealed class ClientClocksTests : IDisposable
{
    private const long Now = 1_000_000_000;
    private const long Second = 1_000_000;

    private static readonly ProxyOptions s_options = ClientBench.With(ClientBench.Plain, ClientBench.Secure) with
    {
        TcpIdleTimeout = 4,
        TcpReceiveTimeout = 2,
        TcpSendTimeout = 3,
        TlsHandshakeTimeout = 5,
    };

    private readonly StreamMemory _memory = new(End.BufferSize, End.LargestPiece);
    private readonly InFlightTable _table = new(1, 0);
    private readonly ClientConnection _client;
    private readonly Unhurried _protocol;

    public ClientClocksTests()
    {
        var shard = new ShardContext(0, s_options, new Machines.HandMachine(), NullLogger.Instance, _table);
        _protocol = new Unhurried(shard, new Gate(shard, new Nobody(), []));
        _client = new ClientConnection(0, _memory);
        SocketAddress peer = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, 40000));
        _client.Reset(frontend: 0, pool: 0, in peer, in peer, isProxied: false, Now);
        var ring = new HandRing();
        _client.Stream.Begin(ring, ring.Add());
    }

    [Theory]
    [InlineData((int)ClientState.Open, 4, (int)Punctuality.Idle)]
    [InlineData((int)ClientState.Handshaking, 5, (int)Punctuality.LateHandshake)]
    [InlineData((int)ClientState.AwaitingProxyHeader, 2, (int)Punctuality.Late)]
    [InlineData((int)ClientState.Lingering, 2, (int)Punctuality.Overdue)]
    public void Each_state_has_its_limit(int state, int seconds, int verdict)
    {
        _client.State = (ClientState)state;
        Assert.Equal(Punctuality.InTime, After(seconds * Second, s_options));
        Assert.Equal((Punctuality)verdict, After((seconds * Second) + 1, s_options));
    }

    [Theory]
    [InlineData((int)ClientState.Finishing)]
    [InlineData((int)ClientState.Closing)]
    [InlineData((int)ClientState.Free)]
    public void Who_waits_for_answers_or_for_the_ring_has_none(int state)
    {
        _client.State = (ClientState)state;
        Assert.Equal(Punctuality.InTime, After(1000 * Second, s_options));
    }

    [Theory]
    [InlineData((int)ClientState.Open, (int)Punctuality.Late)]
    [InlineData((int)ClientState.Finishing, (int)Punctuality.Late)]
    [InlineData((int)ClientState.Handshaking, (int)Punctuality.Late)]
    [InlineData((int)ClientState.Lingering, (int)Punctuality.InTime)]
    public void A_send_without_progress_is_late_wherever_the_connection_is(int state, int verdict)
    {
        _client.State = (ClientState)state;
        _client.LingeringSince = Now + (2 * Second);
        _client.Stream.TryReserve(100, out _);
        _client.Stream.TryAdd(100);
        _client.Stream.TryFlush(Now, out _);
        Assert.Equal(Punctuality.InTime, After(3 * Second, s_options));
        Assert.Equal((Punctuality)verdict, After((3 * Second) + 1, s_options));
    }

    [Fact]
    public void Half_a_message_is_late_unless_it_is_we_who_do_not_read()
    {
        _client.State = ClientState.Open;
        _client.Stream.Keep([0, 20, 1]);
        Assert.Equal(Punctuality.Late, After((2 * Second) + 1, s_options));
        _client.Stream.Pause();
        Assert.Equal(Punctuality.InTime, After((2 * Second) + 1, s_options));
        Assert.Equal(Punctuality.InTime, After(1000 * Second, s_options));
    }

    [Fact]
    public void Who_waits_for_an_answer_is_not_idle()
    {
        _client.State = ClientState.Open;
        _client.InFlight = 1;
        Assert.Equal(Punctuality.InTime, After(1000 * Second, s_options));
    }

    [Fact]
    public void One_that_has_lasted_long_enough_is_old_though_it_is_busy()
    {
        ProxyOptions options = s_options with { MaxTcpConnectionDuration = 60 };
        _client.State = ClientState.Open;
        _client.InFlight = 1;
        Assert.Equal(Punctuality.InTime, After(60 * Second, options));
        Assert.Equal(Punctuality.Old, After((60 * Second) + 1, options));
    }

    [Fact]
    public void What_its_protocol_finds_late_is_late()
    {
        _client.State = ClientState.Open;
        _protocol.FindsLate = true;
        Assert.Equal(Punctuality.Late, After(0, s_options));
    }

    [Fact]
    public void A_limit_of_0_is_none()
    {
        _client.State = ClientState.Handshaking;
        Assert.Equal(Punctuality.InTime, After(1000 * Second, s_options with { TlsHandshakeTimeout = 0 }));
    }

    [Theory]
    [InlineData(1, 250_000, false)]
    [InlineData(1, 250_001, true)]
    [InlineData(0, 250_001, false)]
    public void A_session_may_rest_after_a_quarter_of_a_second(int frontend, long silence, bool mayRest)
    {
        _client.State = ClientState.Open;
        _client.Frontend = frontend;
        Assert.Equal(mayRest, ClientClocks.MayRest(_client, s_options.Frontends[frontend], Now + silence));
        _client.InFlight = 1;
        Assert.False(ClientClocks.MayRest(_client, s_options.Frontends[frontend], Now + silence));
    }

    [Fact]
    public void A_session_that_is_to_keep_its_buffers_does_not_rest()
    {
        _client.State = ClientState.Open;
        FrontendOptions frontend = ClientBench.Plain with { Tls = new TlsFrontendOptions { ReleaseBuffers = false } };
        Assert.False(ClientClocks.MayRest(_client, frontend, Now + Second));
    }

    public void Dispose()
    {
        _client.Stream.Release();
        _memory.Dispose();
        _table.Dispose();
    }

    private Punctuality After(long microseconds, ProxyOptions options) => new ClientClocks(options).Judge(_client, _protocol, Now + microseconds);

    /// <summary>A protocol of the usual patience.</summary>
    private sealed class Unhurried(ShardContext shard, Gate gate)
        : StreamProtocol(shard, gate, new UdpFrontends(shard, gate, new FrontendSet()), TestFrontends.Plain()[0])
    {
        public bool FindsLate { get; set; }

        public override Uptake Take(ClientConnection client, ReadOnlySpan<byte> data, out int taken) => throw new NotSupportedException();

        public override bool TryAnswer(ClientConnection client, in InFlightEntry query, ReadOnlySpan<byte> answer) => throw new NotSupportedException();

        public override long IdleTimeout(ClientConnection client) => ClientClocks.Seconds(Shard.Options.TcpIdleTimeout);

        public override bool IsLate(ClientConnection client, long now) => FindsLate;
    }

    private sealed class Nobody : IForwarder
    {
        public bool IsSaturated(int pool) => false;

        public void Forward(int index) => throw new NotSupportedException();
    }
}
