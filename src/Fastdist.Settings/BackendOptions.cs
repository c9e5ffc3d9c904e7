using System;
using System.Collections.Generic;
using System.Net;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;

namespace Fastdist.Settings;

/// <summary>How queries travel to a backend.</summary>
public enum BackendTransport : byte
{
    /// <summary>DNS over TLS through OpenSSL (RFC 7858).</summary>
    OpenSsl,

    /// <summary>DNS over TLS through .NET's SslStream.</summary>
    SslStream,

    /// <summary>Plain TCP (RFC 7766).</summary>
    None,

    /// <summary>Plain DNS over UDP, and over TCP what does not fit a datagram (RFC 1035 section 4.2).</summary>
    Udp,
}

/// <summary>One backend, with the names and units an operator writes.</summary>
public sealed record BackendOptions
{
    /// <summary>UDP sockets of a shard unless the settings say otherwise: whoever has found out the port of one has a quarter of the queries to aim at.</summary>
    public const int SocketsPerShard = 4;

    /// <summary>Where it listens.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>Name in logs and counters.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was written, if not on the command line.</summary>
    public WrittenAt Origin { get; init; }

    /// <summary>The flag it was given by, as errors name it, or file, line and function.</summary>
    public string Flag => $"{Origin.Or("--server")} {Name}";

    /// <summary>What tells it from every other one, whatever else of it changes; null for one that is drawn.</summary>
    public Guid? Id { get; init; }

    /// <summary>Transport; DoT unless told otherwise.</summary>
    public BackendTransport Tls { get; init; } = BackendTransport.OpenSsl;

    /// <summary>Whether all that would go over UDP goes over TCP.</summary>
    public bool TcpOnly { get; init; }

    /// <summary>Whether health checks go over TCP where queries go over UDP.</summary>
    public bool CheckTcp { get; init; }

    /// <summary>UDP sockets of the whole process that queries are shared out to, one a shard at least; 0 is <see cref="SocketsPerShard"/> a shard.</summary>
    public int Sockets { get; init; }

    /// <summary>Seconds that an answer over UDP is waited for, asking again included.</summary>
    public int UdpTimeout { get; init; } = 2;

    /// <summary>Whether UDP sockets are opened anew when it comes back up.</summary>
    public bool ReconnectOnUp { get; init; }

    /// <summary>Queries of the whole process that it has at once, over whatever transport, an equal part a shard; 0 is no limit.</summary>
    public int MaxOutstandingQueries { get; init; }

    /// <summary>Name sent as SNI and checked in the certificate.</summary>
    public string SubjectName { get; init; } = "";

    /// <summary>IP address checked in the certificate.</summary>
    public string SubjectAddr { get; init; } = "";

    /// <summary>Whether chain and name must be valid.</summary>
    public bool ValidateCertificates { get; init; } = true;

    /// <summary>PEM file of authorities; empty for the system's.</summary>
    public string CaStore { get; init; } = "";

    /// <summary>Public keys one of which the backend must show (RFC 7858 section 4.2); none, and any will do.</summary>
    public IReadOnlyList<TlsPin> Pins { get; init; } = [];

    /// <summary>What is shown to a backend that asks for a certificate; null for nothing.</summary>
    public TlsCertificateFile? ClientCertificate { get; init; }

    /// <summary>Ciphers of TLS 1.2, in OpenSSL's syntax; empty for ECDHE with AEAD.</summary>
    public string Ciphers { get; init; } = "";

    /// <summary>Cipher suites of TLS 1.3; empty for OpenSSL's default.</summary>
    public string CiphersTls13 { get; init; } = "";

    /// <summary>Groups for the key exchange; empty for the default.</summary>
    public string EcdheCurves { get; init; } = "";

    /// <summary>ALPN protocol offered in the handshake (RFC 7301); empty for none.</summary>
    public string Alpn { get; init; } = "dot";

    /// <summary>File that the secrets of sessions are appended to; empty for none.</summary>
    public string KeyLogFile { get; init; } = "";

    /// <summary>Whether an idle session gives its record buffers back.</summary>
    public bool ReleaseBuffers { get; init; } = true;

    /// <summary>Whether the backend may renegotiate a TLS 1.2 session.</summary>
    public bool EnableRenegotiation { get; init; }

    /// <summary>Whether queries are padded to blocks of 128 bytes (RFC 8467 section 4.1).</summary>
    public bool PadQueries { get; init; }

    /// <summary>Whether queries tell the network they come from (RFC 7871).</summary>
    public bool UseClientSubnet { get; init; }

    /// <summary>Address that connections come from; null for the kernel's choice.</summary>
    public IPAddress? SourceAddress { get; init; }

    /// <summary>Interface that connections leave by; empty for the kernel's choice.</summary>
    public string SourceInterface { get; init; } = "";

    /// <summary>What routers on the way to it go by (RFC 2474), 0 to 63.</summary>
    public int Dscp { get; init; }

    /// <summary>Whether sockets with a <see cref="SourceAddress"/> get their port when they connect, so that one port serves towards several destinations.</summary>
    public bool IpBindAddrNoPort { get; init; } = true;

    /// <summary>Whether the first bytes of a connection may travel in its SYN (RFC 7413).</summary>
    public bool TcpFastOpen { get; init; }

    /// <summary>Names of the pools it is in; <see cref="PoolOptions.Default"/> for the default pool.</summary>
    public IReadOnlyList<string> Pools { get; init; } = PoolOptions.OnlyDefault;

