using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Interop;
using Fastdist.Tls.OpenSslSessions;

namespace Fastdist.Tls;

/// <summary>
/// Incoming sessions, with the linked OpenSSL: what one frontend presents, on one shard. There is an
/// SSL_CTX for each group of certificates; all are configured alike, since one that a name switches in
/// does not bring its options along.
/// </summary>
public sealed unsafe class TlsServerContext : TlsContext
{
    /// <summary>Longest DNS name in text form (RFC 1035 section 2.3.4).</summary>
    private const int LongestName = 255;

    private readonly List<SslContext> _contexts = [];
    private readonly Dictionary<string, SslContext> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, SslContext>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Dictionary<nint, Presented> _presented = [];
    private readonly SslContext _default;
    private readonly TimeProvider _clock;
    private readonly byte[][] _protocols;

    /// <param name="options">Settings, with at least one certificate.</param>
    /// <exception cref="TlsConfigurationException">OpenSSL refused a certificate, a key or a setting.</exception>
    public TlsServerContext(TlsServerOptions options)
    {
        _protocols = [.. options.ApplicationProtocols.Select(Encoding.ASCII.GetBytes)];
        _lookup = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        try
        {
            var groups = new CertificateGroups(options.Certificates);
            _default = Present(options, groups.Default);
            foreach ((string name, IReadOnlyList<TlsCertificate> group) in groups.ByName)
            {
                _byName.Add(name, Present(options, group));
            }
        }
        catch
        {
            Free();
            throw;
        }

        _clock = options.Clock;
        foreach (TlsCertificate certificate in options.Certificates)
        {
            _presented.Add(certificate.Pointer, new Presented(certificate.NotAfter.ToUnixTimeSeconds(), certificate.OcspResponse, certificate.StapledUntil));
        }

        EarliestEnd = _presented.Values.Min(certificate => certificate.End);
    }

    /// <summary>When the first of its certificates ends, Unix seconds.</summary>
    internal long EarliestEnd { get; }

    /// <inheritdoc/>
    public override TlsSession CreateSession()
    {
        var session = new OpenSslSession(this, _default.Pointer);
        OpenSsl.SSL_set_accept_state(session.Pointer);
        return session;
    }

    /// <summary>When one of its certificates (X509) ends, Unix seconds.</summary>
    internal long EndOf(nint certificate) => _presented.TryGetValue(certificate, out Presented? presented) ? presented.End : EarliestEnd;

    /// <inheritdoc/>
    protected override void Free() => _contexts.ForEach(context => context.Dispose());

    private static TlsServerContext Of(nint session) => (TlsServerContext)SslContext.Of(session).Owner;

    /// <summary>The SSL_CTX of a group; groups with the same certificates share one.</summary>
    private SslContext Present(TlsServerOptions options, IReadOnlyList<TlsCertificate> group)
    {
        if (_contexts.Find(c => c.Certificates.SequenceEqual(group)) is { } existing)
        {
            return existing;
        }

        var context = new SslContext(isServer: true, options, this) { Certificates = group };
        _contexts.Add(context);
        foreach (TlsCertificate certificate in group)
        {
            certificate.UseIn(context);
        }

        OpenSsl.SSL_CTX_set_options(
            context.Pointer,
            (options.PreferServerCiphers ? OpenSsl.OptionCipherServerPreference | OpenSsl.OptionPrioritizeChaCha : 0) | OpenSsl.OptionNoResumptionOnRenegotiation);
        OpenSsl.SSL_CTX_set_alpn_select_cb(context.Pointer, &OnSelectProtocol, null);
        OpenSsl.SSL_CTX_callback_ctrl(context.Pointer, OpenSsl.CtrlSetServerNameCallback, (delegate* unmanaged[Cdecl]<nint, int*, void*, int>)&OnServerName);
        OpenSsl.SSL_CTX_callback_ctrl(context.Pointer, OpenSsl.CtrlSetStatusCallback, (delegate* unmanaged[Cdecl]<nint, void*, int>)&OnStatusRequest);
        return context;
    }

    /// <summary>The group for a name: that of the name itself, else of the wildcard one label up, else the first certificate's.</summary>
    private SslContext Find(ReadOnlySpan<byte> name)
    {
        if (name.EndsWith("."u8))
        {
            // The root's dot belongs to no server_name (RFC 6066 section 3), but some clients send it.
            name = name[..^1];
        }

        if (name.Length > LongestName || !Ascii.IsValid(name))
        {
            return _default;
        }

        Span<char> text = stackalloc char[LongestName + 1];
        int length = Encoding.ASCII.GetChars(name, text[1..]);
        if (_lookup.TryGetValue(text.Slice(1, length), out SslContext? exact))
        {
            return exact;
        }

        int dot = text.Slice(1, length).IndexOf('.');
        if (dot <= 0)
        {
            return _default;
        }

        // The label gives way to the star, right before the dot.
        text[dot] = '*';
        return _lookup.TryGetValue(text[dot..(length + 1)], out SslContext? wildcard) ? wildcard : _default;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnServerName(nint session, int* alert, void* argument)
    {
        byte* name = OpenSsl.SSL_get_servername(session, OpenSsl.NameTypeHost);
        if (name is null)
        {
            return OpenSsl.ExtensionNoAck;
        }

        TlsServerContext owner = Of(session);
        SslContext found = owner.Find(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        if (found != owner._default)
        {
            OpenSsl.SSL_set_SSL_CTX(session, found.Pointer);
        }

        return OpenSsl.ExtensionOk;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnStatusRequest(nint session, void* argument)
    {
        TlsServerContext owner = Of(session);
        if (!owner._presented.TryGetValue(OpenSsl.SSL_get_certificate(session), out Presented? certificate)
            || certificate.StapledUntil <= owner._clock.GetUtcNow())
        {
            return OpenSsl.ExtensionNoAck;
        }

        byte[] response = certificate.OcspResponse;
        fixed (byte* bytes = response)
        {
            // OpenSSL frees the copy with the session.
            nint copy = OpenSsl.CRYPTO_memdup(bytes, (nuint)response.Length, null, 0);
            OpenSsl.SSL_ctrl(session, OpenSsl.CtrlSetStatusResponse, response.Length, (void*)copy);
        }

        return OpenSsl.ExtensionOk;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSelectProtocol(nint session, byte** selected, byte* selectedLength, byte* offered, uint offeredLength, void* argument)
    {
        var offers = new ReadOnlySpan<byte>(offered, (int)offeredLength);
        foreach (byte[] protocol in Of(session)._protocols)
        {
            for (int at = 0; at < offers.Length; at += offers[at] + 1)
            {
                if (offers[(at + 1)..].StartsWith(protocol) && offers[at] == protocol.Length)
                {
                    *selected = offered + at + 1;
                    *selectedLength = offers[at];
                    return OpenSsl.AlpnOk;
                }
            }
        }

        return OpenSsl.AlpnNoAck;
    }

    /// <summary>What is to be known of a certificate during handshakes.</summary>
    /// <param name="End">When it ends, Unix seconds.</param>
    /// <param name="OcspResponse">The response stapled to it.</param>
    /// <param name="StapledUntil">Until when that may be presented; in the past when there is none.</param>
    private sealed record Presented(long End, byte[] OcspResponse, DateTimeOffset StapledUntil);
}
