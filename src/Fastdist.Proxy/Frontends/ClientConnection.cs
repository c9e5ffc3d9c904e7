using System.Diagnostics;
using Fastdist.Http;
using Fastdist.Ring;
using Fastdist.Streams;
using Fastdist.Tls;

namespace Fastdist.Proxy.Frontends;

/// <summary>Where a client connection is in its life.</summary>
internal enum ClientState : byte
{
    /// <summary>The slot is free.</summary>
    Free,

    /// <summary>A load balancer has yet to say for whom it speaks (PROXY protocol).</summary>
    AwaitingProxyHeader,

    /// <summary>TLS is shaking hands, or waits for its turn to.</summary>
    Handshaking,

    /// <summary>Queries are read.</summary>
    Open,

    /// <summary>No more queries are read; it ends once what is in flight was answered.</summary>
    Finishing,

    /// <summary>FIN was sent; what the client still sends is thrown away until its own FIN, so that no reset overtakes the answers.</summary>
    Lingering,

    /// <summary>The ring was asked to close it.</summary>
    Closing,
}

/// <summary>
/// A TCP, DoT or DoH client. The object stays with its slot and is used again.
/// </summary>
/// <param name="index">Its slot.</param>
/// <param name="streams">What the streams of clients share.</param>
internal sealed class ClientConnection(int index, StreamMemory streams)
{
    public readonly RingStream Stream = new(streams);
    public uint Generation;
    public ClientState State;
    public int Frontend;

    /// <summary>The client; behind a load balancer, whom the PROXY header names.</summary>
    public SocketAddress Peer;

    /// <summary>Our end of the connection: the address and port that it was opened to.</summary>
    public SocketAddress Local;

    /// <summary>Its slot, by which queries in flight and the ring's events name it.</summary>
    public int Index => index;

    /// <summary>Its TLS session; null for plain TCP and until the handshake begins.</summary>
    public TlsSession? Tls => Stream.Session;

    /// <summary>Its HTTP/2 session; null for plain DNS messages and until the first byte.</summary>
    public Http2Session? Http;

    /// <summary>The turn that <see cref="RequestsOfTurn"/> is about.</summary>
    public long RequestsTurn;

    /// <summary>HTTP requests taken in that turn.</summary>
    public int RequestsOfTurn;

    /// <summary>Of an established session.</summary>
    public TlsVersion TlsVersion;

    /// <summary>
    /// Number of the pool that its next query is taken to be for: the one of its last, at first its frontend's. Which it really is shows
    /// only once it was read, and then it is let in.
    /// </summary>
    public int Pool;

    /// <summary>Queries waiting for answers.</summary>
    public int InFlight;

    /// <summary>Queries read so far.</summary>
    public long Queries;

    /// <summary>Reads from the socket so far.</summary>
    public long ReadIos;

    /// <summary>Reads since the last whole query, or since the connection began.</summary>
    public int ReadIosOfQuery;

    /// <summary>Whether it counts against its frontend's limit on connections.</summary>
    public bool HasPlace;

    /// <summary>It is counted in the limits, and has to be counted out.</summary>
    public bool IsCounted;

    /// <summary>The first bytes must be a PROXY header.</summary>
    public bool ExpectsProxyHeader;

    /// <summary>It waits among those to be resumed when the proxy has room again.</summary>
    public bool IsWaiting;

    /// <summary>It had its share of the turn and goes on in the next one.</summary>
    public bool IsYielded;

    /// <summary>It may take its first handshake step.</summary>
    public bool MayShake;

    /// <summary>It makes room for another: once nothing is left to send, its descriptor is given back without waiting for the client's end.</summary>
    public bool MakesRoom;

    /// <summary>The client sent FIN.</summary>
    public bool ReceiveEnded;

    /// <summary>It is on the list of connections to flush.</summary>
    public bool IsDirty;

    /// <summary>Microseconds of the shard's clock.</summary>
    public long OpenedAt;
    public long LastActive;
    public long PartialSince;
    public long FinishingSince;
    public long LingeringSince;

    /// <summary>Begins the life of another connection; its place among those to flush is the shard's and stays.</summary>
    /// <param name="frontend">Whose it is.</param>
    /// <param name="pool">Where that sends queries.</param>
    /// <param name="peer">The other end.</param>
    /// <param name="local">Our end.</param>
    /// <param name="isProxied">Whether that is a load balancer, which is not counted as a client and names one in a PROXY header.</param>
    /// <param name="now">Microseconds of the shard's clock.</param>
    public void Reset(int frontend, int pool, in SocketAddress peer, in SocketAddress local, bool isProxied, long now)
    {
        Debug.Assert(Tls is null && Http is null);
        Generation++;
        Frontend = frontend;
        Pool = pool;
        Peer = peer;
        Local = local;
        HasPlace = true;
        IsCounted = !isProxied;
        ExpectsProxyHeader = isProxied;
        Queries = ReadIos = RequestsTurn = 0;
        InFlight = ReadIosOfQuery = RequestsOfTurn = 0;
        IsWaiting = IsYielded = ReceiveEnded = MayShake = MakesRoom = false;
        TlsVersion = TlsVersion.Unknown;
        OpenedAt = LastActive = PartialSince = FinishingSince = LingeringSince = now;
    }

    /// <summary>Its HTTP/2 session, if it has one, is over.</summary>
    public void EndHttp()
    {
        Http?.Dispose();
        Http = null;
    }

    /// <summary>Whether bytes from the client matter: an HTTP client that is ending still says how much it takes.</summary>
    public bool Reads => State == ClientState.Open || (State == ClientState.Finishing && Http is not null && !ReceiveEnded);

    /// <summary>True while nothing is being asked, answered or read.</summary>
    public bool IsIdle => State == ClientState.Open && Http is not { OpenStreams: > 0 } && InFlight == 0
        && !Stream.IsSending && Stream.Gathered == 0 && !Stream.IsPaused && Stream.Kept == 0;
}
