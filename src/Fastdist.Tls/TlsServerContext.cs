using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>Incoming sessions, with the linked OpenSSL: what one frontend presents, on one shard.</summary>
public sealed unsafe class TlsServerContext : TlsContext
{
    private readonly SslContext _settings;

    /// <exception cref="TlsConfigurationException">OpenSSL refused a certificate, a key or a setting.</exception>
    public TlsServerContext(TlsServerOptions options)
    {
        _settings = new SslContext(isServer: true, options, this);
        foreach (TlsCertificate certificate in options.Certificates)
        {
            certificate.UseIn(_settings);
        }

        OpenSsl.SSL_CTX_set_alpn_select_cb(_settings.Pointer, &OnSelectProtocol, null);
    }

    /// <inheritdoc/>
    public override TlsSession CreateSession()
    {
        var session = new OpenSslSession(this, _settings.Pointer);
        OpenSsl.SSL_set_accept_state(session.Pointer);
        return session;
    }

    /// <inheritdoc/>
    protected override void Free() => _settings.Dispose();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSelectProtocol(nint session, byte** selected, byte* selectedLength, byte* offered, uint offeredLength, void* argument)
    {
        for (uint i = 0; i < offeredLength; i += offered[i] + 1u)
        {
            if (i + 4 <= offeredLength && offered[i] == 3 && offered[i + 1] == 'd' && offered[i + 2] == 'o' && offered[i + 3] == 't')
            {
                *selected = offered + i + 1;
                *selectedLength = 3;
                return OpenSsl.AlpnOk;
            }
        }

        return OpenSsl.AlpnNoAck;
    }
}
