using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>What the program says of its own life in the log: events 10 to 99.</summary>
internal static partial class ProgramLog
{
    [LoggerMessage(10, LogLevel.Information, "io_uring is not used: {reason}")]
    public static partial void IoUringNotUsed(this ILogger log, string reason);

    [LoggerMessage(11, LogLevel.Information, "fastdist {version} ready: {shards} shards, {ring}")]
    public static partial void Ready(this ILogger log, string version, int shards, string ring);

    [LoggerMessage(12, LogLevel.Information, "stopping: answering what is in flight")]
    public static partial void Stopping(this ILogger log);

    [LoggerMessage(13, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(20, LogLevel.Warning, "{warning}")]
    public static partial void SecretReadable(this ILogger log, string warning);
}
