using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;

namespace Fastdist.Settings.Tables;

/// <summary>The options of <c>--tls-local</c>, named as in dnsdist's addTLSLocal.</summary>
public static class TlsFrontendOptionTable
{
    private const int Port = 853;

    private static readonly (string, TlsVersion)[] s_versions =
        [("tls1.0", TlsVersion.Tls10), ("tls1.1", TlsVersion.Tls11), ("tls1.2", TlsVersion.Tls12), ("tls1.3", TlsVersion.Tls13)];

    /// <summary>What every frontend with TLS has.</summary>
    internal static readonly OptionEntry<FrontendOptions>[] Common =
    [
        new("cert", "FILE", "", "", "PEM chain, the server's own certificate first, or PKCS#12; several for several kinds of key or names", o => o.Tls!.Certificates.Select(c => c.CertificateFile), (o, v) => With(o, t => t with
        {
            Certificates = [.. t.Certificates, new TlsCertificateFile { CertificateFile = Values.NotEmpty(v) }],
        })) { IsRepeatable = true },
        new("key", "FILE", "", "", "PEM private key of the certificate before it", o => o.Tls!.Certificates.Select(c => c.KeyFile), (o, v) => WithLastCertificate(o, c => c with { KeyFile = Values.NotEmpty(v) })) { IsRepeatable = true },
        new("password", "TEXT", "", "", "of the encrypted key or PKCS#12 file before it", o => o.Tls!.Certificates.Select(c => Values.Secret(c.Password is not null)), (o, v) => WithLastCertificate(o, c => c with { Password = v })) { IsRepeatable = true },
        new("ocspResponses", "FILE", "", "", "DER file of an OCSP response to staple; the n-th is for the n-th certificate", o => o.Tls!.OcspResponses, (o, v) => With(o, t => t with
        {
            OcspResponses = [.. t.OcspResponses, Values.NotEmpty(v)],
        })) { IsRepeatable = true },
        new("ignoreTLSConfigurationErrors", "true|false", "false", "", "leave this frontend out when its TLS cannot be set up, instead of ending the start", o => o.Tls!.IgnoreConfigurationErrors, (o, v) => With(o, t => t with { IgnoreConfigurationErrors = Values.Boolean(v) })),
        new("provider", "openssl", "openssl", "", "TLS library", _ => "openssl", (o, v) => Values.OneOf(v, ("openssl", o))),
        new("minTLSVersion", "VERSION", "tls1.2", "", "lowest version spoken: tls1.0, tls1.1, tls1.2, tls1.3", o => Values.NameOf(o.Tls!.MinTlsVersion, s_versions), (o, v) => With(o, t => t with
        {
            MinTlsVersion = Values.OneOf(v, s_versions),
        })),
        new("ciphers", "LIST", "ECDHE with AEAD", "", "ciphers of TLS 1.2 and older, separated by colons", o => Values.Text(o.Tls!.Ciphers), (o, v) => With(o, t => t with { Ciphers = Values.NotEmpty(v) })),
        new("ciphersTLS13", "LIST", "OpenSSL's", "", "cipher suites of TLS 1.3, separated by colons", o => Values.Text(o.Tls!.CiphersTls13), (o, v) => With(o, t => t with { CiphersTls13 = Values.NotEmpty(v) })),
        new("ecdheCurves", "LIST", TlsServerOptions.DefaultCurves, "", "groups for the key exchange, separated by colons", o => o.Tls!.EcdheCurves, (o, v) => With(o, t => t with { EcdheCurves = Values.NotEmpty(v) })),
        new("preferServerCiphers", "true|false", "true", "", "whether our order of ciphers counts, not the client's", o => o.Tls!.PreferServerCiphers, (o, v) => With(o, t => t with { PreferServerCiphers = Values.Boolean(v) })),
        new("enableRenegotiation", "true|false", "false", "", "whether a TLS 1.2 client may renegotiate", o => o.Tls!.EnableRenegotiation, (o, v) => With(o, t => t with { EnableRenegotiation = Values.Boolean(v) })),
        new("sessionTickets", "true|false", "true", "", "whether clients get tickets to resume with", o => o.Tls!.SessionTickets, (o, v) => With(o, t => t with { SessionTickets = Values.Boolean(v) })),
        new("numberOfTicketsKeys", "N", "5", "keys", "kept to open tickets with, the active one included; 0 turns tickets off", o => o.Tls!.TicketKeys.NumberOfKeys, (o, v) => WithTicketKeys(o, k => k with { NumberOfKeys = Values.Integer(v, 0, 255) })),
        new("ticketsKeysRotationDelay", "N", "43200; 0 with ticketKeyFile", "s", "until a new key is the active one; 0 is never", o => o.Tls!.TicketKeys.RotationDelay, (o, v) => WithTicketKeys(o, k => k with { RotationDelay = Values.Integer(v, 0, 604_800) })),
        new("ticketKeyFile", "FILE", "", "", "ticket keys, 80 bytes each, the last is the active one; the same file serves dnsdist", o => Values.Text(o.Tls!.TicketKeys.KeyFile), (o, v) => WithTicketKeys(o, k => k with { KeyFile = Values.NotEmpty(v) })),
        new("ticketKeySecretFile", "FILE", "", "", "a secret of at least 32 bytes from which every node with it derives the same ticket keys", o => Values.Text(o.Tls!.TicketKeys.SecretFile), (o, v) => WithTicketKeys(o, k => k with { SecretFile = Values.NotEmpty(v) })),
        new("sessionTimeout", "N", "7200", "s", "a ticket or stored session is good for; 0 is OpenSSL's default", o => o.Tls!.SessionTimeout, (o, v) => With(o, t => t with { SessionTimeout = Values.Integer(v, 0, 604_800) })),
        new("numberOfStoredSessions", "N", "0", "sessions", "kept for clients without tickets, whole process", o => o.Tls!.NumberOfStoredSessions, (o, v) => With(o, t => t with { NumberOfStoredSessions = Values.Integer(v, 0, 1 << 20) })),
        new("releaseBuffers", "true|false", "true", "", "whether an idle session gives its record buffers back", o => o.Tls!.ReleaseBuffers, (o, v) => With(o, t => t with { ReleaseBuffers = Values.Boolean(v) })),
        new("padResponses", "asked|true|false", "asked", "", "which answers are padded (RFC 8467): to who padded the query, to who has EDNS, none", o => o.Tls!.PadResponses == ResponsePadding.Asked ? "asked" : (object)(o.Tls.PadResponses == ResponsePadding.Edns), (o, v) => With(o, t => t with
        {
            PadResponses = v == "asked" ? ResponsePadding.Asked : Values.Boolean(v, "asked") ? ResponsePadding.Edns : ResponsePadding.None,
        })),
        new("coalesceAnswers", "true|false", "false", "", "whether answers that leave together share TLS records, which costs less; some clients lose those that do", o => o.Tls!.CoalesceAnswers, (o, v) => With(o, t => t with { CoalesceAnswers = Values.Boolean(v) })),
        new("keyLogFile", "FILE", "", "", "append the secrets of sessions to this file, for packet analysers", o => Values.Text(o.Tls!.KeyLogFile), (o, v) => With(o, t => t with { KeyLogFile = Values.NotEmpty(v) })),
        new("additionalAddresses", "ADDR[:PORT]", "", "", "listen there as well; the port is the first address's unless given", o => o.AdditionalAddresses.Select(address => $"{address}"), (o, v) => o with { AdditionalAddresses = [.. o.AdditionalAddresses, Values.EndPoint(v, o.Address.Port)] }) { IsRepeatable = true },
        new("proxyProtocolACL", "NETMASK", "", "", "load balancers; they must begin with a PROXY header, whose client counts for ACL and limits", o => o.ProxyProtocolAcl?.Networks.Select(network => $"{network}"), (o, v) => o with { ProxyProtocolAcl = Join(o.ProxyProtocolAcl, v) }) { IsRepeatable = true },
        new("proxyProtocolOutsideTLS", "true|false", "false", "", "whether that header comes in the clear before TLS, not inside it", o => o.ProxyProtocolOutsideTls, (o, v) => o with { ProxyProtocolOutsideTls = Values.Boolean(v) }),
        .. FrontendOptionTable.Common,
    ];

