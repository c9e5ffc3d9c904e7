using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;

namespace Fastdist.Settings.Tables;

/// <summary>The options of <c>--server</c>, named as in dnsdist's newServer where the meaning is the same.</summary>
public static class BackendOptionTable
{
    private static readonly (string, BackendTransport)[] s_transports =
        [("openssl", BackendTransport.OpenSsl), ("sslstream", BackendTransport.SslStream), ("none", BackendTransport.None), ("udp", BackendTransport.Udp)];

    private static readonly (string, string)[] s_protocols = [("dot", "dot"), ("none", "")];

    private static readonly (string, bool)[] s_failures = [("TimeoutOrServFail", true), ("TimeoutOnly", false)];

    private static readonly (string, HealthCheckMode)[] s_modes = [("auto", HealthCheckMode.Auto), ("lazy", HealthCheckMode.Lazy), ("up", HealthCheckMode.Up), ("down", HealthCheckMode.Down)];

    /// <summary>All there are.</summary>
    public static readonly OptionTable<BackendOptions> Table = new(
        new("address", "ADDR[:PORT]", "", "", "where the backend listens; also as the first word of --server; port 853, or 53 with tls=udp or tls=none",
            o => $"{o.Address}", (o, v) => o with { Address = Values.EndPoint(v, 0) }),
        new("name", "NAME", "the address", "", "name in logs and counters", o => o.Name, (o, v) => o with { Name = Values.NotEmpty(v) }),
        new("id", "UUID", "at random", "", "what tells it from every other server, whatever else of it changes", o => o.Id is { } id ? $"{id}" : null, (o, v) => o with { Id = Values.Uuid(v) }),
        new("tls", "openssl|sslstream|none|udp", "openssl", "", "DNS over TLS through OpenSSL or .NET's SslStream, or plain DNS over TCP, or over UDP with TCP for what does not fit", o => Values.NameOf(o.Tls, s_transports), (o, v) => o with
        {
            Tls = Values.OneOf(v, s_transports),
        }),
        new("tcpOnly", "true|false", "false", "", "with tls=udp: whether everything goes over TCP, as with tls=none", o => o.TcpOnly, (o, v) => o with { TcpOnly = Values.Boolean(v) }),
        new("checkTCP", "true|false", "false", "", "with tls=udp: whether health checks go over TCP", o => o.CheckTcp, (o, v) => o with { CheckTcp = Values.Boolean(v) }),
        new("sockets", "N", "4 a shard", "", "with tls=udp: sockets of the whole process, one of which is drawn at random for each query; each is replaced by one of another random port every 10 s or 2000 queries", o => Values.Number(o.Sockets, 0), (o, v) => o with { Sockets = Values.Integer(v, 1, 4096) }),
        new("udpTimeout", "N", "2", "s", "with tls=udp: an answer is waited for, asking again included", o => o.UdpTimeout, (o, v) => o with { UdpTimeout = Values.Integer(v, 1, 255) }),
        new("reconnectOnUp", "true|false", "false", "", "with tls=udp: whether all sockets are opened anew when the backend comes back up", o => o.ReconnectOnUp, (o, v) => o with { ReconnectOnUp = Values.Boolean(v) }),
        new("maxOutstandingQueries", "N", "0", "queries", "at the backend at once, shared out evenly to the shards; at the limit others are asked; 0 is no limit", o => o.MaxOutstandingQueries, (o, v) => o with { MaxOutstandingQueries = Values.Integer(v, 0, 1 << 20) }),
        new("subjectName", "NAME", "", "", "name sent as SNI and checked in the certificate; an IP address is as subjectAddr", o => Values.Text(o.SubjectName), (o, v) => o with { SubjectName = Values.Subject(v) }),
        new("subjectAddr", "ADDR", "", "", "IP address checked in the certificate when there is no subjectName", o => Values.Text(o.SubjectAddr), (o, v) => o with
        {
            SubjectAddr = Values.Address(v).ToString(),
        }),
        new("validateCertificates", "true|false", "true", "", "whether chain and name must be valid", o => o.ValidateCertificates, (o, v) => o with { ValidateCertificates = Values.Boolean(v) }),
        new("caStore", "FILE", "the system's", "", "PEM file of the authorities to trust", o => Values.Text(o.CaStore), (o, v) => o with { CaStore = Values.NotEmpty(v) }),
        new OptionEntry<BackendOptions>("pins", "BASE64", "", "", "SHA-256 of a public key (SPKI) that the backend must show; several for any of them; enough without a subject",
            o => o.Pins.Select(pin => $"{pin}"), (o, v) => o with { Pins = [.. o.Pins, Pin(v)] })
        { IsRepeatable = true },
        new("cert", "FILE", "", "", "certificate shown to a backend that asks for one: PEM chain or PKCS#12", o => o.ClientCertificate?.CertificateFile, (o, v) => o with
        {
            ClientCertificate = new TlsCertificateFile { CertificateFile = Values.NotEmpty(v) },
        }),
        new("key", "FILE", "", "", "PEM private key of that certificate", o => o.ClientCertificate?.KeyFile, (o, v) => WithCertificate(o, c => c with { KeyFile = Values.NotEmpty(v) })),
        new("password", "TEXT", "", "", "of its encrypted key or PKCS#12 file", o => Values.Secret(o.ClientCertificate?.Password is not null), (o, v) => WithCertificate(o, c => c with { Password = v })),
        new("ciphers", "LIST", "ECDHE with AEAD", "", "ciphers of TLS 1.2, separated by colons", o => Values.Text(o.Ciphers), (o, v) => o with { Ciphers = Values.NotEmpty(v) }),
        new("ciphersTLS13", "LIST", "OpenSSL's", "", "cipher suites of TLS 1.3, separated by colons", o => Values.Text(o.CiphersTls13), (o, v) => o with { CiphersTls13 = Values.NotEmpty(v) }),
        new("ciphers13", "LIST", "OpenSSL's", "", "the same, by the name that dnsdist reads", o => Values.Text(o.CiphersTls13), (o, v) => o with { CiphersTls13 = Values.NotEmpty(v) }),
        new("ecdheCurves", "LIST", "OpenSSL's", "", "groups for the key exchange, separated by colons", o => Values.Text(o.EcdheCurves), (o, v) => o with { EcdheCurves = Values.NotEmpty(v) }),
        new("alpn", "dot|none", "dot", "", "whether the handshake names its protocol (RFC 7858, RFC 7301); a backend that refuses the name is asked without it anyway", o => Values.NameOf(o.Alpn, s_protocols), (o, v) => o with
        {
            Alpn = Values.OneOf(v, s_protocols),
        }),
        new("keyLogFile", "FILE", "", "", "append the secrets of sessions to this file, for packet analysers", o => Values.Text(o.KeyLogFile), (o, v) => o with { KeyLogFile = Values.NotEmpty(v) }),
        new("releaseBuffers", "true|false", "true", "", "whether an idle session gives its record buffers back", o => o.ReleaseBuffers, (o, v) => o with { ReleaseBuffers = Values.Boolean(v) }),
        new("enableRenegotiation", "true|false", "false", "", "whether the backend may renegotiate a TLS 1.2 session", o => o.EnableRenegotiation, (o, v) => o with { EnableRenegotiation = Values.Boolean(v) }),
        new("padQueries", "true|false", "false", "", "whether queries are padded to blocks of 128 bytes (RFC 8467)", o => o.PadQueries, (o, v) => o with { PadQueries = Values.Boolean(v) }),
        new("useClientSubnet", "true|false", "false", "", "whether queries tell the client's network (RFC 7871); see --ecs-source-prefix-v4, -v6 and --ecs-override", o => o.UseClientSubnet, (o, v) => o with { UseClientSubnet = Values.Boolean(v) }),
        new("useProxyProtocol", "false", "false", "", "cannot be, as connections are shared between clients: see useClientSubnet", _ => false, (o, v) => Values.Boolean(v)
            ? throw new FormatException("a PROXY header names one client for a whole connection, and connections here carry the queries of all clients: use useClientSubnet=true to tell their networks")
            : o),
        new("source", "SOURCE", "", "", "ADDR, NAME or ADDR@NAME: address, interface or both that connections leave by", SourceOf, Source),
        new("dscp", "N", "0", "", "what routers on the way to it go by (RFC 2474)", o => o.Dscp, (o, v) => o with { Dscp = Values.Integer(v, 0, 63) }),
        new("ipBindAddrNoPort", "true|false", "true", "", "with source=ADDR: whether sockets get their port as they connect, so that one port serves towards several destinations", o => o.IpBindAddrNoPort, (o, v) => o with { IpBindAddrNoPort = Values.Boolean(v) }),
        new("tcpFastOpen", "true|false", "false", "", "whether the first bytes of a connection may travel in its SYN", o => o.TcpFastOpen, (o, v) => o with { TcpFastOpen = Values.Boolean(v) }),
        new OptionEntry<BackendOptions>("pool", "NAME", "", "", "pool that it is in; several for several; pool= is the default pool, which it is in when none is given",
            o => o.Pools, (o, v) => o with { Pools = [.. o.Pools, Pool(o, v)] })
        { IsRepeatable = true },
        new("order", "N", "1", "", "preference; lower goes first", o => o.Order, (o, v) => o with { Order = Values.Integer(v, 0, int.MaxValue) }),
        new("weight", "N", "1", "", "share of the traffic for wrandom, whashed and chashed (there at most 1000 counts)", o => o.Weight, (o, v) => o with { Weight = Values.Integer(v, 1, int.MaxValue) }),
        new("qps", "N", "0", "queries/s", "above which firstAvailable looks further; 0 is no limit", o => o.Qps, (o, v) => o with { Qps = Values.Integer(v, 0, int.MaxValue) }),
        new("maxInFlight", "N", "1000", "queries", "in flight on one connection; 0 is one at a time", o => o.MaxInFlight, (o, v) => o with { MaxInFlight = Math.Max(Values.Integer(v, 0, 65535), 1) }),
        new("connections", "N", "one a shard", "", "TLS connections of the whole process, spread over the shards", o => Values.Number(o.Connections, 0), (o, v) => o with { Connections = Values.Integer(v, 1, 65535) }),
        new("maxConcurrentTCPConnections", "N", "0", "connections", "at once of the whole process, spare ones included; 0 is no limit", o => o.MaxConcurrentTcpConnections, (o, v) => o with { MaxConcurrentTcpConnections = Values.Integer(v, 0, 1 << 20) }),
        new("spareConnections", "N", "0", "connections", "each shard keeps as warm spares, so that one that the backend closes is replaced at once", o => o.SpareConnections, (o, v) => o with { SpareConnections = Values.Integer(v, 0, 64) }),
        new("tcpConnectTimeout", "N", "5", "s", "for TCP connect and TLS handshake together; 0 is no limit", o => o.TcpConnectTimeout, (o, v) => o with { TcpConnectTimeout = Values.Integer(v, 0, 3600) }),
        new("tcpSendTimeout", "N", "30", "s", "a send may make no progress; 0 is no limit", o => o.TcpSendTimeout, (o, v) => o with { TcpSendTimeout = Values.Integer(v, 0, 3600) }),
        new("queryTimeout", "N", "5000", "ms", "from a query's arrival to its answer, re-sending included", o => o.QueryTimeout, (o, v) => o with { QueryTimeout = Values.Integer(v, 10, 600_000) }),
        new("silenceTimeout", "N", "1000", "ms", "of silence with queries in flight, after which they are also sent elsewhere", o => o.SilenceTimeout, (o, v) => o with { SilenceTimeout = Values.Integer(v, 10, 600_000) }),
        new("retries", "N", "5", "", "times a query is re-sent after connections that ended with nothing answered since it was sent", o => o.Retries, (o, v) => o with { Retries = Values.Integer(v, 0, 100) }),
        new("checkName", "NAME", "a.root-servers.net.", "", "name the health check asks for", o => o.CheckName, (o, v) => o with
        {
            CheckName = Values.DomainName(v),
        }),
        new("checkType", "TYPE", "A", "", "type the health check asks for", o => RecordTypes.ToText(o.CheckType), (o, v) => o with
        {
            CheckType = RecordTypes.TryParse(v, out RecordType type) ? type : throw new FormatException("expected a record type such as A, SOA or TYPE65"),
        }),
        new("checkClass", "CLASS", "IN", "", "class the health check asks for: IN, CH or a number", o => RecordClasses.ToText(o.CheckClass), (o, v) => o with
        {
            CheckClass = RecordClasses.TryParse(v, out ushort recordClass) ? recordClass : throw new FormatException("expected a record class such as IN, CH or 3"),
        }),
        new("setCD", "true|false", "false", "", "whether the health check asks not to validate (CD)", o => o.SetCd, (o, v) => o with { SetCd = Values.Boolean(v) }),
        new("checkInterval", "N", "1", "s", "between two checks", o => o.CheckInterval, (o, v) => o with { CheckInterval = Values.Integer(v, 1, 86400) }),
        new("checkTimeout", "N", "1000", "ms", "a check may take", o => o.CheckTimeout, (o, v) => o with { CheckTimeout = Values.Integer(v, 10, 600_000) }),
        new("maxCheckFailures", "N", "1", "", "failures in a row that mark the backend down", o => o.MaxCheckFailures, (o, v) => o with { MaxCheckFailures = Values.Integer(v, 1, 255) }),
        new("rise", "N", "1", "", "successes in a row that mark it up", o => o.Rise, (o, v) => o with { Rise = Values.Integer(v, 1, 255) }),
        new("healthCheckMode", "auto|lazy|up|down", "auto", "", "checked, checked only when queries to it fail, always up, or never used", o => Values.NameOf(o.HealthCheckMode, s_modes), (o, v) => o with
        {
            HealthCheckMode = Values.OneOf(v, s_modes),
        }),
        new("lazyHealthCheckSampleSize", "N", "100", "queries", "the latest ones, whose failures count with healthCheckMode=lazy", o => o.LazyHealthCheck.SampleSize, (o, v) => Lazy(o, l => l with { SampleSize = Values.Integer(v, 1, 65535) })),
        new("lazyHealthCheckMinSampleCount", "N", "1", "queries", "of which nothing follows when there were fewer", o => o.LazyHealthCheck.MinSampleCount, (o, v) => Lazy(o, l => l with { MinSampleCount = Values.Integer(v, 1, 65535) })),
        new("lazyHealthCheckThreshold", "N", "20", "%", "of them that fail, from which the backend is checked", o => o.LazyHealthCheck.Threshold, (o, v) => Lazy(o, l => l with { Threshold = Values.Integer(v, 1, 100) })),
        new("lazyHealthCheckMode", "TimeoutOrServFail|TimeoutOnly", "TimeoutOrServFail", "", "whether those answered SERVFAIL fail, too", o => Values.NameOf(o.LazyHealthCheck.CountsServFail, s_failures), (o, v) => Lazy(o, l => l with
        {
            CountsServFail = Values.OneOf(v, s_failures),
        })),
        new("lazyHealthCheckFailedInterval", "N", "30", "s", "between two checks while it is down with healthCheckMode=lazy", o => o.LazyHealthCheck.FailedInterval, (o, v) => Lazy(o, l => l with { FailedInterval = Values.Integer(v, 1, 86400) })),
        new("lazyHealthCheckUseExponentialBackOff", "true|false", "false", "", "whether that is twice as long after each check that fails", o => o.LazyHealthCheck.UseExponentialBackOff, (o, v) => Lazy(o, l => l with { UseExponentialBackOff = Values.Boolean(v) })),
        new("lazyHealthCheckMaxBackOff", "N", "3600", "s", "that it becomes at most", o => o.LazyHealthCheck.MaxBackOff, (o, v) => Lazy(o, l => l with { MaxBackOff = Values.Integer(v, 1, 604_800) })),
        new("mustResolve", "true|false", "false", "", "whether NXDOMAIN and REFUSED fail a check", o => o.MustResolve, (o, v) => o with { MustResolve = Values.Boolean(v) }));

