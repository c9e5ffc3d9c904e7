using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Frontends;

/// <summary>What is said about frontends in the log: events 300 to 399, and 103.</summary>
internal static partial class FrontendLog
{
    [LoggerMessage(300, LogLevel.Error, "left out: {reason}")]
    public static partial void FrontendLeftOut(this ILogger log, string reason);

    [LoggerMessage(301, LogLevel.Warning, "{frontend}: {warning}")]
    public static partial void CertificateDoubtful(this ILogger log, string frontend, string warning);

    [LoggerMessage(302, LogLevel.Warning, "{warning}")]
    public static partial void TicketKeysDoubtful(this ILogger log, string warning);

    [LoggerMessage(304, LogLevel.Warning, "{frontend}: cannot accept connections: {reason}; they wait in the queue")]
    public static partial void CannotAccept(this ILogger log, string frontend, string reason);

    [LoggerMessage(305, LogLevel.Warning, "{reason}: client connections make room, the longest idle first; raise the limit (LimitNOFILE= of systemd, ulimit -n) or lower --max-tcp-connections")]
    public static partial void DescriptorsExhausted(this ILogger log, string reason);

    [LoggerMessage(306, LogLevel.Warning, "{frontend}: interface {name} is gone, nothing is heard on {address} until it is back")]
    public static partial void InterfaceGone(this ILogger log, string frontend, string name, string address);

    [LoggerMessage(307, LogLevel.Information, "{frontend}: interface {name} is a new one, listening on {address} again")]
    public static partial void BoundAgain(this ILogger log, string frontend, string name, string address);

    [LoggerMessage(308, LogLevel.Error, "interface {name} is a new one, but {reason}; it is tried again every second")]
    public static partial void CannotBindAgain(this ILogger log, string name, string reason);

    [LoggerMessage(309, LogLevel.Information, "{frontend} {change}")]
    public static partial void FrontendChanged(this ILogger log, string frontend, string change);

    [LoggerMessage(303, LogLevel.Debug, "ticket keys rotated")]
    public static partial void TicketKeysRotated(this ILogger log);

    [LoggerMessage(320, LogLevel.Warning, "{frontend}: the OCSP response stapled to {certificate} has ended and is sent no longer: fetch a new one and reload")]
    public static partial void StapleEnded(this ILogger log, string frontend, string certificate);

    [LoggerMessage(103, LogLevel.Debug, "{address}: the kernel gave {granted} bytes of UDP receive buffer where {wanted} were asked; raise net.core.rmem_max")]
    public static partial void ReceiveBufferSmall(this ILogger log, string address, int granted, int wanted);
}
