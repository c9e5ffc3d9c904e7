using System;
using System.Text;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>Outgoing sessions of the linked OpenSSL.</summary>
internal sealed unsafe class OpenSslClientContext : TlsContext
{
    private readonly SslContext _settings;
    private readonly TlsClientOptions _options;

    /// <exception cref="TlsConfigurationException">OpenSSL refused a setting.</exception>
    public OpenSslClientContext(TlsClientOptions options)
    {
        _options = options;
        _settings = new SslContext(isServer: false, options, this);
        try
        {
            Configure(options);

            // A subject that OpenSSL cannot take shows only when a session is made: better now than on a shard.
            StartSession().Dispose();
        }
        catch
        {
            _settings.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override TlsSession CreateSession()
    {
        OpenSslSession session = StartSession();
        if (_options.Sessions is { } store)
        {
            session.GiveBackTo = store;
            ClientResumption.Offer(session.Pointer, store);
        }

        return session;
    }

    /// <inheritdoc/>
    protected override void Free() => _settings.Dispose();

    private OpenSslSession StartSession()
    {
        var session = new OpenSslSession(this, _settings.Pointer);
        OpenSsl.SSL_set_connect_state(session.Pointer);
        if (!OffersProtocol)
        {
            OpenSsl.SSL_set_alpn_protos(session.Pointer, null, 0);
        }

        SetSubject(session);
        return session;
    }

    private void Configure(TlsClientOptions options)
    {
        PeerVerification.Configure(_settings.Pointer, options);
        options.ClientCertificate?.UseIn(_settings);
        if (options.Sessions is not null)
        {
            ClientResumption.Configure(_settings.Pointer);
        }

        if (options.ApplicationProtocol.Length > 0)
        {
            OfferProtocol(options.ApplicationProtocol);
        }
    }

    private void OfferProtocol(string protocol)
    {
        int length = protocol.Length;
        byte* protocols = stackalloc byte[length + 1];
        protocols[0] = (byte)length;
        Encoding.ASCII.GetBytes(protocol, new Span<byte>(protocols + 1, length));
        if (OpenSsl.SSL_CTX_set_alpn_protos(_settings.Pointer, protocols, (uint)length + 1) != 0)
        {
            throw new TlsConfigurationException($"ALPN '{protocol}': {TlsErrors.TakeQueue()}");
        }
    }

    private void SetSubject(OpenSslSession session)
    {
        if (_options.SubjectName is { Length: > 0 } name)
        {
            fixed (byte* text = Encoding.ASCII.GetBytes(name + '\0'))
            {
                OpenSsl.SSL_ctrl(session.Pointer, OpenSsl.CtrlSetServerName, 0, text);
            }

            OpenSsl.SSL_set_hostflags(session.Pointer, OpenSsl.CheckNoPartialWildcards);
            Require(OpenSsl.SSL_set1_host(session.Pointer, name), session, $"subjectName '{name}'");
        }
        else if (_options.SubjectAddress is { Length: > 0 } address)
        {
            Require(OpenSsl.X509_VERIFY_PARAM_set1_ip_asc(OpenSsl.SSL_get0_param(session.Pointer), address), session, $"subjectAddr '{address}'");
        }
    }

    private static void Require(int result, OpenSslSession session, string what)
    {
        if (result != 1)
        {
            string reason = TlsErrors.TakeQueue();
            session.Dispose();
            throw new TlsConfigurationException($"{what}: {reason}");
        }
    }
}
