using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>
/// An SSL_CTX with what its callbacks need. All are made by the one constructor below, so that no
/// option differs between a client's and a server's, or between the certificates of one frontend.
/// Invariant: while the SSL_CTX lives, its ex_data holds a handle to this object.
/// </summary>
internal sealed unsafe class SslContext : IDisposable
{
    private static readonly int s_selfIndex = OpenSsl.CRYPTO_get_ex_new_index(OpenSsl.ExDataSslContext, 0, 0, 0, 0, 0);

    private GCHandle _self;

    /// <param name="isServer">Which role its sessions have.</param>
    /// <param name="options">Settings of both directions.</param>
    /// <param name="owner">What callbacks of the role find through <see cref="Of"/>.</param>
    /// <exception cref="TlsConfigurationException">OpenSSL refused a setting; the message names it.</exception>
    public SslContext(bool isServer, TlsOptions options, TlsContext owner)
    {
        TlsLibrary.EnsureInitialised();
        Options = options;
        Owner = owner;
        Pointer = OpenSsl.SSL_CTX_new(isServer ? OpenSsl.TLS_server_method() : OpenSsl.TLS_client_method());
        if (Pointer == 0)
        {
            throw new TlsConfigurationException($"SSL_CTX_new: {TlsErrors.TakeQueue()}");
        }

        _self = GCHandle.Alloc(this);
        OpenSsl.SSL_CTX_set_ex_data(Pointer, s_selfIndex, GCHandle.ToIntPtr(_self));
        try
        {
            Configure(options);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The SSL_CTX.</summary>
    public nint Pointer { get; private set; }

    /// <summary>What it was made from.</summary>
    public TlsOptions Options { get; }

    /// <summary>What it presents; none for a client's.</summary>
    public IReadOnlyList<TlsCertificate> Certificates { get; init; } = [];

    /// <summary>The context it is part of.</summary>
    public TlsContext Owner { get; }

    /// <summary>The context a session (SSL) uses now.</summary>
    public static SslContext Of(nint session) => Holding(OpenSsl.SSL_get_SSL_CTX(session));

    /// <summary>The object that an SSL_CTX is part of.</summary>
    public static SslContext Holding(nint context) =>
        (SslContext)GCHandle.FromIntPtr(OpenSsl.SSL_CTX_get_ex_data(context, s_selfIndex)).Target!;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Pointer != 0)
        {
            OpenSsl.SSL_CTX_free(Pointer);
            Pointer = 0;
            _self.Free();
        }
    }

    private void Configure(TlsOptions options)
    {
        OpenSsl.SSL_CTX_ctrl(Pointer, OpenSsl.CtrlSetMinProtocol, (nint)options.MinVersion, null);
        OpenSsl.SSL_CTX_ctrl(Pointer, OpenSsl.CtrlSetMaxProtocol, (nint)options.MaxVersion, null);
        OpenSsl.SSL_CTX_set_options(Pointer, OpenSsl.OptionNoCompression | OpenSsl.OptionIgnoreUnexpectedEof
            | (options.AllowRenegotiation ? OpenSsl.OptionAllowClientRenegotiation : OpenSsl.OptionNoRenegotiation));
        OpenSsl.SSL_CTX_ctrl(Pointer, OpenSsl.CtrlMode, (nint)(OpenSsl.ModeEnablePartialWrite | OpenSsl.ModeAcceptMovingWriteBuffer | OpenSsl.ModeNoAutoChain), null);
        OpenSsl.SSL_CTX_ctrl(Pointer, OpenSsl.CtrlSetSessionCacheMode, 0, null);
        OpenSsl.SSL_CTX_ctrl(Pointer, OpenSsl.CtrlSetReadAhead, 1, null);
        OpenSsl.SSL_CTX_ctrl(Pointer, OpenSsl.CtrlSetMaxSendFragment, TlsContext.MaxRecordPayload, null);
        OpenSsl.SSL_CTX_set_num_tickets(Pointer, OpenSsl.TicketNumber);
        if (options is TlsServerOptions serverOptions)
        {
            ServerResumption.Configure(Pointer, serverOptions);
        }

        CryptoPolicy.Apply(Pointer, options);
        if (options.KeyLog is not null)
        {
            OpenSsl.SSL_CTX_set_keylog_callback(Pointer, &OnKeyLog);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnKeyLog(nint session, byte* line) =>
        Of(session).Options.KeyLog?.Write(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(line));
}