    private static readonly IPEndPoint s_noAddress = new(IPAddress.None, 0);

    /// <summary>Reads <c>ADDR[:PORT][,option=value...]</c>.</summary>
    /// <exception cref="OptionException">It cannot be used.</exception>
    public static BackendOptions Parse(string text)
    {
        string where = $"--server '{text}'";
        string[] words = text.Split(',');
        if (!words[0].Contains('=', StringComparison.Ordinal))
        {
            words[0] = $"address={words[0]}";
        }

        return Complete(Table.Apply(Unset, words, where), where, "write --server ADDR[:PORT] first");
    }

    /// <summary>Reads the options of <c>newServer</c>.</summary>
    /// <param name="options">Names and values; what may be repeated, once for each value.</param>
    /// <exception cref="OptionException">They cannot be used.</exception>
    public static BackendOptions Read(IReadOnlyList<(string Key, string Value)> options) =>
        Complete(Table.Apply(Unset, options.Select(o => $"{o.Key}={o.Value}"), "newServer"), "newServer", "add address=\"ADDR:PORT\"");

    /// <summary>What options are applied to; <see cref="Complete"/> makes it whole.</summary>
    public static BackendOptions Unset => new() { Address = s_noAddress, Name = "", Pools = [] };

    /// <summary>Settles what depends on other options, and refuses what makes no sense together.</summary>
    /// <param name="options">All options, applied to <see cref="Unset"/>.</param>
    /// <param name="where">For messages: the flag or function they were written in.</param>
    /// <param name="remedy">What to do when there is no address.</param>
    /// <exception cref="OptionException">They cannot be used.</exception>
    public static BackendOptions Complete(BackendOptions options, string where, string remedy)
    {
        if (options.Address.Equals(s_noAddress))
        {
            throw new OptionException($"{where}: no address; {remedy}");
        }

        if (options.Address.Port == 0)
        {
            options = options with { Address = new IPEndPoint(options.Address.Address, options.IsTls ? 853 : 53) };
        }

        options = SplitSubject(options, where);
        Check(options, where);
        return options with
        {
            Name = options.Name.Length > 0 ? options.Name : options.Address.ToString(),
            Pools = options.Pools.Count > 0 ? options.Pools : PoolOptions.OnlyDefault,
        };
    }

