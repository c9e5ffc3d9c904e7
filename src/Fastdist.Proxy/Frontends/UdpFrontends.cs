using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>The UDP side of a shard: datagrams to queries, answers to datagrams.</summary>
internal sealed class UdpFrontends : ClientAsker
{
    private readonly ShardContext _shard;
    private readonly Gate _gate;
    private readonly FrontendSet _frontends;

    /// <summary>Room for header, question and OPT: what is left of an answer that is too large.</summary>
    private readonly byte[] _truncated = new byte[1024];

    /// <summary>The address each of the ring's datagram sockets is bound to.</summary>
    private readonly List<SocketAddress> _bound = [];

    private readonly DelayedAnswers _delayed = new();

    /// <param name="shard">The shard.</param>
    /// <param name="gate">Where queries pass.</param>
    /// <param name="frontends">The frontends.</param>
    public UdpFrontends(ShardContext shard, Gate gate, FrontendSet frontends)
        : base(shard, gate) => (_shard, _gate, _frontends) = (shard, gate, frontends);

    /// <inheritdoc/>
    public override bool MayBeDropped => true;

    /// <summary>Takes in a datagram socket.</summary>
    /// <param name="socket">The ring's number of it.</param>
    /// <param name="local">The address it is bound to.</param>
    public void Add(int socket, in SocketAddress local)
    {
        while (_bound.Count <= socket)
        {
            _bound.Add(default);
        }

        _bound[socket] = local;
    }

    /// <summary>A datagram arrived.</summary>
    public void Received(int frontend, ReadOnlySpan<byte> message, in DatagramRoute route, bool wasCut)
    {
        Frontend home = _frontends[frontend];
        FrontendCounters count = home.Udp;
        if (!_gate.LetsIn(in route.Peer))
        {
            count.AclDrops++;
            return;
        }

        count.Queries++;
        if (_gate.IsFull)
        {
            count.DroppedOverload++;
            return;
        }

        SocketAddress local = _bound[route.Socket];
        var origin = new Origin(ClientProtocol.Udp, frontend, count, in route.Peer, in local) { Pool = home.Pool, Asked = route.LocalBytes, IsCut = wasCut };
        Fate fate = _gate.Judge(message, in origin, out Query query);
        if (fate == Fate.Forward)
        {
            Forward(in query, in origin, in route);
        }
        else if (fate == Fate.Answer)
        {
            Send(frontend, in route, LimitOf(in query), _gate.Judgement.Reply, _gate.Judgement.Delay);
            if (_gate.Judgement.MustRefresh)
            {
                Refresh(in query, in origin, in route);
            }
        }
    }

    /// <summary>When the next answer is due that waits, microseconds of the shard's clock.</summary>
    public long NextDue => _delayed.NextDue;

    /// <summary>Sends the answers whose time to wait is over.</summary>
    /// <param name="now">The time, microseconds; the largest integer for all there are.</param>
    public void SendDue(long now)
    {
        while (_delayed.TryTake(now, out DelayedAnswers.Waiting waiting))
        {
            _frontends[waiting.Frontend].Delayed--;
            Send(waiting.Frontend, waiting.Route, waiting.Buffer.AsSpan(0, waiting.Length));
        }
    }

    /// <inheritdoc/>
    public override Origin OriginOf([UnscopedRef] in InFlightEntry entry)
    {
        ref readonly DatagramRoute route = ref entry.Route;
        Frontend home = _frontends[entry.Frontend];
        return new Origin(ClientProtocol.Udp, entry.Frontend, home.Udp, in route.Peer, in CollectionsMarshal.AsSpan(_bound)[route.Socket]) { Pool = home.Pool, Asked = route.LocalBytes };
    }

    /// <inheritdoc/>
    public override FrontendCounters CountersOf(int frontend) => _frontends[frontend].Udp;

    /// <inheritdoc/>
    protected override void Deliver(in InFlightEntry entry, ReadOnlySpan<byte> answer, int delay) =>
        Send(entry.Frontend, in entry.Route, entry.AnswerLimit, answer, delay);

    /// <inheritdoc/>
    protected override void Leave(in InFlightEntry entry)
    {
        // Silence is what a datagram's client takes for that.
    }

    private void Forward(in Query query, in Origin origin, in DatagramRoute route)
    {
        if (!_gate.TryKeep(in query, in origin, this, out int index))
        {
            origin.Counters.DroppedOverload++;
            return;
        }

        ref InFlightEntry entry = ref _shard.Table[index];
        entry.Route = route;
        entry.AnswerLimit = LimitOf(in query);
        _gate.Forward(index);
    }

    /// <summary>Has a cache's answer, which was given, be asked for anew.</summary>
    private void Refresh(in Query query, in Origin origin, in DatagramRoute route)
    {
        if (_gate.TryKeepUnasked(in query, in origin, Refresher, out int index))
        {
            ref InFlightEntry entry = ref _shard.Table[index];
            entry.Route = route;
            entry.AnswerLimit = ushort.MaxValue;
            _gate.Forward(index);
        }
    }

    private ushort LimitOf(in Query query) => (ushort)Math.Min(query.UdpPayloadSize, _shard.Options.UdpMaxSize);

    /// <summary>Sends an answer, cut to what the client takes (RFC 2181 section 9, RFC 6891 section 6.2.5).</summary>
    private void Send(int frontend, in DatagramRoute route, int limit, ReadOnlySpan<byte> message, int delay)
    {
        FrontendCounters count = CountersOf(frontend);
        if (message.Length > limit)
        {
            int length = Truncation.Write(message, _truncated);
            if (length == 0)
            {
                count.TruncationFailures++;
                return;
            }

            count.Truncated++;
            message = _truncated.AsSpan(0, length);
        }

        if (delay > 0 && _delayed.TryAdd(frontend, in route, message, _shard.Clock.Now + (delay * 1000L)))
        {
            _frontends[frontend].Delayed++;
        }
        else
        {
            Send(frontend, in route, message);
        }
    }

    private void Send(int frontend, in DatagramRoute route, ReadOnlySpan<byte> message)
    {
        CountersOf(frontend).Responses++;
        _shard.Ring.SendDatagram(route.Socket, in route, message);
    }
}
