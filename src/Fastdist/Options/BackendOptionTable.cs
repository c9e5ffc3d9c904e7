using System;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Proxy;

namespace Fastdist.Options;

/// <summary>The options of <c>--server</c>, named as in dnsdist's newServer where the meaning is the same.</summary>
internal static class BackendOptionTable
{
    public static readonly OptionTable<BackendOptions> Table = new(
        new("address", "ADDR[:PORT]", "", "", "where the backend listens; also as the first word of --server; port 853, or 53 with tls=none",
            (o, v) => o with { Address = Values.EndPoint(v, 0) }),
        new("name", "NAME", "the address", "", "name in logs and counters", (o, v) => o with { Name = Values.NotEmpty(v) }),
        new("tls", "openssl|none", "openssl", "", "DNS over TLS, or plain TCP", (o, v) => o with
        {
            Tls = Values.OneOf(v, ("openssl", BackendTransport.OpenSsl), ("none", BackendTransport.None)),
        }),
        new("subjectName", "NAME", "", "", "name sent as SNI and checked in the certificate", (o, v) => o with { SubjectName = Values.NotEmpty(v) }),
        new("subjectAddr", "ADDR", "", "", "IP address checked in the certificate when there is no subjectName", (o, v) => o with
        {
            SubjectAddr = Values.Address(v).ToString(),
        }),
        new("validateCertificates", "true|false", "true", "", "whether chain and name must be valid", (o, v) => o with { ValidateCertificates = Values.Boolean(v) }),
        new("caStore", "FILE", "the system's", "", "PEM file of the authorities to trust", (o, v) => o with { CaStore = Values.NotEmpty(v) }),
        new("order", "N", "1", "", "preference; lower goes first", (o, v) => o with { Order = Values.Integer(v, 0, int.MaxValue) }),
        new("weight", "N", "1", "", "share of the traffic for wrandom and chashed (there at most 1000 counts)", (o, v) => o with { Weight = Values.Integer(v, 1, int.MaxValue) }),
        new("qps", "N", "0", "queries/s", "above which firstAvailable looks further; 0 is no limit", (o, v) => o with { Qps = Values.Integer(v, 0, int.MaxValue) }),
        new("maxInFlight", "N", "1000", "queries", "in flight on one connection", (o, v) => o with { MaxInFlight = Values.Integer(v, 1, 65535) }),
        new("connections", "N", "one a shard", "", "TLS connections of the whole process, spread over the shards", (o, v) => o with { Connections = Values.Integer(v, 1, 65535) }),
        new("tcpConnectTimeout", "N", "5", "s", "for TCP connect and TLS handshake together", (o, v) => o with { TcpConnectTimeout = Values.Integer(v, 1, 3600) }),
        new("tcpSendTimeout", "N", "30", "s", "a send may make no progress", (o, v) => o with { TcpSendTimeout = Values.Integer(v, 1, 3600) }),
        new("queryTimeout", "N", "5000", "ms", "from a query's arrival to its answer, re-sending included", (o, v) => o with { QueryTimeout = Values.Integer(v, 10, 600_000) }),
        new("silenceTimeout", "N", "1000", "ms", "of silence with queries in flight, after which they are also sent elsewhere", (o, v) => o with { SilenceTimeout = Values.Integer(v, 10, 600_000) }),
        new("retries", "N", "5", "", "times a query is re-sent after its connection was lost", (o, v) => o with { Retries = Values.Integer(v, 0, 100) }),
        new("checkName", "NAME", "a.root-servers.net.", "", "name the health check asks for", (o, v) => o with
        {
            CheckName = Names.TryParse(v, stackalloc byte[Names.MaxWireLength], out _) ? v : throw new FormatException("expected a domain name"),
        }),
        new("checkType", "TYPE", "A", "", "type the health check asks for", (o, v) => o with
        {
            CheckType = RecordTypes.TryParse(v, out RecordType type) ? type : throw new FormatException("expected a record type such as A, SOA or TYPE65"),
        }),
        new("checkInterval", "N", "1", "s", "between two checks", (o, v) => o with { CheckInterval = Values.Integer(v, 1, 86400) }),
        new("checkTimeout", "N", "1000", "ms", "a check may take", (o, v) => o with { CheckTimeout = Values.Integer(v, 10, 600_000) }),
        new("maxCheckFailures", "N", "1", "", "failures in a row that mark the backend down", (o, v) => o with { MaxCheckFailures = Values.Integer(v, 1, 255) }),
        new("rise", "N", "1", "", "successes in a row that mark it up", (o, v) => o with { Rise = Values.Integer(v, 1, 255) }),
        new("healthCheckMode", "auto|up|down", "auto", "", "checked, always up, or never used", (o, v) => o with
        {
            HealthCheckMode = Values.OneOf(v, ("auto", HealthCheckMode.Auto), ("up", HealthCheckMode.Up), ("down", HealthCheckMode.Down)),
        }),
        new("mustResolve", "true|false", "false", "", "whether NXDOMAIN and REFUSED fail a check", (o, v) => o with { MustResolve = Values.Boolean(v) }));

    /// <summary>Reads <c>ADDR[:PORT][,option=value...]</c>.</summary>
    public static BackendOptions Parse(string text)
    {
        string where = $"--server '{text}'";
        var unset = new IPEndPoint(IPAddress.None, 0);
        var options = new BackendOptions { Address = unset, Name = "" };
        string[] words = text.Split(',');
        for (int i = 0; i < words.Length; i++)
        {
            int equals = words[i].IndexOf('=', StringComparison.Ordinal);
            options = equals > 0 ? Table.Apply(options, words[i][..equals], words[i][(equals + 1)..], where)
                : i == 0 ? Table.Apply(options, "address", words[i], where)
                : throw new OptionException($"{where}: '{words[i]}' is not option=value");
        }

        string? twice = words.Where(w => w.Contains('=', StringComparison.Ordinal)).GroupBy(w => w.Split('=')[0]).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new OptionException($"{where}: '{twice}' is given twice");
        }

        if (options.Address.Equals(unset))
        {
            throw new OptionException($"{where}: no address; write --server ADDR[:PORT] first");
        }

        return Complete(options, where);
    }

    private static BackendOptions Complete(BackendOptions options, string where)
    {
        if (options.Address.Port == 0)
        {
            options = options with { Address = new IPEndPoint(options.Address.Address, options.Tls == BackendTransport.None ? 53 : 853) };
        }

        if (options.Tls == BackendTransport.OpenSsl && options.ValidateCertificates && options.SubjectName.Length == 0 && options.SubjectAddr.Length == 0)
        {
            throw new OptionException(
                $"{where}: the certificate cannot be validated without a name: add subjectName=NAME or subjectAddr={options.Address.Address}, or give up validation with validateCertificates=false");
        }

        return options.Name.Length > 0 ? options : options with { Name = options.Address.ToString() };
    }
}
