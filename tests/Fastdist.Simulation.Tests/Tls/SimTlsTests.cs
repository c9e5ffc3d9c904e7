using System;
using System.Linq;
using Fastdist.Simulation.Tls;
using Fastdist.Tls;
using Fastdist.Tls.Tickets;
using Xunit;

namespace Fastdist.Simulation.Tests.Tls;

/// <summary>The TLS of the simulator is worth as much as it is like the one it stands for.</summary>
public class SimTlsTests
{
    [Fact]
    public void Whatever_the_pieces_what_is_sealed_is_opened_and_nothing_is_kept()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var link = new Link(seed, server: new SimTlsOptions { LargestRecord = 1 + (seed * 37 % 16_384) });
            link.Run();
            byte[] question = link.Bytes(seed * 100);
            byte[] answer = link.Bytes(seed * 50);
            link.Send(link.Client, question);
            link.Send(link.Server, answer);
            link.Run();
            Assert.Equal(question, link.Server.Opened.ToArray());
            Assert.Equal(answer, link.Client.Opened.ToArray());
            Link.Close(link.Client);
            link.Run();
            Assert.Equal(TlsStatus.Closed, link.Server.Status);
            GiveBack(link);
            Assert.Empty(link.Violations);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        byte[][] first = [.. Enumerable.Range(0, 2).Select(_ => Hello(7))];
        Assert.Equal(first[0], first[1]);
        Assert.NotEqual(first[0], Hello(8));
    }

    [Fact]
    public void A_ticket_resumes_the_session_once_at_the_server_that_gave_it()
    {
        var link = new Link(1, new SimTlsOptions { Store = [] });
        link.Run();
        Assert.False(link.Client.Session.IsResumed);
        Assert.Equal(2, link.ClientContext.Options.Store!.Count);
        link.Begin();
        link.Run();
        Assert.True(link.Client.Session.IsResumed && link.Server.Session.IsResumed);
        Assert.Equal(TicketUse.Active, link.Server.Session.TicketUse);
        Assert.Equal(3, link.ClientContext.Options.Store.Count);

        var other = new Link(2, link.ClientContext.Options, new SimTlsOptions { TicketKey = 2 });
        other.Run();
        Assert.False(other.Client.Session.IsResumed);
        Assert.Equal(TicketUse.Unknown, other.Server.Session.TicketUse);
    }

    [Theory]
    [InlineData(HandshakeFault.Alert, TlsStatus.Failed)]
    [InlineData(HandshakeFault.Garbage, TlsStatus.Failed)]
    [InlineData(HandshakeFault.Close, TlsStatus.Closed)]
    [InlineData(HandshakeFault.Silence, TlsStatus.NeedInput)]
    internal void What_one_side_does_wrong_ends_the_others_handshake(HandshakeFault fault, TlsStatus end)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var wrong = new SimTlsOptions { Faults = [(fault, 1000)] };
            var link = new Link(seed, server: wrong);
            link.Run();
            Assert.Equal((end, false), (link.Client.Status, link.Client.Session.IsEstablished));
            link = new Link(seed, client: wrong);
            link.Run();
            Assert.Equal((end, false), (link.Server.Status, link.Server.Session.IsEstablished));
            Assert.Equal(end == TlsStatus.NeedInput, link.Server.Session.Failure == TlsFailure.None);
            Assert.Empty(link.Violations);
        }
    }

    [Fact]
    public void A_refused_protocol_is_an_alert_and_none_offered_is_well()
    {
        var link = new Link(1, new SimTlsOptions { Protocol = "dot" }, new SimTlsOptions { RefusesProtocol = true });
        link.Run();
        Assert.Equal(TlsFailure.AlertNoApplicationProtocol, link.Client.Session.Failure);
        link.ClientContext.OffersProtocol = false;
        link.Begin();
        link.Run();
        Assert.True(link.Client.Session.IsEstablished);
    }

    [Fact]
    public void A_bad_certificate_is_refused_with_an_alert()
    {
        var link = new Link(1, server: new SimTlsOptions { Certificate = TlsFailure.CertificateExpired });
        link.Run();
        Assert.True(link.Client.Session.IsCertificateRefused);
        Assert.Equal(TlsFailure.CertificateExpired, link.Client.Session.Failure);
        Assert.Equal(TlsFailure.AlertBadCertificate, link.Server.Session.Failure);
    }

    [Fact]
    public void New_keys_are_answered_by_new_keys_in_output_that_waits()
    {
        var link = new Link(1, server: new SimTlsOptions { KeyUpdates = 1000 });
        link.Run();
        link.Send(link.Server, [4, 5]);
        link.Run();
        Assert.Equal([4, 5], link.Client.Opened.ToArray());
        link.Send(link.Client, [1, 2, 3]);
        link.Run();
        Assert.Equal([1, 2, 3], link.Server.Opened.ToArray());
        Assert.Empty(link.Violations);
    }

    [Fact]
    public void A_server_that_reads_the_first_message_of_a_record_reads_the_others_with_the_next_record()
    {
        var link = new Link(1, server: new SimTlsOptions { ReadsFirstMessageOnly = true });
        link.Run();
        link.Send(link.Client, [0, 1, 11, 0, 2, 21, 22, 0, 1, 31]);
        link.Run();
        Assert.Equal([0, 1, 11], link.Server.Opened.ToArray());
        link.Send(link.Client, [0, 1, 41]);
        link.Run();
        Assert.Equal([0, 1, 11, 0, 2, 21, 22, 0, 1, 31, 0, 1, 41], link.Server.Opened.ToArray());
    }

    [Fact]
    public void Two_messages_in_a_record_are_told_of_where_one_is_wanted_even_if_one_began_before()
    {
        var link = new Link(1, server: new SimTlsOptions { WantsOneMessageARecord = true });
        link.Run();
        link.Send(link.Client, [0, 1, 1, 0]);
        link.Send(link.Client, [2, 21]);
        link.Run();
        Assert.Empty(link.Violations);
        link.Send(link.Client, [22, 0, 0]);
        link.Run();
        Assert.Contains("2 messages", Assert.Single(link.Violations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(41)]
    public void What_arrives_damaged_or_not_at_all_is_noticed(int damagedAt)
    {
        var link = new Link(1);
        link.Run();
        link.Send(link.Client, link.Bytes(100));
        byte[] sent = link.Client.Sent.Span.ToArray();
        link.Client.Sent.Drop(sent.Length);
        if (damagedAt == 40)
        {
            sent[damagedAt] ^= 1;
            link.Client.Sent.Append(sent);
        }
        else
        {
            link.Send(link.Client, [1]);
        }

        link.Run();
        Assert.Equal(TlsStatus.Failed, link.Server.Status);
        Assert.Contains("damaged", Assert.Single(link.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Misuse_is_told()
    {
        var link = new Link(1);
        byte[] shared = new byte[1000];
        link.Client.Session.Receive(default, out _, shared, out _);
        link.Run();
        link.Client.Session.Send(shared.AsSpan(0, 10), out _, shared, out _);
        link.Client.Session.Close(shared, out _);
        link.Client.Session.Send([1], out _, shared, out _);
        link.Client.Session.Dispose();
        link.Client.Session.FlushPending(shared);
        link.Client.Session.Dispose();
        string[] parts = ["before its handshake", "write over", "after close_notify", "used after", "disposed twice"];
        Assert.Equal(parts.Length, link.Violations.Count);
        Assert.All(parts.Zip(link.Violations), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Equal((1, 2), (link.Tls.Live, link.Tls.LiveContexts));
    }

    private static byte[] Hello(int seed)
    {
        var room = new byte[2000];
        new Link(seed).Client.Session.Handshake(default, out _, room, out int written);
        return room[..written];
    }

    private static void GiveBack(Link link)
    {
        link.Client.Session.Dispose();
        link.Server.Session.Dispose();
        link.ClientContext.Dispose();
        link.ServerContext.Dispose();
        Assert.Equal((0, 0), (link.Tls.Live, link.Tls.LiveContexts));
    }
}
