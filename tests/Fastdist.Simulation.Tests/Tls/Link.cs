using System;
using System.Collections.Generic;
using System.IO;
using Fastdist.Simulation.Network;
using Fastdist.Simulation.Tls;
using Fastdist.Tls;

namespace Fastdist.Simulation.Tests.Tls;

/// <summary>A client's and a server's session, with the bytes on their way between them, in pieces of any size.</summary>
internal sealed class Link
{
    private readonly Random _random;

    /// <param name="seed">Decides about the pieces and about the sessions.</param>
    /// <param name="client">The client's nature.</param>
    /// <param name="server">The server's.</param>
    public Link(int seed, SimTlsOptions? client = null, SimTlsOptions? server = null)
    {
        _random = new Random(seed);
        Tls = new SimTls(_random, Violations.Add);
        ClientContext = Tls.Ours(client ?? new SimTlsOptions());
        ServerContext = Tls.Ours((server ?? new SimTlsOptions()) with { IsServer = true });
        Begin();
    }

    public SimTls Tls { get; }

    public List<string> Violations { get; } = [];

    public SimTlsContext ClientContext { get; }

    public SimTlsContext ServerContext { get; }

    public Side Client { get; private set; } = null!;

    public Side Server { get; private set; } = null!;

    /// <summary>Begins anew, under the same contexts.</summary>
    public void Begin() => (Client, Server) = (new Side(ClientContext.Begin()), new Side(ServerContext.Begin()));

    /// <summary>Moves bytes and has the sessions work on them until nothing moves any more.</summary>
    public void Run()
    {
        while (Step(Client, Server) | Step(Server, Client))
        {
        }
    }

    /// <summary>Seals bytes, in spans of any size.</summary>
    public void Send(Side from, byte[] plaintext)
    {
        for (ReadOnlySpan<byte> rest = plaintext; ;)
        {
            var room = new byte[from.Session.HasPendingOutput ? 300 : 300 + _random.Next(20_000)];
            TlsStatus status = from.Session.Send(rest, out int consumed, room, out int written);
            from.Sent.Append(room.AsSpan(0, written));
            rest = rest[consumed..];
            if (status == TlsStatus.Ok)
            {
                return;
            }
        }
    }

    /// <summary>Says close_notify.</summary>
    public static void Close(Side side)
    {
        Span<byte> room = stackalloc byte[1024];
        side.Session.Close(room, out int written);
        side.Sent.Append(room[..written]);
    }

    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private bool Step(Side side, Side other)
    {
        if (side.Status is TlsStatus.Failed or TlsStatus.Closed)
        {
            return Flush(side);
        }

        byte[] input = other.Sent.Span[..Math.Min(other.Sent.Length, 1 + _random.Next(500))].ToArray();
        var room = new byte[_random.Next(1 + (_random.Next(2) * 4000))];
        int consumed;
        int moved;
        if (!side.Session.IsEstablished)
        {
            side.Status = side.Session.Handshake(input, out consumed, room, out moved);
            side.Sent.Append(room.AsSpan(0, moved));
        }
        else
        {
            side.Status = side.Session.Receive(input, out consumed, room, out moved);
            side.Opened.Write(room, 0, moved);
        }

        other.Sent.Drop(consumed);
        return Flush(side) | consumed + moved > 0 | other.Sent.Length > 0 | side.Status == TlsStatus.NeedOutput;
    }

    private bool Flush(Side side)
    {
        Span<byte> room = stackalloc byte[1 + _random.Next(800)];
        int count = side.Session.FlushPending(room);
        side.Sent.Append(room[..count]);
        return count > 0;
    }

    /// <summary>One end.</summary>
    internal sealed class Side(SimTlsSession session)
    {
        public SimTlsSession Session { get; } = session;

        /// <summary>What it sent and the other end did not take yet.</summary>
        public ByteQueue Sent { get; } = new();

        public MemoryStream Opened { get; } = new();

        public TlsStatus Status { get; set; } = TlsStatus.NeedInput;
    }
}
