using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Consoles;

/// <summary>What is said about the console in the log: events 400 to 499.</summary>
internal static partial class ConsoleLog
{
    [LoggerMessage(400, LogLevel.Error, "console: cannot accept: {reason}")]
    public static partial void ConsoleCannotAccept(this ILogger log, string reason);

    [LoggerMessage(401, LogLevel.Warning, "console: {client} refused by the ACL")]
    public static partial void ConsoleRefusedByAcl(this ILogger log, string client);

    [LoggerMessage(402, LogLevel.Warning, "console: {client} refused: there are {connections} connections already")]
    public static partial void ConsoleRefusedTooMany(this ILogger log, string client, int connections);

    [LoggerMessage(EventId = 403, Message = "console: {client} connected")]
    public static partial void ConsoleConnected(this ILogger log, LogLevel level, string client);

    [LoggerMessage(EventId = 404, Message = "console: {client} disconnected")]
    public static partial void ConsoleDisconnected(this ILogger log, LogLevel level, string client);

    [LoggerMessage(405, LogLevel.Warning, "console: {client} closed: {reason}")]
    public static partial void ConsoleClosed(this ILogger log, string client, string reason);

    [LoggerMessage(406, LogLevel.Error, "console: {client} cannot be served: {reason}")]
    public static partial void ConsoleFailed(this ILogger log, string client, string reason);
}
