using System;
using Fastdist.Dns;
using Fastdist.Http;
using Fastdist.Ring;
using Fastdist.Rules.Selectors;

namespace Fastdist.Rules.Chains;

/// <summary>
/// What rules look at: a query or an answer, and where its query came from. Refers to memory of the caller's and dies with the call.
/// </summary>
/// <param name="message">The message, with a sound question.</param>
/// <param name="questionEnd">Where its question ends.</param>
/// <param name="transport">How the query came.</param>
/// <param name="client">Who asks.</param>
/// <param name="local">The address that the client's socket is bound to.</param>
public readonly ref struct Subject(ReadOnlySpan<byte> message, int questionEnd, Transport transport, ref readonly SocketAddress client, ref readonly SocketAddress local)
{
    private readonly ref readonly SocketAddress _client = ref client;
    private readonly ref readonly SocketAddress _local = ref local;

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Message { get; init; } = message;

    /// <summary>Where its question ends.</summary>
    public int QuestionEnd { get; } = questionEnd;

    /// <summary>The question's name in wire form.</summary>
    public ReadOnlySpan<byte> Name => Query.NameOf(Message, QuestionEnd);

    /// <summary>The question's type.</summary>
    public RecordType Type => Query.TypeOf(Message, QuestionEnd);

    /// <summary>The question's class.</summary>
    public ushort Class => Query.ClassOf(Message, QuestionEnd);

    /// <summary>How the query came.</summary>
    public Transport Transport { get; } = transport;

    /// <summary>Who asks.</summary>
    public ref readonly SocketAddress Client => ref _client;

    /// <summary>The address asked, where the socket takes several: 4 or 16 bytes; empty where it is bound to one.</summary>
    public ReadOnlySpan<byte> Asked { get; init; }

    /// <summary>The address and port that were asked.</summary>
    public SocketAddress Local => Asked.IsEmpty ? _local : SocketAddress.From(Asked, _local.Port);

    /// <summary>The port that was asked.</summary>
    public int LocalPort => _local.Port;

    /// <summary>Whether the client wants DNSSEC records (DO).</summary>
    public bool DnssecOk { get; init; }

    /// <summary>Whether it is an answer.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>The name that the client asked for in TLS; empty without one.</summary>
    public ReadOnlySpan<byte> ServerName { get; init; }

    /// <summary>The HTTP request that the query was in; means something where <see cref="HasRequest"/>.</summary>
    public HttpRequest Request { get; init; }

    /// <summary>Whether there is an HTTP request to look at.</summary>
    public bool HasRequest { get; init; }

    /// <summary>The path of the request, without what follows a question mark; empty without one.</summary>
    public ReadOnlySpan<byte> Path => HasRequest ? Request.Path : default;

    /// <summary>The time, microseconds of the shard's clock.</summary>
    public long Now { get; init; }

    /// <summary>The tags that were put on it, as <see cref="TagStore"/> counts them; 0 for none.</summary>
    public int Tags { get; init; }
}
