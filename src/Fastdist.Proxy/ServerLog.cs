using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy;

/// <summary>What the proxy as a whole says in the log: events 100 to 199.</summary>
public static partial class ServerLog
{
    /// <summary>A line of the counters, which nobody gets without asking.</summary>
    public static EventId Statistics { get; } = new(100, nameof(Statistics));

    /// <summary>Logs a line of the counters, as it is and without parameters.</summary>
    public static void StatisticsLine(this ILogger log, string line) =>
        log.Log(LogLevel.Information, Statistics, line, null, static (line, _) => line);

    [LoggerMessage(101, LogLevel.Error, "reload failed for one, which stays as it was: {reason}")]
    internal static partial void ReloadFailed(this ILogger log, string reason);

    [LoggerMessage(102, LogLevel.Information, "reloaded")]
    internal static partial void Reloaded(this ILogger log);

    [LoggerMessage(110, LogLevel.Error, "reloaded in part: {count} stayed as before, all else is new")]
    internal static partial void ReloadedInPart(this ILogger log, int count);

    [LoggerMessage(104, LogLevel.Information, "the ACL is now {networks}")]
    internal static partial void AclChanged(this ILogger log, string networks);

    [LoggerMessage(113, LogLevel.Information, "other settings are applied: {added} servers came, {removed} went")]
    internal static partial void SettingsApplied(this ILogger log, int added, int removed);

    [LoggerMessage(115, LogLevel.Warning, "{file}: {count} lines of rules were dropped, as they came faster than they could be written")]
    internal static partial void RuleLinesDropped(this ILogger log, string file, long count);

    [LoggerMessage(105, LogLevel.Information, "{frontend}: {keys}")]
    internal static partial void TicketKeysChanged(this ILogger log, string frontend, string keys);

    [LoggerMessage(112, LogLevel.Warning, "{pool} has no server: what is asked of it fails until one is added")]
    internal static partial void PoolEmpty(this ILogger log, string pool);

    [LoggerMessage(114, LogLevel.Warning, "Inserting {kind} for {what} for {seconds} seconds: {reason}")]
    internal static partial void BlockInserted(this ILogger log, string kind, string what, uint seconds, string reason);

    [LoggerMessage(116, LogLevel.Error, "a group of blocking rules ran into a fault, and is looked at again in a second: {reason}")]
    internal static partial void BlocksFailed(this ILogger log, string reason);

    [LoggerMessage(111, LogLevel.Information, "{pool}: servers are chosen by {policy}")]
    internal static partial void PolicySet(this ILogger log, string pool, string policy);

    [LoggerMessage(117, LogLevel.Information, "{pool} has {cache}")]
    internal static partial void CacheSet(this ILogger log, string pool, string cache);
}
