using System;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Web;

/// <summary>What is said about the web server in the log: events 500 to 599.</summary>
internal static partial class WebLog
{
    [LoggerMessage(500, LogLevel.Warning, "web server: {client} refused by the ACL")]
    public static partial void WebRefusedByAcl(this ILogger log, IPAddress client);

    [LoggerMessage(501, LogLevel.Warning, "web server: {client} showed a wrong password or key")]
    public static partial void WebWrongSecret(this ILogger log, IPAddress client);

    [LoggerMessage(502, LogLevel.Warning, "web server: {client} showed too many wrong passwords or keys, one a second is looked at")]
    public static partial void WebTooManyAttempts(this ILogger log, IPAddress client);

    [LoggerMessage(503, LogLevel.Error, "web server: a request for {path} failed")]
    public static partial void WebRequestFailed(this ILogger log, string path, Exception exception);
}
