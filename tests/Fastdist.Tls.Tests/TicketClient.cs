using System;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.OpenSslSessions;
using Fastdist.Tls.Tickets;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>How a visit to a server went.</summary>
internal sealed record Visit(bool IsResumed, TicketUse Ticket);

/// <summary>A client that offers its newest session, and servers for it to visit.</summary>
internal sealed class TicketClient : IDisposable
{
    private readonly TestCertificates _certificates;
    private readonly TlsContext _context;

    public TicketClient(TlsVersion version = TlsVersion.Tls13)
        : this(version, new TestCertificates())
    {
    }

    private TicketClient(TlsVersion version, TestCertificates certificates)
    {
        _certificates = certificates;
        _context = TlsClientContext.Create(new TlsClientOptions
        {
            SubjectName = TestCertificates.ServerName,
            Trust = _certificates.Trust,
            MaxVersion = version,
            Sessions = Sessions,
        });
    }

    public TestCertificates Certificates => _certificates;

    public TlsSessionStore Sessions { get; } = new(() => 0, capacity: 10);

    /// <summary>Another client of the same servers; it lives no longer than this one.</summary>
    public TicketClient Another(TlsVersion version = TlsVersion.Tls13) => new(version, _certificates);

    /// <summary>A server's context with a certificate of its own, as after a reload.</summary>
    public TlsContext Server(TicketKeyStore? keys, Func<TlsServerOptions, TlsServerOptions>? change = null)
    {
        X509Certificate2 certificate = _certificates.Issue();
        var options = new TlsServerOptions
        {
            Certificates = [TlsCertificate.FromDer(certificate.RawData, certificate.GetECDsaPrivateKey()!.ExportECPrivateKey())],
            TicketKeys = keys,
        };
        return new TlsServerContext(change is null ? options : change(options));
    }

    /// <summary>Offers the session of the visit before, if there is one, and keeps the one of this.</summary>
    public Visit Visit(TlsContext server)
    {
        using Pair pair = Meet(server);
        Assert.True(pair.Handshake(), $"{pair.Client.Session.Error} {pair.Server.Session.Error}");
        pair.Send(pair.Client, "question"u8);
        pair.Receive(pair.Server);
        Assert.Equal("question"u8, pair.Server.Opened.ToArray());
        Assert.Equal(pair.Client.Session.IsResumed, pair.Server.Session.IsResumed);
        return new Visit(pair.Server.Session.IsResumed, pair.Server.Session.TicketUse);
    }

    /// <summary>A session with a server that nothing has been sent on.</summary>
    public Pair Meet(TlsContext server) => new(_context, server);

    /// <summary>The newest session, as DER; the client has it no more.</summary>
    public byte[] TakeSession() => Sessions.Take(out _) ?? throw new InvalidOperationException("no session");

    /// <summary>Has the client offer this session next.</summary>
    public void OfferNext(byte[] session)
    {
        while (Sessions.Take(out _) is not null)
        {
            // Those that came with the last handshake are not to be offered.
        }

        Sessions.Put((byte[])session.Clone(), new SessionEnd(0, SessionEnd.NoDate));
    }

    public void Dispose()
    {
        _context.Dispose();
        _certificates.Dispose();
    }
}