    /// <summary>An address is no server name (RFC 6066 section 3): it is looked for among the certificate's addresses and not sent.</summary>
    private static BackendOptions SplitSubject(BackendOptions options, string where)
    {
        if (!Values.IsAddress(options.SubjectName, out _))
        {
            return options;
        }

        return options.SubjectAddr.Length == 0 || options.SubjectAddr == options.SubjectName
            ? options with { SubjectName = "", SubjectAddr = options.SubjectName }
            : throw new OptionException($"{where}: subjectName={options.SubjectName} is an IP address, and subjectAddr={options.SubjectAddr} another: leave out one of the two");
    }

    /// <summary>What only makes sense together.</summary>
    private static void Check(BackendOptions options, string where)
    {
        if (options.IsTls && options.ValidateCertificates && options.Pins.Count == 0
            && options.SubjectName.Length == 0 && options.SubjectAddr.Length == 0)
        {
            throw new OptionException(
                $"{where}: the certificate cannot be validated without a name: add subjectName=NAME or subjectAddr={options.Address.Address}, or give up validation with validateCertificates=false");
        }

        string plain = options.Tls == BackendTransport.Udp ? "udp" : "none";
        if (!options.IsTls && NeedsTls(options) is { } option)
        {
            throw new OptionException($"{where}: {option} with tls={plain}: plain {(plain == "udp" ? "DNS" : "TCP")} has none of that; leave out one of the two");
        }

        if (!options.IsTls && options.PadQueries)
        {
            throw new OptionException($"{where}: padQueries=true with tls={plain}: whoever sees the length of a query in the clear sees the query too; use TLS or leave padQueries out");
        }

        if (options.SourceAddress is { } source && source.AddressFamily != options.Address.AddressFamily)
        {
            throw new OptionException($"{where}: source={source} cannot reach {options.Address.Address}: both must be IPv4 or both IPv6");
        }
    }

