using System.Net;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Tests.Logging;

/// <summary>Messages of the tests.</summary>
internal static partial class TestLog
{
    [LoggerMessage(901, LogLevel.Information, "backend {backend} marked up")]
    public static partial void Up(this ILogger log, string backend);

    [LoggerMessage(902, LogLevel.Error, "backend {backend}: refused: {reason} (subject {subject})")]
    public static partial void Refused(this ILogger log, string backend, string reason, string? subject);

    [LoggerMessage(903, LogLevel.Warning, "{address}: {granted} of {wanted} bytes, final: {final}")]
    public static partial void Granted(this ILogger log, IPEndPoint address, int granted, long wanted, bool final);

    [LoggerMessage(904, LogLevel.Debug, "connection {connection} is ready")]
    public static partial void Detail(this ILogger log, int connection);

    [LoggerMessage(905, LogLevel.Critical, "the end")]
    public static partial void End(this ILogger log);

    [LoggerMessage(906, LogLevel.Warning, "{a}{b}{c}{d}{e}{f}")]
    public static partial void Long(this ILogger log, string a, string b, string c, string d, string e, string f);

    [LoggerMessage(907, LogLevel.Error, "request failed")]
    public static partial void Failed(this ILogger log, System.Exception exception);
}
