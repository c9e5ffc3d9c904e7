using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

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
            CreateSession().Dispose();
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
        var session = new OpenSslSession(this, _settings.Pointer);
        OpenSsl.SSL_set_connect_state(session.Pointer);
        SetSubject(session);
        return session;
    }

    /// <inheritdoc/>
    protected override void Free() => _settings.Dispose();

    private void Configure(TlsClientOptions options)
    {
        if (options.Trust is { } trust)
        {
            OpenSsl.SSL_CTX_set1_cert_store(_settings.Pointer, trust.Store);
            OpenSsl.SSL_CTX_set_verify(_settings.Pointer, OpenSsl.VerifyPeer, &OnVerify);
        }

        OfferProtocol(options.ApplicationProtocol);
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

    // OpenSSL forgets a refused certificate, so its names are noted while it is still at hand.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnVerify(int accepted, nint storeContext)
    {
        if (accepted == 1)
        {
            return 1;
        }

        BioWindow* window = SpanBio.WindowOf(OpenSsl.X509_STORE_CTX_get_ex_data(storeContext, OpenSsl.SSL_get_ex_data_X509_STORE_CTX_idx()));
        window->VerifyError = OpenSsl.X509_STORE_CTX_get_error(storeContext);
        nint certificate = OpenSsl.X509_STORE_CTX_get_current_cert(storeContext);
        if (certificate != 0)
        {
            window->Refused = (RefusedCertificate*)NativeMemory.AllocZeroed((nuint)sizeof(RefusedCertificate));
            Print(OpenSsl.X509_get_subject_name(certificate), (byte*)&window->Refused->Subject);
            Print(OpenSsl.X509_get_issuer_name(certificate), (byte*)&window->Refused->Issuer);
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
}
