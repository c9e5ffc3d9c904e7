using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Backends;

/// <summary>What is said about backends in the log: events 200 to 299.</summary>
internal static partial class BackendLog
{
    [LoggerMessage(200, LogLevel.Information, "backend {backend} marked up")]
    public static partial void BackendUp(this ILogger log, string backend);

    [LoggerMessage(201, LogLevel.Warning, "backend {backend} marked down: {reason}")]
    public static partial void BackendDown(this ILogger log, string backend, string reason);

    [LoggerMessage(202, LogLevel.Information, "backend {backend} added")]
    public static partial void BackendAdded(this ILogger log, string backend);

    [LoggerMessage(203, LogLevel.Information, "backend {backend} removed")]
    public static partial void BackendRemoved(this ILogger log, string backend);

    [LoggerMessage(204, LogLevel.Information, "backend {backend} set {mode}")]
    public static partial void BackendSet(this ILogger log, string backend, string mode);

    [LoggerMessage(230, LogLevel.Error, "no backend left: what no cache answers gets SERVFAIL until one is up")]
    public static partial void NoBackendLeft(this ILogger log);

    [LoggerMessage(231, LogLevel.Information, "there is a backend again: {backend}")]
    public static partial void BackendLeftAgain(this ILogger log, string backend);

    [LoggerMessage(EventId = 205, Message = "backend {backend}: check failed: {reason}")]
    public static partial void HealthCheckFailed(this ILogger log, LogLevel level, string backend, string reason);

    [LoggerMessage(223, LogLevel.Debug, "backend {backend}: {failures} of its last {results} queries failed, so it is checked")]
    public static partial void BackendSuspected(this ILogger log, string backend, int failures, int results);

    [LoggerMessage(210, LogLevel.Warning, "backend {backend}: {reason}")]
    public static partial void ConnectionFailed(this ILogger log, string backend, string reason);

    [LoggerMessage(211, LogLevel.Error, "backend {backend}: certificate refused: {reason} (subject {subject}, issuer {issuer})")]
    public static partial void CertificateRefused(this ILogger log, string backend, string reason, string subject, string issuer);

    [LoggerMessage(222, LogLevel.Information, "backend {backend} is in {pools} from now on")]
    public static partial void PoolsChanged(this ILogger log, string backend, string pools);

    [LoggerMessage(212, LogLevel.Debug, "backend {backend}: connection {connection} of shard {shard} is ready")]
    public static partial void ConnectionReady(this ILogger log, string backend, int connection, int shard);

    [LoggerMessage(213, LogLevel.Debug, "backend {backend}: a spare connection of shard {shard} is lost: {reason}")]
    public static partial void SpareLost(this ILogger log, string backend, int shard, string reason);

    [LoggerMessage(214, LogLevel.Debug, "backend {backend}: a connection is retired, {abandoned} of its queries were never answered")]
    public static partial void ConnectionRetired(this ILogger log, string backend, int abandoned);

    [LoggerMessage(215, LogLevel.Debug, "backend {backend}: a connection is silent with {owed} answers due")]
    public static partial void ConnectionSilent(this ILogger log, string backend, int owed);

    [LoggerMessage(219, LogLevel.Debug, "backend {backend}: has answered nothing over UDP to the last {asked} datagrams")]
    public static partial void DatagramsUnanswered(this ILogger log, string backend, int asked);

    [LoggerMessage(217, LogLevel.Information, "backend {backend}: refuses the protocol name '{protocol}' (ALPN), so its connections go without")]
    public static partial void ProtocolRefused(this ILogger log, string backend, string protocol);

    [LoggerMessage(216, LogLevel.Debug, "backend {backend}: answers only the first message of a TLS record, so each query gets a record of its own")]
    public static partial void RecordsNotShared(this ILogger log, string backend);

    [LoggerMessage(218, LogLevel.Warning, "backend {backend}: refuses queries for the EDNS added to them; for an hour they go as clients asked them, without padQueries and useClientSubnet")]
    public static partial void EditsRefused(this ILogger log, string backend);

    [LoggerMessage(220, LogLevel.Warning, "backend {backend}: a certificate it was verified by has ended at {time}: connections that are open stay, new ones need another")]
    public static partial void CertificateEnded(this ILogger log, string backend, string time);

    [LoggerMessage(221, LogLevel.Warning, "backend {backend}: client certificate: {warning}")]
    public static partial void ClientCertificateDoubtful(this ILogger log, string backend, string warning);
}
