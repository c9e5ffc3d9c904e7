using System;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;
using Fastdist.Tls;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// How the clients of one frontend ask over a stream, on one shard. It takes opened bytes to the gate and adds answers to the client's
/// stream; what becomes of the connection it says in values, as that is not its business.
/// </summary>
/// <param name="shard">The shard.</param>
/// <param name="gate">Where queries pass.</param>
/// <param name="asker">Who hears of their answers.</param>
/// <param name="frontend">The frontend.</param>
internal abstract class StreamProtocol(ShardContext shard, Gate gate, ClientAsker asker, Frontend frontend)
{
    private readonly FrontendCounters _counters = frontend.Tcp;

    /// <summary>Answers not yet taken by the client after which its queries are left unread, bytes.</summary>
    protected const int OutputPause = 64 * 1024;

    protected ShardContext Shard => shard;

    protected Gate Gate => gate;

    protected FrontendCounters Counters => _counters;

    /// <summary>Number of the pool that the frontend's queries go to.</summary>
    protected int Pool => frontend.Pool;

    /// <summary>Takes queries from opened bytes.</summary>
    /// <param name="client">Who sent them.</param>
    /// <param name="data">The bytes, with those before them that were not taken.</param>
    /// <param name="taken">How many of them were taken.</param>
    public abstract Uptake Take(ClientConnection client, ReadOnlySpan<byte> data, out int taken);

    /// <summary>Adds the answer to a query to the client's stream.</summary>
    /// <returns>False when it cannot be sent.</returns>
    public abstract bool TryAnswer(ClientConnection client, in InFlightEntry query, ReadOnlySpan<byte> answer);

    /// <summary>Tells a client that one of its queries gets no answer.</summary>
    /// <returns>False when there is no way to.</returns>
    public virtual bool TryLeave(ClientConnection client, in InFlightEntry query) => false;

    /// <summary>Silence after which a client is left, microseconds.</summary>
    public abstract long IdleTimeout(ClientConnection client);

    /// <summary>Adds what has gathered in the protocol's own session.</summary>
    /// <returns>False when the session can seal nothing any more, or there is no room.</returns>
    public virtual bool TryGather(ClientConnection client) => true;

    /// <summary>Whether the client's own session has come to its end.</summary>
    public virtual bool HasEnded(ClientConnection client) => false;

    /// <summary>Whether a message takes too long to arrive, or an answer to be taken.</summary>
    public virtual bool IsLate(ClientConnection client, long now) => false;

    /// <summary>Tells the client to ask no more.</summary>
    public virtual void Finish(ClientConnection client)
    {
    }

    /// <summary>Whether all that was asked is answered, as far as the protocol's own session knows.</summary>
    public virtual bool IsDone(ClientConnection client) => true;

    /// <summary>The frontend has other settings; clients that are there may keep what they began with.</summary>
    public virtual void SettingsChanged()
    {
    }

    /// <summary>A turn has sent what it caused.</summary>
    public virtual void EndTurn()
    {
    }

    /// <summary>Whether a client that had to wait for its own answers may be read on.</summary>
    public bool MayGoOn(ClientConnection client) => client.InFlight < frontend.Options.MaxInFlight && client.Stream.Gathered < OutputPause;

    /// <summary>Whether further queries are left unread: the client has its share in flight, does not read, or we are full.</summary>
    protected bool MustWait(ClientConnection client, out Uptake reason)
    {
        reason = gate.HasRoom(client.Pool) ? Uptake.Busy : Uptake.Full;
        return reason == Uptake.Full || !MayGoOn(client);
    }

    protected FrontendCounters CountQuery(ClientConnection client)
    {
        _counters.Queries++;
        client.Queries++;
        client.ReadIosOfQuery = 0;
        switch (client.TlsVersion)
        {
            case TlsVersion.Tls13:
                _counters.Tls13Queries++;
                break;
            case TlsVersion.Tls12:
                _counters.Tls12Queries++;
                break;
            case TlsVersion.Tls11:
                _counters.Tls11Queries++;
                break;
            case TlsVersion.Tls10:
                _counters.Tls10Queries++;
                break;
            default:
                break;
        }

        return _counters;
    }

    /// <summary>Whether a client has asked as often as one connection may.</summary>
    protected bool HasAskedEnough(ClientConnection client) =>
        shard.Options.MaxTcpQueriesPerConnection is > 0 and int most && client.Queries >= most;

    /// <summary>Sends a query on its way.</summary>
    /// <returns>False when there is no room for it: only the byte budget for long queries can be short here.</returns>
    protected bool TryForward(ClientConnection client, in Query query, in Origin origin, int httpStream)
    {
        if (!gate.TryKeep(in query, in origin, asker, out int entry))
        {
            return false;
        }

        NoteClient(entry, client, in origin, httpStream);
        client.InFlight++;
        client.Pool = gate.Judgement.Pool;
        gate.Forward(entry);
        return true;
    }

    /// <summary>Has a cache's answer, which was given, be asked for anew where it ends soon.</summary>
    protected void RefreshIfDue(ClientConnection client, in Query query, in Origin origin)
    {
        if (gate.Judgement.MustRefresh && gate.TryKeepUnasked(in query, in origin, asker.Refresher, out int entry))
        {
            NoteClient(entry, client, in origin, httpStream: 0);
            gate.Forward(entry);
        }
    }

    private void NoteClient(int entry, ClientConnection client, in Origin origin, int httpStream)
    {
        ref InFlightEntry waiting = ref shard.Table[entry];
        waiting.Client = client.Index;
        waiting.HttpStream = httpStream;
        waiting.Route.Peer = origin.Peer;
        waiting.ClientGeneration = client.Generation;
        waiting.AnswerLimit = ushort.MaxValue;
    }

    /// <summary>The SERVFAIL of a query there was no room for; a stream has no way to drop one.</summary>
    protected ReadOnlySpan<byte> NoRoom(in Query query)
    {
        _counters.ServFail++;
        gate.Judgement.Refuse(query.Message, Rcode.ServFail, ExtendedError.NotReady, "no room for a query of this length"u8);
        return gate.Judgement.Reply;
    }

    protected bool IsPadded(ClientConnection client, EdnsTraits edns) =>
        client.Tls is not null && (edns & OwedPadding(frontend.Options.Tls!.PadResponses)) != 0;

    private static EdnsTraits OwedPadding(ResponsePadding padding) => padding switch
    {
        ResponsePadding.Asked => EdnsTraits.Padding,
        ResponsePadding.Edns => EdnsTraits.HasOpt,
        _ => EdnsTraits.None,
    };
}