    /// <summary>Preference; lower is used first by firstAvailable and breaks ties elsewhere.</summary>
    public int Order { get; init; } = 1;

    /// <summary>Share of the traffic for wrandom, whashed and chashed.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Queries a second after which firstAvailable looks further; 0 is no limit.</summary>
    public int Qps { get; init; }

    /// <summary>
    /// Queries in flight on one connection. 1,000 hides 10 ms of backend latency at 100,000 queries a
    /// second on one connection, and costs 22 kB of ID table.
    /// </summary>
    public int MaxInFlight { get; init; } = 1000;

    /// <summary>Connections for the whole process; 0 is one a shard.</summary>
    public int Connections { get; init; }

    /// <summary>Connections at once, spare ones included, for the whole process; 0 is no limit.</summary>
    public int MaxConcurrentTcpConnections { get; init; }

    /// <summary>Established connections each shard keeps beyond those in use, so that one that the backend closes is replaced at once.</summary>
    public int SpareConnections { get; init; }

    /// <summary>Seconds for TCP connect and TLS handshake together.</summary>
    public int TcpConnectTimeout { get; init; } = 5;

    /// <summary>Seconds a send may make no progress.</summary>
    public int TcpSendTimeout { get; init; } = 30;

    /// <summary>Milliseconds from a query's arrival to its answer, re-sending included.</summary>
    public int QueryTimeout { get; init; } = 5000;

    /// <summary>Milliseconds of silence, with queries in flight, after which a connection is suspect.</summary>
    public int SilenceTimeout { get; init; } = 1000;

    /// <summary>How often one query is re-sent after connections that ended with nothing answered since it was sent.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>Name the health check asks for.</summary>
    public string CheckName { get; init; } = "a.root-servers.net.";

    /// <summary>Type the health check asks for.</summary>
    public RecordType CheckType { get; init; } = RecordType.A;

    /// <summary>Class the health check asks for.</summary>
    public ushort CheckClass { get; init; } = RecordClasses.Internet;

    /// <summary>Whether the health check sets CD, so that a backend need not validate (RFC 4035 section 3.2.2).</summary>
    public bool SetCd { get; init; }

    /// <summary>Seconds between two checks.</summary>
    public int CheckInterval { get; init; } = 1;

    /// <summary>Milliseconds a check may take, connecting included.</summary>
    public int CheckTimeout { get; init; } = 1000;

    /// <summary>Consecutive failures that mark the backend down.</summary>
    public int MaxCheckFailures { get; init; } = 1;

    /// <summary>Consecutive successes that mark it up.</summary>
    public int Rise { get; init; } = 1;

    /// <summary>Who decides about up and down.</summary>
    public HealthCheckMode HealthCheckMode { get; init; } = HealthCheckMode.Auto;

    /// <summary>What health checks go by where that is lazy.</summary>
    public LazyCheckOptions LazyHealthCheck { get; init; } = new();

    /// <summary>Whether NXDOMAIN and REFUSED fail a check too.</summary>
    public bool MustResolve { get; init; }

    /// <summary>How what is sent to it leaves this host.</summary>
    public Departure Departure => new(SourceAddress, SourceInterface, Dscp, IpBindAddrNoPort);

    /// <summary>Whether queries go over TLS.</summary>
    public bool IsTls => Tls is BackendTransport.OpenSsl or BackendTransport.SslStream;

    /// <summary>Whether queries go over UDP, and over TCP only where they must.</summary>
    public bool HasDatagrams => Tls == BackendTransport.Udp && !TcpOnly;

    /// <summary>Milliseconds from a query's arrival to its answer, whatever becomes of it meanwhile.</summary>
    public int Deadline => HasDatagrams ? Math.Min(QueryTimeout, UdpTimeout * 1000) : QueryTimeout;

    /// <summary>
    /// Whether its certificate is checked by authorities and name: pins without a subject or authorities to check are all that is
    /// asked for (RFC 7858 section 4.2).
    /// </summary>
    public bool IsValidated => ValidateCertificates && (Pins.Count == 0 || SubjectName.Length > 0 || SubjectAddr.Length > 0 || CaStore.Length > 0);

    /// <summary>UDP sockets that one shard shares its queries out to; while one is replaced there is another beside it.</summary>
    public int SocketsOf(int shards) => !HasDatagrams ? 0 : Sockets == 0 ? SocketsPerShard : Math.Max((Sockets + shards - 1) / shards, 1);

    /// <summary>Queries that one shard may have there at once.</summary>
    public int OutstandingOf(int shards) => MaxOutstandingQueries == 0 ? int.MaxValue : Math.Max(MaxOutstandingQueries / shards, 1);

    /// <summary>Connections that the shards keep together, spare ones apart.</summary>
    public int ConnectionsKept(int shards) => Math.Max(Connections, shards);

    /// <summary>What of the connections it may have does not go with the number of shards, each of which keeps one of its own.</summary>
    /// <returns>The problem and its remedy; empty when there is none.</returns>
    public string ProblemWith(int shards)
    {
        if (Connections > 0 && Connections < shards)
        {
            return $"connections={Connections} is fewer than the {shards} shards, each of which keeps one of its own: use --shards {Connections} or connections={shards}";
        }

        int kept = ConnectionsKept(shards);
        return MaxConcurrentTcpConnections > 0 && MaxConcurrentTcpConnections < kept
            ? $"maxConcurrentTCPConnections={MaxConcurrentTcpConnections} is fewer than the {kept} connections that the {shards} shards keep: allow more, or use --shards and connections= to keep fewer"
            : "";
    }
}
