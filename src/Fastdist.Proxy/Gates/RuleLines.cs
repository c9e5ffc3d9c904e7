using System.Net;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Gates;

/// <summary>What rules say in the log: events 600 to 699.</summary>
internal static partial class RuleLines
{
    [LoggerMessage(600, LogLevel.Information, "Packet from {client} for {name} {type} with id {message}")]
    public static partial void PacketSeen(this ILogger log, IPEndPoint client, string name, string type, int message);

    [LoggerMessage(601, LogLevel.Information, "Answer to {client} for {name} {type} ({rcode}) with id {message}")]
    public static partial void AnswerSeen(this ILogger log, IPEndPoint client, string name, string type, string rcode, int message);

    [LoggerMessage(602, LogLevel.Warning, "a rule's script failed: {problem}")]
    public static partial void ScriptFailed(this ILogger log, string problem);
}
