using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>One end: a session, the ciphertext on its way to it, and what it opened.</summary>
internal sealed class End(TlsSession session) : IDisposable
{
    public TlsSession Session { get; } = session;

    public List<byte> Inbox { get; } = [];

    public MemoryStream Opened { get; } = new();

    public TlsStatus Status { get; set; } = TlsStatus.NeedInput;

    public bool Established { get; set; }

    public void Dispose() => Session.Dispose();
}

/// <summary>A client and a server session joined by two byte queues.</summary>
internal sealed class Pair : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>Joins a session of one context with a session of another; the contexts stay the caller's.</summary>
    public Pair(TlsContext client, TlsContext server)
    {
        Client = new End(client.CreateSession());
        Server = new End(server.CreateSession());
    }

    public Pair(TlsClientOptions? options = null, X509Certificate2? certificate = null, bool tls12 = false, TlsProvider provider = TlsProvider.OpenSsl)
    {
        TestCertificates certificates = Own(new TestCertificates());
        options ??= new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = certificates.Trust };
        Client = new End(Own(TlsClientContext.Create(options with { Provider = provider })).CreateSession());
        Server = new End(Own(TestCertificates.Server(certificate ?? certificates.Issue(), tls12 ? TlsVersion.Tls12 : TlsVersion.Unknown)).CreateSession());
    }

    public End Client { get; }

    public End Server { get; }

    /// <summary>Bytes given to a session in one call.</summary>
    public int InputChunk { get; set; } = int.MaxValue;

    /// <summary>Room given to a session in one call.</summary>
    public int OutputChunk { get; set; } = 1 << 16;

    /// <summary>Runs both handshakes until they are complete or one failed, or for some steps of each only.</summary>
    public bool Handshake(int? steps = null)
    {
        for (int step = 0; step < (steps ?? 100_000); step++)
        {
            bool moved = Step(Client, Server) | Step(Server, Client);
            if (Client.Status == TlsStatus.Failed || Server.Status == TlsStatus.Failed)
            {
                return false;
            }

            if (!moved)
            {
                return Client.Established && Server.Established;
            }
        }

        Assert.True(steps is not null, "the handshake does not end");
        return false;
    }

    /// <summary>Seals plaintext and puts the records into the other end's inbox.</summary>
    public void Send(End from, ReadOnlySpan<byte> plaintext)
    {
        End to = from == Client ? Server : Client;
        var room = new byte[Math.Max(OutputChunk, TlsContext.MaxRecordPayload + TlsSession.RecordOverhead)];
        TlsStatus status;
        do
        {
            status = from.Session.Send(plaintext, out int consumed, room, out int written);
            Assert.True(consumed + written > 0 || status != TlsStatus.NeedOutput, "no progress");
            plaintext = plaintext[consumed..];
            to.Inbox.AddRange(room.AsSpan(0, written));
        }
        while (status == TlsStatus.NeedOutput);
        Assert.Equal(TlsStatus.Ok, status);
        Assert.True(plaintext.IsEmpty);
    }

    /// <summary>Opens all of an end's inbox.</summary>
    public TlsStatus Receive(End end)
    {
        TlsStatus status = TlsStatus.NeedInput;
        var room = new byte[OutputChunk];
        do
        {
            byte[] input = [.. end.Inbox[..Math.Min(InputChunk, end.Inbox.Count)]];
            status = end.Session.Receive(input, out int consumed, room, out int written);
            end.Inbox.RemoveRange(0, consumed);
            end.Opened.Write(room, 0, written);
            Assert.True(consumed + written > 0 || input.Length == 0 || status is TlsStatus.Closed or TlsStatus.Failed, "no progress");
        }
        while (status == TlsStatus.NeedOutput || (status == TlsStatus.NeedInput && end.Inbox.Count > 0));
        return end.Status = status;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        _owned.ForEach(thing => thing.Dispose());
    }

    private T Own<T>(T thing)
        where T : IDisposable
    {
        _owned.Add(thing);
        return thing;
    }

    private bool Step(End end, End other)
    {
        if (end.Established)
        {
            // A ticket may follow the server's handshake.
            int waiting = end.Inbox.Count;
            return waiting > 0 && Receive(end) == TlsStatus.NeedInput;
        }

        var room = new byte[OutputChunk];
        byte[] input = [.. end.Inbox[..Math.Min(InputChunk, end.Inbox.Count)]];
        end.Status = end.Session.Handshake(input, out int consumed, room, out int written);
        end.Inbox.RemoveRange(0, consumed);
        other.Inbox.AddRange(room.AsSpan(0, written));
        end.Established = end.Status == TlsStatus.Ok;
        return consumed + written > 0 || end.Established || end.Status == TlsStatus.NeedOutput;
    }
}
