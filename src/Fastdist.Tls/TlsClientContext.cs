using Fastdist.Tls.OpenSslSessions;
using Fastdist.Tls.SslStreams;

namespace Fastdist.Tls;

/// <summary>Makes contexts for outgoing sessions.</summary>
public static class TlsClientContext
{
    /// <summary>A context of the provider that the options name.</summary>
    /// <exception cref="TlsConfigurationException">The provider refused a setting, or cannot honour one.</exception>
    public static TlsContext Create(TlsClientOptions options) => options.Provider switch
    {
        TlsProvider.SslStream => new SslStreamClientContext(options),
        _ => new OpenSslClientContext(options),
    };
}
