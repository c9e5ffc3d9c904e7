using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>What the program says of its own life in the log: events 10 to 99.</summary>
internal static partial class ProgramLog
{
    [LoggerMessage(10, LogLevel.Information, "io_uring is not used: {reason}")]
    public static partial void IoUringNotUsed(this ILogger log, string reason);

    [LoggerMessage(11, LogLevel.Information, "fastdist {version} ready: {shards} shards, {ring}")]
    public static partial void Ready(this ILogger log, string version, int shards, string ring);

    [LoggerMessage(30, LogLevel.Information, "listening on {address}: {protocols}{device}, {shards} shards")]
    public static partial void Listening(this ILogger log, System.Net.IPEndPoint address, string protocols, string device, int shards);

    [LoggerMessage(31, LogLevel.Information, "listening on {address}: {what}")]
    public static partial void ListeningForOperators(this ILogger log, string address, string what);

    [LoggerMessage(12, LogLevel.Information, "stopping: answering what is in flight")]
    public static partial void Stopping(this ILogger log);

    [LoggerMessage(13, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(EventId = 14, Message = "--max-tcp-connections is {connections}, not {wanted}: the process may open {limit} files and keeps {reserve} for other than clients; LimitNOFILE= of systemd or ulimit -n allow more")]
    public static partial void ConnectionsFitted(this ILogger log, LogLevel level, int connections, int wanted, int limit, int reserve);

    [LoggerMessage(16, LogLevel.Error, "{flag}: {reason}; DNS is served without it, and it is tried again every second")]
    public static partial void WayInClosed(this ILogger log, string flag, string reason);

    [LoggerMessage(17, LogLevel.Information, "{flag}: open now")]
    public static partial void WayInOpen(this ILogger log, string flag);

    [LoggerMessage(19, LogLevel.Warning, "{reason}: {consequence}")]
    public static partial void WouldNotBind(this ILogger log, string reason, string consequence);

    [LoggerMessage(20, LogLevel.Warning, "{warning}")]
    public static partial void SecretReadable(this ILogger log, string warning);

    [LoggerMessage(40, LogLevel.Error, "left out: {reason}")]
    public static partial void FrontendNotForLater(this ILogger log, string reason);

    [LoggerMessage(41, LogLevel.Warning, "files are not checked for --uid '{user}' --gid '{group}', which only root can become")]
    public static partial void LaterUserUnchecked(this ILogger log, string user, string group);

    [LoggerMessage(EventId = 42, Message = "{note}")]
    public static partial void ConfigurationNote(this ILogger log, LogLevel level, string note);

    [LoggerMessage(43, LogLevel.Error, "configuration not reloaded, nothing was changed: {reason}")]
    public static partial void ConfigurationNotReloaded(this ILogger log, string reason);

    [LoggerMessage(44, LogLevel.Information, "configuration reloaded")]
    public static partial void ConfigurationReloaded(this ILogger log);

    [LoggerMessage(45, LogLevel.Warning, "done on the console, and undone by the reload: {command}")]
    public static partial void ConsoleChangeUndone(this ILogger log, string command);
}
