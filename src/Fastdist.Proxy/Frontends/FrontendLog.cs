using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Frontends;

/// <summary>What is said about frontends in the log: events 300 to 399.</summary>
internal static partial class FrontendLog
{
    [LoggerMessage(300, LogLevel.Error, "left out: {reason}")]
    public static partial void FrontendLeftOut(this ILogger log, string reason);

    [LoggerMessage(301, LogLevel.Warning, "{frontend}: {warning}")]
    public static partial void CertificateDoubtful(this ILogger log, string frontend, string warning);

    [LoggerMessage(302, LogLevel.Warning, "{warning}")]
    public static partial void TicketKeysDoubtful(this ILogger log, string warning);

    [LoggerMessage(303, LogLevel.Debug, "ticket keys rotated")]
    public static partial void TicketKeysRotated(this ILogger log);
}