    /// <summary>All there are.</summary>
    public static readonly OptionTable<FrontendOptions> Table = new(Common);

    /// <summary>Reads <c>ADDR[:PORT],cert=FILE,key=FILE[,option=value...]</c>.</summary>
    /// <exception cref="OptionException">It cannot be used.</exception>
    public static FrontendOptions Parse(string text)
    {
        FrontendOptions options = FrontendOptionTable.Parse("--tls-local", text, Port, Table, start => start with { Tls = new TlsFrontendOptions() });
        return options.Tls!.Certificates.Count > 0
            ? Checked(options)
            : throw new OptionException($"{options.Flag}: no certificate: add cert=FILE,key=FILE");
    }

    /// <summary>Refuses options that contradict each other.</summary>
    /// <exception cref="OptionException">Some do; the message says which.</exception>
    public static FrontendOptions Checked(FrontendOptions options) => options.Tls!.TicketKeys switch
    {
        { KeyFile.Length: > 0, SecretFile.Length: > 0 } =>
            throw new OptionException($"{options.Flag}: ticketKeyFile and ticketKeySecretFile both say where ticket keys come from: keep one"),
        { SecretFile.Length: > 0, RotationDelay: 0 } =>
            throw new OptionException($"{options.Flag}: ticketsKeysRotationDelay=0 with ticketKeySecretFile: derived keys belong to periods, so their length cannot be 0"),
        _ => options,
    };

    private static FrontendOptions With(FrontendOptions options, Func<TlsFrontendOptions, TlsFrontendOptions> change) => options with { Tls = change(options.Tls!) };

    private static FrontendOptions WithTicketKeys(FrontendOptions options, Func<TicketKeyOptions, TicketKeyOptions> change) =>
        With(options, t => t with { TicketKeys = change(t.TicketKeys) });

    private static FrontendOptions WithLastCertificate(FrontendOptions options, Func<TlsCertificateFile, TlsCertificateFile> change)
    {
        IReadOnlyList<TlsCertificateFile> certificates = options.Tls!.Certificates;
        return certificates.Count > 0
            ? With(options, t => t with { Certificates = [.. certificates.SkipLast(1), change(certificates[^1])] })
            : throw new FormatException("it belongs to a certificate: write cert=FILE before it");
    }

    private static NetmaskSet Join(NetmaskSet? before, string netmask)
    {
        if (!NetmaskSet.TryParse([netmask], out NetmaskSet added, out _))
        {
            throw new FormatException(Values.NetworkExpected);
        }

        return before is null ? added : before.Union(added);
    }
}