    private static string? NeedsTls(BackendOptions options) =>
        options.Pins.Count > 0 ? "pins"
        : options.ClientCertificate is not null ? "cert"
        : options.Ciphers.Length > 0 ? "ciphers"
        : options.CiphersTls13.Length > 0 ? "ciphersTLS13"
        : options.EcdheCurves.Length > 0 ? "ecdheCurves"
        : options.KeyLogFile.Length > 0 ? "keyLogFile"
        : null;

    private static string Pool(BackendOptions options, string text) =>
        !options.Pools.Contains(text) ? PoolNames.Read(text) : throw new FormatException("it is in that pool already: leave one of them out");

    private static BackendOptions Lazy(BackendOptions options, Func<LazyCheckOptions, LazyCheckOptions> change) => options with { LazyHealthCheck = change(options.LazyHealthCheck) };

    private static TlsPin Pin(string text)
    {
        try
        {
            return TlsPin.Parse(text);
        }
        catch (TlsConfigurationException)
        {
            throw new FormatException("expected a SHA-256 in base64, 44 characters");
        }
    }

    private static BackendOptions WithCertificate(BackendOptions options, Func<TlsCertificateFile, TlsCertificateFile> change) =>
        options.ClientCertificate is { } certificate
            ? options with { ClientCertificate = change(certificate) }
            : throw new FormatException("it belongs to a certificate: write cert=FILE before it");

    private static string? SourceOf(BackendOptions options) =>
        options.SourceInterface.Length == 0 ? options.SourceAddress?.ToString()
        : options.SourceAddress is null ? options.SourceInterface
        : $"{options.SourceAddress}@{options.SourceInterface}";

    private static BackendOptions Source(BackendOptions options, string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            return options with { SourceAddress = Values.Address(text[..at]), SourceInterface = Values.Interface(text[(at + 1)..]) };
        }

        // What holds a colon or begins as an IPv4 address does is meant as an address, and then has to be one.
        return text.Contains(':', StringComparison.Ordinal) || IPAddress.TryParse(text, out _)
            ? options with { SourceAddress = Values.Address(text) }
            : options with { SourceInterface = Values.Interface(text) };
    }
}
