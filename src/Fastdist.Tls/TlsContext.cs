using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>Settings of outgoing sessions.</summary>
public sealed record TlsClientOptions
{
    /// <summary>Name sent as SNI and checked in the certificate (RFC 6125); null when only an address is checked.</summary>
    public string? SubjectName { get; init; }

    /// <summary>IP address checked in the certificate's iPAddress names; null when a name is checked.</summary>
    public string? SubjectAddress { get; init; }

    /// <summary>Authorities to trust; null turns validation off.</summary>
    public TlsTrust? Trust { get; init; }

    /// <summary>ALPN protocol offered (RFC 7301), ASCII.</summary>
    public string ApplicationProtocol { get; init; } = "dot";
}

/// <summary>
/// The settings sessions share: an SSL_CTX. One is made per shard and backend, on the control thread,
/// so that shards share no lock; all by the one function below, so that none differs.
/// </summary>
public sealed unsafe class TlsContext : IDisposable
{
    /// <summary>
    /// Largest record payload sent, bytes: a receiver can work on the first record of a batch while
    /// the rest is on its way, where one of 16 kB makes it wait for all.
    /// </summary>
    public const int MaxRecordPayload = 4096;

    private TlsContext(nint pointer, bool isServer, TlsClientOptions? client)
    {
        Pointer = pointer;
        IsServer = isServer;
        Client = client;
    }

    internal nint Pointer { get; private set; }

    internal bool IsServer { get; }

    internal TlsClientOptions? Client { get; }

    /// <summary>A context for outgoing sessions.</summary>
    /// <exception cref="TlsConfigurationException">OpenSSL refused a setting.</exception>
    public static TlsContext CreateClient(TlsClientOptions options)
    {
        nint context = Configure(OpenSsl.TLS_client_method);
        if (options.Trust is { } trust)
        {
            OpenSsl.SSL_CTX_set1_cert_store(context, trust.Store);
            OpenSsl.SSL_CTX_set_verify(context, OpenSsl.VerifyPeer, &OnVerify);
        }

        int length = options.ApplicationProtocol.Length;
        byte* protocols = stackalloc byte[length + 1];
        protocols[0] = (byte)length;
        System.Text.Encoding.ASCII.GetBytes(options.ApplicationProtocol, new Span<byte>(protocols + 1, length));
        if (OpenSsl.SSL_CTX_set_alpn_protos(context, protocols, (uint)length + 1) != 0)
        {
            throw new TlsConfigurationException($"ALPN '{options.ApplicationProtocol}': {TlsErrors.TakeQueue()}");
        }

        var created = new TlsContext(context, isServer: false, options);

        // A subject that OpenSSL cannot take shows only when a session is made: better now than on a shard.
        using var trial = new TlsSession(created);
        return created;
    }

    /// <summary>A context for incoming sessions with one ECDSA certificate, selecting ALPN <c>dot</c>.</summary>
    /// <param name="certificate">X.509 certificate, DER.</param>
    /// <param name="privateKey">Its EC private key (RFC 5915), DER.</param>
    /// <exception cref="TlsConfigurationException">OpenSSL refused the certificate or the key.</exception>
    public static TlsContext CreateServer(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> privateKey)
    {
        nint context = Configure(OpenSsl.TLS_server_method);
        fixed (byte* certificateBytes = certificate, keyBytes = privateKey)
        {
            if (OpenSsl.SSL_CTX_use_certificate_ASN1(context, certificate.Length, certificateBytes) != 1
                || OpenSsl.SSL_CTX_use_PrivateKey_ASN1(OpenSsl.EvpPkeyEc, context, keyBytes, privateKey.Length) != 1)
            {
                throw new TlsConfigurationException($"server certificate: {TlsErrors.TakeQueue()}");
            }
        }

        OpenSsl.SSL_CTX_set_alpn_select_cb(context, &OnSelectProtocol, null);
        return new TlsContext(context, isServer: true, client: null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        OpenSsl.SSL_CTX_free(Pointer);
        Pointer = 0;
    }

    private static nint Configure(Func<nint> method)
    {
        TlsLibrary.EnsureInitialised();
        nint context = OpenSsl.SSL_CTX_new(method());
        if (context == 0)
        {
            throw new TlsConfigurationException($"SSL_CTX_new: {TlsErrors.TakeQueue()}");
        }

        OpenSsl.SSL_CTX_ctrl(context, OpenSsl.CtrlSetMinProtocol, OpenSsl.Tls12, null);
        OpenSsl.SSL_CTX_set_options(context, OpenSsl.OptionNoCompression | OpenSsl.OptionNoRenegotiation | OpenSsl.OptionIgnoreUnexpectedEof);
        OpenSsl.SSL_CTX_ctrl(context, OpenSsl.CtrlMode, (nint)(OpenSsl.ModeEnablePartialWrite | OpenSsl.ModeAcceptMovingWriteBuffer), null);
        OpenSsl.SSL_CTX_ctrl(context, OpenSsl.CtrlSetSessionCacheMode, 0, null);
        OpenSsl.SSL_CTX_ctrl(context, OpenSsl.CtrlSetReadAhead, 1, null);
        OpenSsl.SSL_CTX_ctrl(context, OpenSsl.CtrlSetMaxSendFragment, MaxRecordPayload, null);
        OpenSsl.SSL_CTX_set_num_tickets(context, OpenSsl.TicketNumber);
        return context;
    }

    // OpenSSL forgets a refused certificate, so its names are noted while it is still at hand.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnVerify(int accepted, nint storeContext)
    {
        if (accepted == 1)
        {
            return 1;
        }

        nint session = OpenSsl.X509_STORE_CTX_get_ex_data(storeContext, OpenSsl.SSL_get_ex_data_X509_STORE_CTX_idx());
        var window = (BioWindow*)OpenSsl.BIO_get_data(OpenSsl.SSL_get_rbio(session));
        window->VerifyError = OpenSsl.X509_STORE_CTX_get_error(storeContext);
        nint certificate = OpenSsl.X509_STORE_CTX_get_current_cert(storeContext);
        if (certificate != 0)
        {
            Print(OpenSsl.X509_get_subject_name(certificate), (byte*)&window->Subject);
            Print(OpenSsl.X509_get_issuer_name(certificate), (byte*)&window->Issuer);
        }

        return 0;
    }

    private static void Print(nint name, byte* text)
    {
        nint memory = OpenSsl.BIO_new(OpenSsl.BIO_s_mem());
        OpenSsl.X509_NAME_print_ex(memory, name, 0, OpenSsl.NameFormatRfc2253);
        int length = OpenSsl.BIO_read(memory, text, sizeof(VerifyName) - 1);
        text[Math.Max(length, 0)] = 0;
        OpenSsl.BIO_free(memory);
    }

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
